package casebook

import (
	"strings"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// What a summary has at most: two sentences, and so many characters; a text in letters
// needs more of them.
const (
	summarySentences = 2
	summaryLength    = 140
	summaryLetters   = 300
)

// Lines are lines with those of the cases that readers see today: title, issuer and day
// of issue, and no more.
func (d *Desk) Lines(tx reminders.Tx, cases []string) ([]reminders.Message, error) {
	return d.lines(tx, cases, func(c Case) reminders.Message { return reminders.Line("reminder.case", d.cited(c)) })
}

// Sources are Lines with the way to the source below each.
func (d *Desk) Sources(tx reminders.Tx, cases []string) ([]reminders.Message, error) {
	return d.lines(tx, cases, func(c Case) reminders.Message {
		args := d.cited(c)
		args["URL"] = reminders.Text(c.SourceURL)
		return reminders.Line("case.with_source", args)
	})
}

// lines says something of those of the cases that readers see today.
func (d *Desk) lines(tx reminders.Tx, cases []string, say func(c Case) reminders.Message) ([]reminders.Message, error) {
	var lines []reminders.Message
	for _, id := range cases {
		c, found, err := d.byID(tx, id)
		if err != nil {
			return nil, err
		}
		if found && c.ShownOn(d.today(tx)) {
			lines = append(lines, say(c))
		}
	}
	return lines, nil
}

// Card is a case as a message of its own: title, one or two sentences, who made it public
// and when, and the way to the source. Of a case whose body names persons there are no
// sentences. Of one that was withdrawn it says so, and nothing else.
func (d *Desk) Card(tx reminders.Tx, id string) (reminders.Message, error) {
	c, found, err := d.byID(tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	more := reminders.Button{Label: "button.more_cases", Verb: "open", Object: "cases"}
	if !found || c.Tombstone != nil {
		m := reminders.Line("case.push_withdrawn", nil)
		m.Buttons = [][]reminders.Button{{more}}
		return m, nil
	}
	args := d.cited(c)
	args["Summary"], args["Corrected"] = reminders.List(), reminders.List()
	if c.Summary() != "" {
		args["Summary"] = c.each(Content.Summary)
	}
	if !c.CorrectedAt.IsZero() {
		args["Corrected"] = reminders.Say("case.push_corrected", reminders.Args{"At": reminders.Instant(c.CorrectedAt)})
	}
	m := reminders.Line("case.push", args)
	m.Buttons = [][]reminders.Button{{{Label: "button.source", URL: c.SourceURL}, more}}
	return m, nil
}

// cited names a case: what every mention of it says.
func (d *Desk) cited(c Case) reminders.Args {
	return reminders.Args{
		"Title": c.each(title), "Issuer": c.each(issuer), "Date": reminders.Day(c.Issued.At(0, 0, d.Zone())),
	}
}

// Summary is the first one or two sentences of the body; empty where that names persons.
func (c Content) Summary() string {
	if c.Names {
		return ""
	}
	text := strings.Join(strings.Fields(c.Body), " ")
	longest, end, sentences := summaryLength, 0, 0
	if len(text) < 2*utf8.RuneCountInString(text) { // a character of Chinese takes three bytes
		longest = summaryLetters
	}
	for at, r := range text {
		after := at + utf8.RuneLen(r)
		ends := strings.ContainsRune("。！？；", r) || strings.ContainsRune(".!?", r) && strings.HasPrefix(text[after:], " ")
		if !ends {
			continue
		}
		if utf8.RuneCountInString(text[:after]) > longest {
			break
		}
		end = after
		if sentences++; sentences == summarySentences {
			break
		}
	}
	switch {
	case end > 0:
		return text[:end]
	case utf8.RuneCountInString(text) <= longest:
		return text
	}
	return string([]rune(text)[:longest-1]) + "…"
}
