package main

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// planDays is how far ahead the plan is shown unless somebody says otherwise, and
// planYears how far at most.
const (
	planDays  = 60
	planYears = 12
)

// planTask shows what calendar and programme imply.
type planTask struct {
	From   calendar.Date `json:"from,omitzero"` // zero: today
	To     calendar.Date `json:"to,omitzero"`   // included; zero: planDays later
	Format string        `json:"format"`
}

// newPlan makes the command that shows the plan.
func newPlan(c *console) *cobra.Command {
	var t planTask
	var place placeFlags
	var from, to string
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show every notice and obligation that calendar, programme and rosters imply, and why then",
		Long: "Show every notice and obligation that calendar, programme and rosters imply, with instant, audience,\n" +
			"number of recipients and reason. Both days are included. Recipients are the enrolled people who\n" +
			"receive the item, and for a chase those who could be chased. Of a spot check only the hours are shown\n" +
			"in which it may come. Nothing is changed.",
		Example: "  qingfeng plan\n  qingfeng plan --from 2026-09-01 --to 2026-10-31 --format ics > plan.ics",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if err := oneOf("format", t.Format, "table", "json", "ics"); err != nil {
				return err
			}
			if t.From, t.To, err = dayRange(from, to); err != nil {
				return err
			}
			where, err := place.resolve()
			if err != nil {
				return err
			}
			return c.perform(cmd.Context(), where, "plan", &t, noStore)
		},
	}
	place.register(cmd.Flags())
	cmd.Flags().StringVar(&from, "from", "", "first day, such as 2026-09-01 (default: today)")
	cmd.Flags().StringVar(&to, "to", "", "last day (default: "+strconv.Itoa(planDays)+" days after the first)")
	cmd.Flags().StringVar(&t.Format, "format", "table", "table, json or ics")
	return cmd
}

// dayRange reads the days of --from and --to; either may be empty.
func dayRange(from, to string) (first, last calendar.Date, err error) {
	for _, day := range []struct {
		name, text string
		date       *calendar.Date
	}{{"from", from, &first}, {"to", to, &last}} {
		if day.text == "" {
			continue
		}
		if *day.date, err = calendar.ParseDate(day.text); err != nil {
			return first, last, badValue(day.name, day.text, "2026-10-01")
		}
	}
	if !first.IsZero() && !last.IsZero() && last.Before(first) {
		return first, last, usage("cli.range", reminders.Args{"From": reminders.Text(from), "To": reminders.Text(to)})
	}
	return first, last, nil
}

// planned is an item of the plan with the number of those who receive it.
type planned struct {
	notice.Item

	recipients int
}

// run implements task.
func (t *planTask) run(ctx context.Context, c *console, f *office) error {
	from, to := t.From, t.To
	switch {
	case from.IsZero() && to.IsZero():
		from = calendar.DateOf(f.clock.Now(), f.years.Calendar().Location())
		to = from.AddDays(planDays)
	case from.IsZero():
		from = min2(calendar.DateOf(f.clock.Now(), f.years.Calendar().Location()), to)
	case to.IsZero():
		to = from.AddDays(planDays)
	}
	if to.Sub(from) > planYears*366 {
		return usage("cli.range.long", reminders.Args{"Years": reminders.Number(planYears)})
	}
	items, err := f.countedPlan(ctx, from, to.AddDays(1))
	if err != nil {
		return err
	}
	err = f.store.View(ctx, func(tx reminders.Tx) (err error) {
		c, err = c.named(tx, f)
		return err
	})
	if err != nil {
		return err
	}
	switch t.Format {
	case "json":
		return t.json(c, items)
	case "ics":
		return t.ics(c, items, f.clock.Now())
	}
	return t.table(c, items)
}

