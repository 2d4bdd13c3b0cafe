package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// noticeRequest is what another system says. Texts are plain.
type noticeRequest struct {
	Kind        string                `json:"kind"`
	Language    string                `json:"language"` // of the readers who have no text of their own
	Texts       map[string]noticeText `json:"texts"`
	Audience    noticeAudience        `json:"audience"`
	Acknowledge string                `json:"acknowledge"` // none, person or unit
	Workdays    int                   `json:"workdays"`
	At          time.Time             `json:"at"`
	Release     bool                  `json:"release"`
}

// noticeText is what a notice says in one language: a text, or the parts of a prompt.
type noticeText struct {
	Title   string `json:"title"`
	Text    string `json:"text"`
	Pattern string `json:"pattern"`
	Rule    string `json:"rule"`
	Wrong   string `json:"wrong"`
	Right   string `json:"right"`
	Check   string `json:"check"`
}

// noticeAudience says for whom it is. Units are named, and stand for those below them
// as well.
type noticeAudience struct {
	Everyone bool     `json:"everyone"`
	Units    []string `json:"units"`
	Roles    []string `json:"roles"`
	People   []string `json:"people"`
	Except   []string `json:"except"`
	Groups   bool     `json:"groups"`
}

// maxWorkdays is how long an acknowledgement may take: a month.
const maxWorkdays = 22

// expects are the words for what is asked back.
var expects = map[string]notice.Expects{
	"": notice.ExpectNothing, "none": notice.ExpectNothing, "person": notice.ExpectPerPerson, "unit": notice.ExpectPerUnit,
}

// parseNotice reads a request strictly: a field that is not known is mistyped, and
// better refused than overlooked.
func parseNotice(body []byte) (r noticeRequest, faults []fault) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&r)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is something after the object")
		}
	}
	if err != nil {
		return r, []fault{{Message: "the body is not such an object: " + strings.TrimPrefix(err.Error(), "json: ")}}
	}
	bad := func(field, format string, args ...any) {
		faults = append(faults, fault{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	kind := notice.Kind(r.Kind)
	if kind != notice.Announcement && kind != notice.WorkPrompt {
		bad("kind", "has to be announcement or work-prompt")
	}
	if _, known := expects[r.Acknowledge]; !known {
		bad("acknowledge", "has to be none, person or unit")
	}
	if asked := expects[r.Acknowledge].Obliges(); asked && (r.Workdays < 1 || r.Workdays > maxWorkdays) {
		bad("workdays", "has to be from 1 to %d where an acknowledgement is asked", maxWorkdays)
	} else if !asked && r.Workdays != 0 {
		bad("workdays", "is only for notices that ask for an acknowledgement")
	}
	if len(r.Texts) == 0 {
		bad("texts", "at least one language is required")
	}
	for language, text := range r.Texts {
		if strings.TrimSpace(text.Title) == "" {
			bad("texts."+language+".title", "is required")
		}
		if prompt := text.prompt(); (kind == notice.WorkPrompt) != (prompt != nil) {
			bad("texts."+language, "a work prompt has pattern, rule and check; an announcement has text")
		}
	}
	slices.SortFunc(faults, func(a, b fault) int { return strings.Compare(a.Field, b.Field) })
	return r, faults
}

// prompt gives the parts of a work prompt; nil if none was said.
func (t noticeText) prompt() *notice.Prompt {
	p := notice.Prompt{Pattern: t.Pattern, Rule: t.Rule, Wrong: t.Wrong, Right: t.Right, Check: t.Check}
	if p.Pattern == "" && p.Rule == "" && p.Wrong == "" && p.Right == "" && p.Check == "" {
		return nil
	}
	return &p
}

// draftOf makes a draft of what was said, with what the guard, the lint and the register
// find in it.
func (a *api) draftOf(tx reminders.Tx, r noticeRequest) (draft notice.Publication, faults []fault, err error) {
	draft = notice.Publication{
		Kind: notice.Kind(r.Kind), Lead: reminders.Language(r.Language), Bodies: map[reminders.Language]notice.Body{},
		Expects: expects[r.Acknowledge], Workdays: r.Workdays, Wanted: r.At,
	}
	spoken := languages(a.content)
	for language, text := range r.Texts {
		tag := reminders.Language(language)
		if !slices.Contains(spoken, tag) {
			faults = append(faults, fault{Field: "texts." + language, Message: "is none of the languages of this service"})
		}
		draft.Bodies[tag] = notice.Body{Title: text.Title, Text: bot.Escape(text.Text), Prompt: text.prompt()}
	}
	if draft.Lead == "" {
		draft.Lead = a.lang
	}
	if _, said := draft.Bodies[draft.Lead]; !said {
		faults = append(faults, fault{Field: "language", Message: "texts have none in " + string(draft.Lead) + ": name in language one that they have"})
	}
	audience, wrong, err := a.audienceOf(tx, r.Audience)
	if err != nil {
		return draft, nil, err
	}
	draft.Audience = audience
	faults = append(faults, wrong...)
	if len(faults) > 0 {
		return draft, faults, nil
	}
	hits, err := a.press.Problems(tx, draft)
	for _, hit := range hits {
		faults = append(faults, fault{Rule: hit.Rule, Message: a.say(hit.Say)})
	}
	return draft, faults, err
}

// audienceOf finds the units and people that were named.
func (a *api) audienceOf(tx reminders.Tx, said noticeAudience) (audience reminders.Audience, faults []fault, err error) {
	audience = reminders.Audience{Everyone: said.Everyone, Groups: said.Groups}
	bad := func(field, word, why string) {
		faults = append(faults, fault{Field: field, Message: fmt.Sprintf("%q %s", word, why)})
	}
	for _, word := range said.Roles {
		if roles, err := reminders.ParseRoles(word); err != nil || len(roles) > 1 {
			bad("audience.roles", word, "is no role")
		} else if len(roles) == 0 {
			audience.Roles = append(audience.Roles, reminders.Official)
		} else {
			audience.Roles = append(audience.Roles, roles...)
		}
	}
	units, err := a.store.People().Units(tx)
	if err != nil {
		return audience, nil, err
	}
	for _, name := range said.Units {
		at := slices.IndexFunc(units, func(u reminders.Unit) bool { return u.Name == name })
		if at < 0 {
			bad("audience.units", name, "is not a unit of the register")
			continue
		}
		audience.Units = append(audience.Units, people.Descendants(units, units[at].ID)...)
	}
	for field, named := range map[string][]string{"people": said.People, "except": said.Except} {
		for _, id := range named {
			record, found, err := a.people.Person(tx, reminders.PersonID(id))
			if err != nil {
				return audience, nil, err
			}
			if !found || !record.Active() {
				bad("audience."+field, id, "is not the staff number of somebody enrolled")
				continue
			}
			if field == "people" {
				audience.People = append(audience.People, record.ID)
			} else {
				audience.Except = append(audience.Except, record.ID)
			}
		}
	}
	return audience, faults, nil
}
