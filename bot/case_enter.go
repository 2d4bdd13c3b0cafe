package bot

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// askedCase is the dialog in which a case is entered, field by field. Its Object is the
// handle of the case that is changed; empty: a new one.
const askedCase = "case"

// The fields of a case, by their names in files. They are the steps of the dialog, in
// the order in which they are asked; those in English are asked only by a tap.
const (
	fieldTitle     = "title"
	fieldSource    = "source_url"
	fieldIssuer    = "issuer"
	fieldIssued    = "issued"
	fieldCategory  = "category"
	fieldLevel     = "level"
	fieldFestivals = "festivals"
	fieldBody      = "body"
	fieldNames     = "names"
	fieldExpires   = "expires"

	fieldTitleEN  = "title_en"
	fieldIssuerEN = "issuer_en"
	fieldBodyEN   = "body_en"
)

var caseFields = []string{
	fieldTitle, fieldSource, fieldIssuer, fieldIssued, fieldCategory, fieldLevel, fieldFestivals, fieldBody, fieldNames, fieldExpires,
	fieldTitleEN, fieldIssuerEN, fieldBodyEN,
}

// typedFields are those whose answer is typed.
var typedFields = []string{
	fieldTitle, fieldSource, fieldIssuer, fieldIssued, fieldBody, fieldExpires, fieldTitleEN, fieldIssuerEN, fieldBodyEN,
}

// The steps after all fields: looking it through, and saying what a correction changes.
const (
	caseCheck = "check"
	caseNote  = "note"
)

// What buttons do inside of the dialog.
const (
	workField = "f"    // case-f.N: ask for the n-th field
	workSet   = "s"    // case-s.N.VALUE
	workKeep  = "keep" // keep it as a draft
	workSend  = "send" // and submit it
)

// What the dialog remembers.
const (
	notedCase  = "case"    // the content so far, as JSON
	notedSeen  = "seen"    // every field was asked once
	notedFixes = "fixes"   // it corrects a case that readers see
	notedWas   = "was"     // the hash of the content that is being changed
	notedDeep  = "options" // which options of a field are shown
)

// newCaseDialog begins a new case.
func newCaseDialog() Dialog { return Dialog{Asked: askedCase, Step: fieldTitle} }

// entrySetting is the name under which the case that somebody is entering is kept: other
// commands end the dialog, and what was entered is still there.
func (t *Turn) entrySetting() string { return "case-entry/" + string(t.person.ID) }

// entry is the dialog of the case that is half entered.
func (t *Turn) entry() (d Dialog, half bool, err error) {
	_, err = t.Memory.Setting(t.tx, t.entrySetting(), &d)
	return d, d.Asked == askedCase, err
}

// keepEntry remembers a new case that is being entered.
func (t *Turn) keepEntry(d Dialog) error {
	if d.Object != "" || d.Noted[notedCase] == "" {
		return nil
	}
	d.Forms = nil
	return t.Memory.SaveSetting(t.tx, t.entrySetting(), d)
}

// forgetEntry forgets it: it is in the casebook, or nobody wants it.
func (t *Turn) forgetEntry() error {
	if _, half, err := t.entry(); err != nil || !half {
		return err
	}
	return t.Memory.SaveSetting(t.tx, t.entrySetting(), Dialog{})
}

// goOnWithCase asks where the entering of a case stopped.
func (t *Turn) goOnWithCase() (reminders.Message, error) {
	d, half, err := t.entry()
	if err == nil && !half {
		err = reminders.Fail(reminders.Closed, "bot.dialog", "dialog.over", nil)
	}
	if err != nil {
		return reminders.Message{}, err
	}
	return t.caseAsk(d)
}

// caseContent is what was entered so far.
func caseContent(d Dialog) (c casebook.Content, err error) {
	if text := d.Noted[notedCase]; text != "" {
		err = json.Unmarshal([]byte(text), &c)
	}
	return c, reminders.Wrap("bot.case", err)
}

// withContent is the dialog with this content.
func (d Dialog) withContent(c casebook.Content) (Dialog, error) {
	text, err := json.Marshal(c)
	return d.with(notedCase, string(text)), reminders.Wrap("bot.case", err)
}

// editCase changes a draft: what was entered is shown, and each field can be asked again.
func editCase(t *Turn, c casebook.Case, _ string) (reminders.Message, error) {
	if c.Waits() || c.State != casebook.Draft && c.State != casebook.Returned {
		return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.case", "case.decided", nil)
	}
	return t.beginEdit(c, "")
}

// correctCase corrects a case that readers see.
func correctCase(t *Turn, c casebook.Case, _ string) (reminders.Message, error) {
	if c.State != casebook.Published && c.State != casebook.Approved {
		return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.case", "case.decided", nil)
	}
	return t.beginEdit(c, "yes")
}

