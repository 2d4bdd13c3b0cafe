package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// sampleShift is one shift of the sample rosters.
type sampleShift struct {
	date, unit string
	cells      []string // date, start, end, unit, officer, leader, backup; people by name
}

// readSampleRosters reads the sample rosters and puts the names of the people into them,
// as a liaison would write them.
func (d *demo) readSampleRosters(ctx context.Context) error {
	file, err := d.content.File("library/demo/roster.csv")
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil || len(rows) < 2 {
		return fmt.Errorf("rosters of the demo: %w", err)
	}
	d.sampleHeaders = rows[0]
	return d.store.View(ctx, func(tx reminders.Tx) error {
		d.sampleShifts = nil
		for _, cells := range rows[1:] {
			for i := 4; i < len(cells); i++ {
				record, found, err := d.people.Person(tx, reminders.PersonID(cells[i]))
				if err != nil || !found {
					return fmt.Errorf("rosters of the demo: %s is unknown: %w", cells[i], err)
				}
				cells[i] = record.Name
			}
			d.sampleShifts = append(d.sampleShifts, sampleShift{date: cells[0], unit: cells[3], cells: cells})
		}
		return nil
	})
}

// sampleRoster is the sample roster of a person's unit for a block, as a spreadsheet; no
// file if it is filed already, or there is none.
func (d *demo) sampleRoster(ctx context.Context, r people.Record, block string) (name string, file []byte, err error) {
	for _, b := range d.coming() {
		if b.ID != block {
			continue
		}
		err = d.store.View(ctx, func(tx reminders.Tx) error {
			name, file, err = d.unfiled(tx, r, b)
			return err
		})
	}
	return name, file, err
}

// unfiled makes the sample roster of a person's unit for a block that it has not filed.
func (d *demo) unfiled(tx reminders.Tx, r people.Record, block calendar.Block) (name string, file []byte, err error) {
	_, filed, err := d.duty.Roster(tx, r.Unit, block.ID)
	if err != nil || filed {
		return "", nil, err
	}
	unit, _, err := d.store.People().Unit(tx, r.Unit)
	if err != nil {
		return "", nil, err
	}
	var rows [][]string
	for _, row := range d.sampleShifts {
		day, err := calendar.ParseDate(row.date)
		if err == nil && row.unit == unit.Name && !day.Before(block.First) && !block.Last.Before(day) {
			rows = append(rows, row.cells)
		}
	}
	if len(rows) == 0 {
		return "", nil, nil
	}
	args := reminders.Args{"Unit": reminders.Text(unit.Name), "Block": duty.BlockName(block)}
	language := string(d.languageOf(r.Language))
	name = d.say(language, reminders.Line("demo.roster.file", args))
	var out bytes.Buffer
	err = sheet.WriteXLSX(&out, d.say(language, reminders.Line("demo.roster.sheet", nil)), d.sampleHeaders, rows)
	return name, out.Bytes(), err
}

// coming lists the blocks of the next weeks.
func (d *demo) coming() []calendar.Block {
	cal := d.years.Calendar()
	today := calendar.DateOf(d.clock.Now(), cal.Location())
	return cal.Blocks(today, today.AddDays(45))
}

// Sample gives a sample file that the owner of a phone can send.
func (d *demo) Sample(chat int64, name string) ([]byte, bool) {
	a := d.cast.byChat[chat]
	if a == nil {
		return nil, false
	}
	for _, s := range d.samples(a.record) {
		if s.name == name {
			return s.file, true
		}
	}
	return nil, false
}

// sample is a file that somebody could send now.
type sample struct {
	name string
	file []byte
}

// samples lists the rosters that a liaison has been asked for and not filed.
func (d *demo) samples(r people.Record) []sample {
	if !r.Roles.Has(reminders.Liaison) {
		return nil
	}
	var found []sample
	now := d.clock.Now()
	_ = d.store.View(context.Background(), func(tx reminders.Tx) error {
		found = nil
		for _, block := range d.coming() {
			if terms := duty.RosterDue(d.years.Calendar(), block); now.Before(terms.Opens) || !now.Before(terms.Closes) {
				continue
			}
			name, file, err := d.unfiled(tx, r, block)
			if err != nil {
				return err
			}
			if file != nil {
				found = append(found, sample{name, file})
			}
		}
		return nil
	})
	return found
}

// enterLeaves enters the sample leaves.
func (d *demo) enterLeaves(ctx context.Context) error {
	file, err := d.content.File("library/demo/leave.csv")
	if err != nil {
		return err
	}
	list, wrong, err := people.ReadLeaves("leave.csv", file)
	if err != nil || len(wrong) > 0 {
		return fmt.Errorf("leaves of the demo: %d wrong rows: %w", len(wrong), err)
	}
	_, err = d.leaves.Apply(ctx, d.store, list, "system", nil)
	return err
}

// onShift reports whether a person has a shift as officer these weeks.
func (d *demo) onShift(tx reminders.Tx, id reminders.PersonID) (bool, error) {
	now := d.clock.Now()
	shifts, err := d.duty.ShiftsOf(tx, id, reminders.Window{From: now.Add(-24 * time.Hour), To: now.AddDate(0, 0, 30)})
	for _, s := range shifts {
		if s.Officer == id {
			return true, err
		}
	}
	return false, err
}
