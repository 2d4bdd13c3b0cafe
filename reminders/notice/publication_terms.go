package notice

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The hours of what a publication expects, as those of the programme.
const (
	dueHour   = 18 // of the last day to acknowledge
	chaseHour = 10 // of the day before that
	closeHour = 10 // of the workday after it
)

// Readers is the audience that receives the publication. What is acknowledged by units
// goes to their liaisons, who answer, and to their leaders.
func (p Publication) Readers() reminders.Audience {
	a := p.Audience
	if p.Expects != ExpectPerUnit || a.Nobody() {
		return a
	}
	a.Everyone, a.People = false, nil
	a.Roles = []reminders.Role{reminders.Liaison, reminders.Leader}
	return a
}

// termsID names what the publication expects in a round: the notice, with the number of
// the round from the second on.
func (p Publication) termsID(round int) obligation.TermsID {
	if round == 0 {
		return obligation.TermsID(p.NoticeID())
	}
	return obligation.TermsID(fmt.Sprintf("%s~%d", p.NoticeID(), round+1))
}

// Expected gives what the publication expects when it, or a correction that asks anew,
// goes at an instant; nil if that is nothing. It is due at 18:00 of as many workdays
// after the day of sending as the publication gives, and closes at 10:00 of the next
// workday. Those outstanding are reminded once, at 10:00 of the workday before, or of the
// last day if the other is the day of sending.
func (p Publication) Expected(cal *calendar.Calendar, at time.Time) *obligation.Terms {
	if !p.Expects.Obliges() {
		return nil
	}
	loc := cal.Location()
	sent := calendar.DateOf(at, loc)
	last := cal.AddWorkdays(sent, max(1, p.Workdays))
	chase := cal.LastWorkdayBefore(last)
	if !chase.After(sent) {
		chase = last
	}
	return &obligation.Terms{
		ID: p.termsID(p.Round), Kind: string(p.Kind), Opens: at,
		Due: last.At(dueHour, 0, loc), Closes: cal.FirstWorkdayAfter(last).At(closeHour, 0, loc),
		Ladder:  []obligation.Step{{Name: string(Chase), At: chase.At(chaseHour, 0, loc), Action: obligation.Chase}},
		Subject: p.Subject(),
	}
}

// Subject is what the publication is called in a list: its kind and its title.
func (p Publication) Subject() reminders.Message {
	titles := map[reminders.Language]string{}
	for language, body := range p.Bodies {
		if body.Title != "" {
			titles[language] = body.Title
		}
	}
	return reminders.Line("publication.subject", reminders.Args{
		"Kind": reminders.Say("publication.kind."+string(p.Kind), nil), "Title": reminders.Each(titles, p.Lead),
	})
}

// Quoted is the name under which a work prompt or a case guidance is quoted, in words;
// nothing for what has no number.
func (p Publication) Quoted() reminders.Value {
	year, number, found := strings.Cut(p.Number, "/")
	if !found {
		return reminders.List()
	}
	return reminders.Say("publication.number."+string(p.Kind), reminders.Args{
		"Year": reminders.Text(year), "Number": reminders.Text(number),
	})
}

// numbered reports whether publications of a kind have numbers and count towards the
// prompts of a quarter.
func (k Kind) numbered() bool { return k == WorkPrompt || k == CaseGuidance }

// notice makes the notice by which the publication is sent from an instant on.
func (p Publication) notice(cal *calendar.Calendar, at time.Time) Notice {
	subject := p.Subject()
	n := Notice{
		ID: p.NoticeID(), Kind: p.Kind, State: Publishing, Audience: p.Readers(), Expects: p.Expects, At: at, Began: at,
		Publication: p.ID, Urgent: p.Urgent != "", Subject: &subject, Files: p.Files, Terms: p.Expected(cal, at),
		Cases: p.cases(),
	}
	if n.Terms != nil {
		n.Due, n.Until = n.Terms.Due, n.Terms.Due
	}
	return n
}

// nameOfQuarter names the quarter of an instant, such as "2026-Q3".
func nameOfQuarter(t time.Time, loc *time.Location) string {
	day := calendar.DateOf(t, loc)
	return strconv.Itoa(day.Year) + "-Q" + strconv.Itoa((int(day.Month)+2)/3)
}