// min2 is the earlier of two dates.
func min2(a, b calendar.Date) calendar.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// countedPlan gives the items of the plan with the numbers of their recipients.
func (f *office) countedPlan(ctx context.Context, from, until calendar.Date) ([]planned, error) {
	var items []planned
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		crowd, err := newCrowd(tx, f.people, f.reg)
		if err != nil {
			return err
		}
		perUnit := map[string]bool{}
		for _, item := range f.plan(from.AddDays(-planDays), until) {
			perUnit[item.Key] = item.Expects == notice.ExpectPerUnit
			if item.At.Before(from.At(0, 0, f.years.Calendar().Location())) {
				continue // only so that its steps know what it asks for
			}
			n := crowd.people(item.Audience, item.Kind)
			if perUnit[item.Key] || perUnit[item.Of] {
				n = crowd.throughUnits(item.Audience.Roles)
			}
			items = append(items, planned{item, n})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	onDuty, err := f.dutyPlan(ctx, from, until)
	items = append(items, onDuty...)
	if err != nil {
		return nil, err
	}
	themes, err := f.themePlan(ctx, from, until)
	items = append(items, themes...)
	slices.SortStableFunc(items, func(a, b planned) int { return a.At.Compare(b.At) })
	return items, err
}

// crowd is who is enrolled, read once for all items.
type crowd struct {
	enrolled []people.Record
	through  map[reminders.Role]map[reminders.PersonID]bool
}

// everyUnit is more units than any office has.
const everyUnit = 1 << 20

// newCrowd reads the register. What goes to units goes to those who have the role
// in the unit, or in the nearest unit above that has any.
func newCrowd(tx reminders.Tx, desk *people.Desk, reg register) (*crowd, error) {
	c := &crowd{through: map[reminders.Role]map[reminders.PersonID]bool{}}
	for record, err := range desk.All(tx) {
		if err != nil {
			return nil, err
		}
		if record.Enrolled() {
			c.enrolled = append(c.enrolled, record)
		}
	}
	units, err := reg.UnitsAfter(tx, "", everyUnit)
	if err != nil {
		return nil, err
	}
	for _, role := range []reminders.Role{reminders.Liaison, reminders.Leader} {
		c.through[role] = map[reminders.PersonID]bool{}
		for _, unit := range units {
			found, err := reg.InUnit(tx, unit.ID, role)
			if err != nil {
				return nil, err
			}
			for _, id := range found {
				c.through[role][id] = true
			}
		}
	}
	return c, nil
}

// people counts an audience, without those who have left the kind of notice.
func (c *crowd) people(audience reminders.Audience, kind notice.Kind) int {
	n := 0
	for _, p := range c.enrolled {
		if audience.Includes(p.Person) && p.Wants(string(kind)) {
			n++
		}
	}
	return n
}

// throughUnits counts whom the copies for units reach, each person once.
func (c *crowd) throughUnits(roles []reminders.Role) int {
	all := map[reminders.PersonID]bool{}
	for _, role := range roles {
		maps.Copy(all, c.through[role])
	}
	return len(all)
}

// audienceText is an audience as exports write it: the roles, joined by commas.
func audienceText(a reminders.Audience) string {
	roles := make([]string, len(a.Roles))
	for i, role := range a.Roles {
		roles[i] = string(role)
	}
	return strings.Join(roles, ",")
}

// json writes the items as the contract says.
func (t *planTask) json(c *console, items []planned) error {
	names := []string{"key", "at", "kind", "block", "audience", "recipients", "expects", "due", "reason", "provisional"}
	rows := make([]object, len(items))
	for i, item := range items {
		rows[i] = object{names, []any{
			item.Key, rfc3339(item.At, c.location), item.Kind, item.Block, audienceText(item.Audience), item.recipients,
			item.Expects, rfc3339(item.Due, c.location), c.sayIn(reminders.English, item.Why), item.Provisional,
		}}
	}
	return writeArray(c.out, rows)
}

// table writes the items for people, and says which years are provisional.
func (t *planTask) table(c *console, items []planned) error {
	headers := make([]string, 8)
	for i, column := range []string{"at", "kind", "block", "audience", "recipients", "expects", "due", "reason"} {
		headers[i] = c.word("cli.plan." + column)
	}
	const layout = "2006-01-02 15:04"
	var rows [][]string
	provisional := map[string]bool{}
	for _, item := range items {
		row := []string{
			item.At.In(c.location).Format(layout), string(item.Kind), item.Block, audienceText(item.Audience),
			strconv.Itoa(item.recipients), string(item.Expects), "", c.say(item.Why),
		}
		if !item.Due.IsZero() {
			row[6] = item.Due.In(c.location).Format(layout)
		}
		if item.Provisional {
			year, _, _ := strings.Cut(item.Key, "-")
			provisional[year] = true
			row[7] = c.word("cli.plan.provisional") + " " + row[7]
		}
		rows = append(rows, row)
	}
	if err := c.table(headers, rows); err != nil {
		return err
	}
	for _, year := range slices.Sorted(maps.Keys(provisional)) {
		c.note("cli.plan.year", reminders.Args{"Year": reminders.Text(year)})
	}
	return nil
}

// ics writes the items as a calendar, each with the key of the plan as its name,
// so that importing it again moves what moved.
func (t *planTask) ics(c *console, items []planned, now time.Time) error {
	feed := ics.NewCalendar()
	feed.SetMethod(ics.MethodPublish)
	feed.SetProductId("-//qingfeng//plan//EN")
	for _, item := range items {
		event := feed.AddEvent(item.Key + "@qingfeng")
		event.SetDtStampTime(now)
		event.SetStartAt(item.At)
		event.SetEndAt(item.At.Add(15 * time.Minute))
		summary := string(item.Kind)
		if item.Block != "" {
			summary += " " + item.Block
		}
		if item.Provisional {
			summary += " (provisional)"
			event.SetStatus(ics.ObjectStatusTentative)
		}
		event.SetSummary(summary)
		event.SetDescription(audienceText(item.Audience) + ", " + strconv.Itoa(item.recipients) + ": " + c.sayIn(reminders.English, item.Why))
	}
	return feed.SerializeTo(c.out)
}
