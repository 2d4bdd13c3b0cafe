package ledger

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Draft is an entry without its place, written as far as that goes. Places are
// given one after the other, by one goroutine that everybody waits for; what does
// not depend on the place is written before, by whoever appends.
type Draft struct {
	body []byte // as it is hashed
	text []byte // as JSON: the members between seq and prev
}

// content is an Entry without what its place gives it, in the same order.
type content struct {
	At       time.Time         `json:"at"`
	Actor    string            `json:"actor"`
	Verb     Verb              `json:"verb"`
	Object   string            `json:"object,omitempty"`
	Subject  string            `json:"subject,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	TextHash string            `json:"text_hash,omitempty"`
	Attrs    map[string]string `json:"attrs,omitempty"`
}

// Prepare writes e as a draft. Seq, Prev and Sum of e do not matter.
func Prepare(e Entry) (Draft, error) {
	e = normal(e)
	text, err := json.Marshal(content{e.At, e.Actor, e.Verb, e.Object, e.Subject, e.Reason, e.TextHash, e.Attrs})
	if err != nil {
		return Draft{}, reminders.Wrap("ledger.prepare", err)
	}
	return Draft{body: body(e), text: text[1 : len(text)-1]}, nil
}

// Seal gives the draft its place. It appends to b the JSON of the entry that Seal
// would give, and returns its sum.
func (d Draft) Seal(b []byte, prev string, seq uint64) (text []byte, total string) {
	total = sum(prev, seq, d.body)
	b = append(b, `{"seq":`...)
	b = strconv.AppendUint(b, seq, 10)
	b = append(b, ',')
	b = append(b, d.text...)
	b = append(b, `,"prev":"`...)
	b = append(b, prev...)
	b = append(b, `","sum":"`...)
	b = append(b, total...)
	return append(b, `"}`...), total
}
