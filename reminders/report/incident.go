package report

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// KindIncident is the kind of the messages about incidents.
const KindIncident = "incident"

// repeated is how long the same report of the same person is taken for a second tap.
const repeated = 10 * time.Minute

// Incident takes the first report of an incident in, at any time, gives it a number, and
// puts it at once before the leader on duty of the unit and the staff on duty. It may be
// incomplete. Whoever is on the shift, and liaisons and leaders of the unit, may report;
// anybody else is Denied. The same report by the same person within ten minutes gives the
// one that is there.
func (d *Desk) Incident(tx reminders.Tx, draft Draft, by reminders.PersonID) (Report, error) {
	if err := d.may(tx, draft.Unit, by, reminders.Liaison, reminders.Leader); err != nil {
		return Report{}, err
	}
	draft.Kind, draft.Stage = Incident, First
	if err := d.Forms.Incident.check(draft, tx.Now()); err != nil {
		return Report{}, err
	}
	r := Report{Kind: Incident, Unit: draft.Unit, Day: d.today(tx), Stage: First, Part: 1}
	if at := draft.Values.earliest(); !at.IsZero() {
		r.Day = calendar.DateOf(at, d.zone())
	}
	version := draft.version(d.Forms.Incident, by, tx.Now())
	version.Reason = ""
	if known, found, err := d.repeats(tx, r, version); err != nil || found {
		return known, err
	}
	var err error
	if r.Number, err = d.number(tx, Incident); err != nil {
		return Report{}, err
	}
	r.ID = incidentID(r.Number, 1)
	r.Incident = r.ID
	return d.enterIncident(tx, r, version, draft)
}

// FollowOn adds a report to an incident: a follow-on (续报), or the final one (终报), which
// must be complete and after which there are only corrections. draft.Report names the
// first report. Errors are those of Incident, NotFound for an unknown incident, and Closed
// after the final report.
func (d *Desk) FollowOn(tx reminders.Tx, draft Draft, by reminders.PersonID) (Report, error) {
	parts, err := d.Incidents(tx, draft.Report)
	if err != nil {
		return Report{}, err
	}
	first, last := parts[0], parts[len(parts)-1]
	if err := d.may(tx, first.Unit, by, reminders.Liaison, reminders.Leader); err != nil {
		return Report{}, err
	}
	draft.Kind = Incident
	if draft.Stage != Final {
		draft.Stage = FollowOn
	}
	if err := d.Forms.Incident.check(draft, tx.Now()); err != nil {
		return Report{}, err
	}
	version := draft.version(d.Forms.Incident, by, tx.Now())
	version.Reason = ""
	switch {
	case last.Stage == draft.Stage && last.Latest().By == by && last.Latest().Hash() == version.Hash() && tx.Now().Sub(last.Latest().At) < repeated:
		return last, nil
	case last.Stage == Final:
		return last, reminders.Fail(reminders.Closed, "report.follow_on", "report.incident_ended", reminders.Args{"Number": last.title()})
	}
	r := Report{
		ID: incidentID(first.Number, last.Part+1), Kind: Incident, Number: first.Number, Unit: first.Unit, Day: first.Day,
		Incident: first.ID, Stage: draft.Stage, Part: last.Part + 1,
	}
	return d.enterIncident(tx, r, version, draft)
}

// Incidents lists the reports of an incident in their order, and NotFound if there is
// none of this name.
func (d *Desk) Incidents(tx reminders.Tx, incident ID) ([]Report, error) {
	parts, err := d.Store.IncidentParts(tx, incident)
	if err == nil && len(parts) == 0 {
		_, err = foundReport(Report{}, false, nil)
	}
	return parts, err
}

// enterIncident enters a part and puts it before those on duty.
func (d *Desk) enterIncident(tx reminders.Tx, r Report, v Version, draft Draft) (Report, error) {
	if b, found := d.blockOn(r.Day); found {
		r.Block = b.ID
	}
	r, err := d.enter(tx, r, v, draft.Answers, string(r.Stage))
	if err != nil {
		return Report{}, err
	}
	return r, d.tell(tx, r)
}

