package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// CaseFeedSetting is the name under which is kept how reading the feeds of authorities
// stands.
const CaseFeedSetting = "case-feeds"

// CaseFeed is one feed of an authority (案例信息源), and how reading it stands. What is read
// becomes drafts of public cases, never a publication.
type CaseFeed struct {
	Address  string    `json:"address"`
	Title    string    `json:"title,omitempty"` // as the feed calls itself
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"modified,omitempty"`
	TriedAt  time.Time `json:"tried_at,omitzero"`
	ReadAt   time.Time `json:"read_at,omitzero"`   // when it was read without a failure
	FailedAt time.Time `json:"failed_at,omitzero"` // when the last attempt failed; zero: it did not
	// Fault says why: address, reach, status, gone, size, type or form.
	Fault string `json:"fault,omitempty"`
	// Skipped counts the items of the last reading to which the input guard objected, by
	// rule. Their texts are not kept.
	Skipped map[string]int `json:"skipped,omitempty"`
	// Linkless counts those without a usable address of their page.
	Linkless int `json:"linkless,omitempty"`
}

// feedPrefix begins the origin of a case that came from a feed.
const feedPrefix = "feed/"

// FeedOrigin is the origin of a case that came from this feed.
func FeedOrigin(f CaseFeed) string { return feedPrefix + f.name() }

// name is what the feed calls itself, or the host of its address. The whole address is
// not shown: it may be a key to the feed.
func (f CaseFeed) name() string {
	if f.Title != "" {
		return f.Title
	}
	_, host, _ := strings.Cut(f.Address, "://")
	host, _, _ = strings.Cut(host, "/")
	return host
}

// feedLines say how reading the feeds stands.
func (t *Turn) feedLines() ([]reminders.Message, error) {
	var feeds []CaseFeed
	if _, err := t.Memory.Setting(t.tx, CaseFeedSetting, &feeds); err != nil {
		return nil, err
	}
	var lines []reminders.Message
	for _, f := range feeds[:min(len(feeds), shownAtOnce)] {
		args := reminders.Args{"Name": reminders.Text(f.name())}
		switch {
		case !f.FailedAt.IsZero():
			args["At"], args["Why"] = reminders.Instant(f.FailedAt), reminders.Say("casechat.fault."+f.Fault, nil)
			lines = append(lines, reminders.Line("casechat.feed_failed", args))
		case f.ReadAt.IsZero():
			lines = append(lines, reminders.Line("casechat.feed_new", args))
		default:
			args["At"] = reminders.Instant(f.ReadAt)
			lines = append(append(lines, reminders.Line("casechat.feed_read", args)), f.skippedLines()...)
		}
	}
	return lines, nil
}

// skippedLines say how many items were not taken, by the rule that objected.
func (f CaseFeed) skippedLines() []reminders.Message {
	var rules []string
	for rule := range f.Skipped {
		rules = append(rules, rule)
	}
	slices.Sort(rules)
	var lines []reminders.Message
	for _, rule := range rules {
		lines = append(lines, reminders.Line("casechat.feed_skipped", reminders.Args{
			"Count": reminders.Number(f.Skipped[rule]), "Rule": reminders.Text(rule),
		}))
	}
	if f.Linkless > 0 {
		lines = append(lines, reminders.Line("casechat.feed_linkless", reminders.Args{"Count": reminders.Number(f.Linkless)}))
	}
	return lines
}
