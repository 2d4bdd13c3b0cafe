package main

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// spotProof is one drawn spot check with all from which its moment follows, and what
// came of recomputing it.
type spotProof struct {
	Unit       string    `json:"unit"`
	Block      string    `json:"block"`
	Reason     string    `json:"reason"`
	Moment     time.Time `json:"moment"`
	Roster     string    `json:"roster_hash"`
	Window     string    `json:"window"`
	Commitment string    `json:"commitment"`
	Secret     string    `json:"secret"`

	fault string // why it cannot be proved; empty: it can, as far as the moment goes
}

// The outcomes of a proof, as the ends of keys of the catalogue.
const (
	spotHolds     = "holds"
	spotSealed    = "sealed"    // the secret is not revealed yet
	spotUnseen    = "unseen"    // the export begins after the commitment
	spotMismatch  = "mismatch"  // another moment follows, or another secret was committed to
	spotUnordered = "unordered" // the roster was not filed, or was filed before the commitment
)

// outcome recomputes the moment.
func (p spotProof) outcome() string {
	switch {
	case p.fault != "":
		return p.fault
	case p.Secret == "":
		return spotSealed
	}
	window, err := duty.ParseSpotWindow(p.Window)
	if err != nil {
		return spotMismatch
	}
	moment, err := duty.Verify(p.Commitment, duty.SpotSecret(p.Secret), p.Roster, window)
	if err != nil || !moment.Equal(p.Moment) {
		return spotMismatch
	}
	return spotHolds
}

// tellDraws says of each check whether its moment follows, and fails if one does not.
func (c *console) tellDraws(proofs []spotProof) error {
	failed := false
	for _, p := range proofs {
		args := reminders.Args{"Unit": reminders.Text(p.Unit), "Block": reminders.Text(p.Block), "At": reminders.Instant(p.Moment)}
		outcome := p.outcome()
		failed = failed || outcome == spotMismatch || outcome == spotUnordered
		if err := c.line(reminders.Line("cli.verify.spot."+outcome, args)); err != nil {
			return err
		}
	}
	if failed {
		return &statedError{exitFailed}
	}
	return nil
}

// verifySpots proves an export of spot checks. Those that were asked for by hand, and
// those that were given up before they had a moment, have nothing to prove.
func (c *console) verifySpots(r io.Reader) error {
	var rows []json.RawMessage
	if err := json.NewDecoder(r).Decode(&rows); err != nil {
		return &inputError{failed("cli.verify.file", nil, err)}
	}
	var proofs []spotProof
	for _, row := range rows {
		var p spotProof
		var hasMoment struct {
			Moment string `json:"moment"`
		}
		if json.Unmarshal(row, &hasMoment) == nil && hasMoment.Moment == "" {
			continue
		}
		if err := json.Unmarshal(row, &p); err != nil {
			return &inputError{failed("cli.verify.file", nil, err)}
		}
		if !slices.Contains([]string{duty.SpotManual, duty.SpotNoWindow, duty.SpotUnproved}, p.Reason) {
			proofs = append(proofs, p)
		}
	}
	if err := c.line(reminders.Line("cli.verify.checks", reminders.Args{"Count": reminders.Number(len(proofs))})); err != nil {
		return err
	}
	return c.tellDraws(proofs)
}

// draws is what a ledger tells of the draws of spot checks, in its order.
type draws struct {
	commitments map[string]fixed             // by block
	secrets     map[string]string            // by block
	filed       map[string]map[string]uint64 // by block and unit, then hash: the first entry
	checks      []drawn
}

// fixed is a commitment with its place in the ledger.
type fixed struct {
	hash string
	seq  uint64
}

// drawn is a check that was asked.
type drawn struct {
	proof spotProof
	unit  reminders.UnitID
}

func newDraws() *draws {
	return &draws{commitments: map[string]fixed{}, secrets: map[string]string{}, filed: map[string]map[string]uint64{}}
}

// note takes what matters for the draws from an entry.
func (d *draws) note(e ledger.Entry) {
	block, ofBlock := strings.CutPrefix(e.Object, "spot/")
	switch {
	case e.Verb == ledger.Committed && ofBlock:
		if _, twice := d.commitments[block]; !twice { // the first one binds
			d.commitments[block] = fixed{e.Attrs["commitment"], e.Seq}
		}
	case e.Verb == ledger.Revealed && ofBlock:
		d.secrets[block] = e.Attrs["secret"]
	case e.Verb == ledger.Filed:
		key := strings.TrimSuffix(e.Object, "/roster") + "/" + e.Subject
		if d.filed[key] == nil {
			d.filed[key] = map[string]uint64{}
		}
		if d.filed[key][e.TextHash] == 0 {
			d.filed[key][e.TextHash] = e.Seq
		}
	case e.Verb == ledger.Drawn && !ofBlock:
		d.noteCheck(e)
	}
}

// noteCheck takes a check that was asked: its object is duty/UNIT/BLOCK/spot-check.
func (d *draws) noteCheck(e ledger.Entry) {
	block := strings.TrimPrefix(e.Object, "duty/"+e.Subject+"/")
	block, _, _ = strings.Cut(block, "/")
	moment, err := time.Parse(time.RFC3339, e.Attrs["moment"])
	p := spotProof{Unit: e.Subject, Block: block, Moment: moment, Roster: e.Attrs["roster"], Window: e.Attrs["window"]}
	if err != nil || e.At.Before(moment) {
		p.fault = spotMismatch
	}
	d.checks = append(d.checks, drawn{p, reminders.UnitID(e.Subject)})
}

// proofs completes the checks by what was committed to, filed and revealed. The order is
// part of the proof: the commitment stands in the ledger before the roster.
func (d *draws) proofs() []spotProof {
	var proofs []spotProof
	for _, check := range d.checks {
		p := check.proof
		commitment, committed := d.commitments[p.Block]
		nothing := reminders.HashText(duty.Canonical(check.unit, p.Block, nil))
		filed := d.filed[p.Block+"/"+p.Unit][p.Roster]
		p.Commitment, p.Secret = commitment.hash, d.secrets[p.Block]
		switch {
		case p.fault != "":
		case !committed:
			p.fault = spotUnseen
		case p.Roster != nothing && filed < commitment.seq:
			p.fault = spotUnordered
		}
		proofs = append(proofs, p)
	}
	return proofs
}

// uintText writes a number of the ledger.
func uintText(n uint64) string { return strconv.FormatUint(n, 10) }