// repeats finds the incident that the same person has just reported in the same words.
func (d *Desk) repeats(tx reminders.Tx, r Report, v Version) (Report, bool, error) {
	known, err := d.Store.ReportsOf(tx, r.Unit, r.Day, r.Day)
	n := slices.IndexFunc(known, func(k Report) bool {
		first := k.Latest()
		return k.Stage == First && first.By == v.By && first.Hash() == v.Hash() && v.At.Sub(first.At) < repeated
	})
	if err != nil || n < 0 {
		return Report{}, false, err
	}
	return known[n], true, nil
}

// earliest is the first instant that the values name: when it happened.
func (v Values) earliest() time.Time {
	var first time.Time
	for _, value := range v {
		if !value.At.IsZero() && (first.IsZero() || value.At.Before(first)) {
			first = value.At
		}
	}
	return first
}

// tell puts the last version of a part before the leader on duty of the unit and the staff
// on duty, in the lane that waits for nothing, quiet hours included. Where no leader is on
// duty, the leaders of the unit are told. Whoever sent it is not.
func (d *Desk) tell(tx reminders.Tx, r Report) error {
	leaders, as, err := d.leaders(tx, r.Unit)
	if err != nil {
		return err
	}
	staff, err := d.Directory.InUnit(tx, r.Unit, reminders.StaffOnDuty)
	if err != nil {
		return err
	}
	told := []reminders.PersonID{r.Latest().By}
	for _, to := range []struct {
		people []reminders.PersonID
		as     reminders.Role
	}{{leaders, as}, {staff, reminders.StaffOnDuty}} {
		for _, person := range to.people {
			if slices.Contains(told, person) {
				continue
			}
			told = append(told, person)
			if err := d.Outbox.Enqueue(tx, d.alert(tx, r, person, to.as)); err != nil {
				return err
			}
		}
	}
	return nil
}

// leaders gives the leader on duty of a unit, or its leaders.
func (d *Desk) leaders(tx reminders.Tx, unit reminders.UnitID) ([]reminders.PersonID, reminders.Role, error) {
	for _, role := range []reminders.Role{reminders.DutyLeader, reminders.Leader} {
		people, err := d.Directory.InUnit(tx, unit, role)
		if err != nil || len(people) > 0 {
			return people, role, err
		}
	}
	return nil, reminders.Leader, nil
}

// alert is the message about one version of a part for one person.
func (d *Desk) alert(tx reminders.Tx, r Report, person reminders.PersonID, as reminders.Role) reminders.Delivery {
	last := r.Latest()
	args := reminders.Args{
		"Unit": reminders.UnitName(r.Unit), "Number": r.title(), "Lines": reminders.List(d.Forms.Incident.Lines(last)...),
		"By": reminders.PersonName(last.By), "At": reminders.Instant(last.At),
	}
	say := reminders.Line("report.incident.first", args)
	switch {
	case len(r.Versions) > 1:
		say = reminders.Line("report.incident.corrected", args)
	case r.Stage == FollowOn:
		args["Part"] = reminders.Text(strconv.Itoa(r.Part - 1))
		say = reminders.Line("report.incident.follow_on", args)
	case r.Stage == Final:
		say = reminders.Line("report.incident.final", args)
	}
	say.Buttons = openButton(r)
	return reminders.Delivery{
		Key:  reminders.DeliveryKey(fmt.Sprintf("%s/v%d/%s", r.ID, len(r.Versions), person)),
		Kind: KindIncident, Act: reminders.ActSend, Person: person, Lane: reminders.LaneDuty, Block: r.Block, As: as,
		Reason: string(r.Stage), CreatedAt: tx.Now(), NotBefore: tx.Now(),
		Lines: []reminders.Message{say}, Files: last.Files,
	}
}
