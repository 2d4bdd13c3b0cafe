package proxy

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Kind is what is done to a request (故障类型).
type Kind string

// The kinds of fault, a closed list. "Forwarded" says whether the sandbox has
// handled the request when the client meets the fault.
const (
	// Delay waits Rule.For and then forwards. A client that has gone by then is
	// not forwarded.
	Delay Kind = "delay"
	// DelayAnswer forwards at once and holds the answer back for Rule.For.
	DelayAnswer Kind = "delay_answer"
	// CutRequest ends the connection after Rule.Bytes bytes of the request's body,
	// or after its end if it is shorter. Not forwarded. The head always arrives,
	// since it names the method.
	CutRequest Kind = "cut_request"
	// CutResponse forwards and ends the connection after Rule.Bytes bytes of the
	// answer, counted on the connection (above TLS) from its status line, and in
	// any case before its end. Inside the process the bytes are those of the body,
	// and zero means no answer at all.
	CutResponse Kind = "cut_response"
	// ResetBefore reads the request and resets the connection. Not forwarded.
	ResetBefore Kind = "reset_before"
	// ResetAfter forwards and resets the connection instead of answering.
	ResetAfter Kind = "reset_after"
	// Swallow forwards and never answers: the client runs into its time-out.
	Swallow Kind = "swallow"
	// Page answers with Rule.Status and a page of HTML, as a gateway before the
	// service does. Forwarded only with Rule.Forward.
	Page Kind = "page"
	// Flood answers 429, with the parameter retry_after if Rule.RetryAfter is set
	// and without parameters otherwise. Not forwarded. A storm is such a rule with
	// Times or a Window.
	Flood Kind = "flood"
	// Trickle forwards and sends the body of the answer in pieces of Rule.Bytes
	// bytes (at least one), with Rule.For after each.
	Trickle Kind = "trickle"
	// GoAway ends an HTTP/2 connection after Rule.Requests requests: those go on,
	// and the client is told that none after them was looked at. Not forwarded. It
	// is met by HTTP/2 through a Gate with TLS, and by nothing else.
	GoAway Kind = "goaway"
	// Handshake fails the TLS handshake with an alert. Nothing was sent.
	Handshake Kind = "handshake"
	// Refuse makes no connection. It is met by Proxy.Do and by clients that dial
	// with Proxy.DialContext; for others there is Gate.Down. Nothing was sent.
	Refuse Kind = "refuse"
)

// Kinds gives all kinds, in the order in which they are documented.
func Kinds() []Kind {
	return []Kind{
		Delay, DelayAnswer, CutRequest, CutResponse, ResetBefore, ResetAfter, Swallow,
		Page, Flood, Trickle, GoAway, Handshake, Refuse,
	}
}

// Download is the name under which rules know the fetching of a file, which is no
// method of the Bot API.
const Download = "file"

// Rule says which requests meet a fault (故障规则). The first rule that matches is
// met, and no request meets two of one stage: connecting, handshake, request.
type Rule struct {
	Kind Kind
	// Methods are names of the Bot API in any case, or Download; empty means any.
	// GoAway, Handshake and Refuse happen before a method is known and have none.
	Methods []string
	Chance  float64          // in (0, 1]; zero means always
	Times   int              // how often at most; zero means without limit
	Window  reminders.Window // on Options.Now; zero means always

	For        time.Duration // of Delay, DelayAnswer and Trickle, required there
	Bytes      int           // of CutRequest, CutResponse and Trickle
	Status     int           // of Page: 500 to 599; zero means 502
	RetryAfter int           // of Flood, in seconds
	Requests   int           // of GoAway, at least one
	Forward    bool          // of Page
}

// stage is the moment at which a rule is looked at.
type stage int

const (
	atRequest stage = iota // its head has been read
	atDial
	atHandshake
	atStream // a new request on an HTTP/2 connection, before its head is read
)

func (r Rule) stage() stage {
	switch r.Kind {
	case Refuse:
		return atDial
	case Handshake:
		return atHandshake
	case GoAway:
		return atStream
	}
	return atRequest
}

// wrong says what is wrong with a rule; empty means nothing.
func (r Rule) wrong() string {
	switch {
	case !slices.Contains(Kinds(), r.Kind):
		return "has no kind that exists"
	case r.stage() != atRequest && len(r.Methods) > 0:
		return "comes before a method is known"
	case !(r.Chance >= 0 && r.Chance <= 1):
		return "has a chance outside 0 to 1"
	case r.Times < 0 || r.For < 0 || r.Bytes < 0 || r.RetryAfter < 0 || r.Requests < 0:
		return "has a negative number"
	case r.Window != (reminders.Window{}) && r.Window.Length() == 0:
		return "has a window that ends before it begins"
	case r.For == 0 && (r.Kind == Delay || r.Kind == DelayAnswer || r.Kind == Trickle):
		return "does not say how long"
	case r.Kind == GoAway && r.Requests == 0:
		return "does not say after how many requests"
	case r.Kind != GoAway && r.Requests > 0:
		return "does not count requests: only goaway does"
	case r.Status != 0 && r.Status/100 != 5:
		return "has a status outside 500 to 599"
	}
	return ""
}

// concerns reports whether the rule is about requests of this kind at all.
func (r Rule) concerns(m moment) bool {
	return r.stage() == m.stage && r.Requests <= m.before &&
		(len(r.Methods) == 0 || slices.ContainsFunc(r.Methods, func(name string) bool {
			return strings.EqualFold(name, m.method)
		}))
}

// moment is one occasion for a fault.
type moment struct {
	stage  stage
	method string // atRequest
	before int    // atStream: requests on this connection before this one
}

// methodOf gives the method that an address names.
func methodOf(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, "/file/") {
		return Download
	}
	return r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
}