// beginEdit begins the dialog over what a case says now.
func (t *Turn) beginEdit(c casebook.Case, fixes string) (reminders.Message, error) {
	d := Dialog{Asked: askedCase, Step: caseCheck, Object: c.Handle()}
	d = d.with(notedSeen, "yes").with(notedFixes, fixes).with(notedWas, c.Hash())
	d, err := d.withContent(c.Content)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.caseAsk(d)
}

// caseText takes the answer to a field; what is wrong with it is said at once, and the
// field is asked again.
func (t *Turn) caseText(d Dialog, text string) error {
	if !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.case", "error.denied", nil)
	}
	if d.Step == caseNote {
		return t.caseCorrected(d, text)
	}
	if !slices.Contains(typedFields, d.Step) {
		return t.say(reminders.Line("dialog.tap", nil))
	}
	c, err := caseContent(d)
	if err != nil {
		return err
	}
	if fault := t.enterField(&c, d.Step, text); fault != nil {
		m := reminders.Line("casechat.again", reminders.Args{"Fault": reminders.Say(fault.Key, fault.Args)})
		m.Buttons = [][]reminders.Button{{{Label: "button.cancel", Verb: "cancel", Object: askedCase}}}
		return t.say(m)
	}
	if d, err = d.withContent(c); err != nil {
		return err
	}
	m, err := t.caseAsk(d.after(d.Step))
	if err != nil {
		return err
	}
	return t.say(m)
}

// after is the dialog at the step behind a field: the next field, or looking it through.
func (d Dialog) after(field string) Dialog {
	d = d.with(notedDeep, "")
	i := slices.Index(caseFields, field) + 1
	if d.Noted[notedSeen] != "" || caseFields[i-1] == fieldExpires {
		return d.at(caseCheck).with(notedSeen, "yes")
	}
	return d.at(caseFields[i])
}

// enterField puts a text into a field, and says what is wrong with it if anything is.
func (t *Turn) enterField(c *casebook.Content, field, text string) *reminders.Message {
	text = strings.TrimSpace(text)
	switch field {
	case fieldTitle:
		c.Title = text
	case fieldSource:
		c.SourceURL = text
	case fieldIssuer:
		c.Issuer = text
	case fieldBody:
		c.Body = text
	case fieldTitleEN:
		c.English.Title = text
	case fieldIssuerEN:
		c.English.Issuer = text
	case fieldBodyEN:
		c.English.Body = text
	case fieldIssued, fieldExpires:
		day, fault := t.caseDay(text, field == fieldIssued)
		if fault != nil {
			return fault
		}
		if field == fieldExpires {
			c.Expires = day
			break
		}
		c.Issued, c.Expires = day, day.AddDays(2*365) // the desk says exactly when, unless somebody else does
	}
	for _, fault := range t.Cases.Faults(*c, t.today()) {
		if fault.Field == field {
			return &fault.Say
		}
	}
	if field == fieldIssued {
		c.Expires = calendar.Date{}
	}
	return nil
}

// caseDay reads a day. Of a day without a year that lies in the past the last one is
// meant.
func (t *Turn) caseDay(text string, past bool) (calendar.Date, *reminders.Message) {
	today := t.today()
	if day, err := calendar.ParseDate(text); err == nil {
		return day, nil
	}
	day, to, err := ParseDays(text, today)
	if err != nil || day != to {
		m := reminders.Line("casechat.unreadable_day", nil)
		return day, &m
	}
	digits := strings.Count(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return 'd'
		}
		return ' '
	}, text), "dddd")
	if past && digits == 0 && day.After(today) {
		day.Year--
	}
	return day, nil
}

// caseWithin takes a step inside of the dialog.
func (t *Turn) caseWithin(word, rest string) (reminders.Message, error) {
	d, found, err := t.dialog()
	if err == nil && (!found || d.Asked != askedCase) {
		err = reminders.Fail(reminders.Closed, "bot.dialog", "dialog.over", nil)
	}
	if err != nil {
		return reminders.Message{}, err
	}
	number, value, _ := strings.Cut(rest, ".")
	field, err := strconv.Atoi(number)
	switch {
	case word == workKeep:
		return t.caseKept(d, false)
	case word == workSend && d.Noted[notedFixes] != "":
		return t.caseAsk(d.at(caseNote))
	case word == workSend:
		return t.caseKept(d, true)
	case err != nil || field < 0 || field >= len(caseFields):
		return t.caseAsk(d)
	case word == workField:
		return t.caseAsk(d.with(notedDeep, "").at(caseFields[field]))
	case d.Step != caseFields[field]:
		return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.dialog", "dialog.over", nil)
	}
	return t.caseChosen(d, caseFields[field], value)
}
