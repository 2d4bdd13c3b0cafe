package main

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// newVerify makes the command that proves an export without the office it came from.
func newVerify(c *console) *cobra.Command {
	var timezone string
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Prove an export of the ledger, or of spot checks, without the store",
		Long: "Prove an export without the store it came from. Of a ledger (JSON): that no entry was changed, dropped\n" +
			"or inserted, and that the moment of every drawn spot check follows from a secret that was fixed before\n" +
			"the roster was filed. Of spot checks (JSON): that their moments follow from secret and roster; compare\n" +
			"the commitment with the one that was shown before. Exit code 1 if anything does not hold.",
		Example: "  qingfeng export ledger ledger.json && qingfeng verify ledger.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			loc, err := time.LoadLocation(timezone)
			if err != nil || timezone == "" || timezone == "Local" {
				return badValue("timezone", timezone, "Asia/Shanghai")
			}
			c.location = loc
			return c.verify(args[0])
		},
	}
	cmd.Flags().StringVar(&timezone, "timezone", "Asia/Shanghai", "time zone in which instants are shown")
	return cmd
}

// verify looks what kind of export a file is, and proves it.
func (c *console) verify(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fileError(path, err)
	}
	defer func() { _ = file.Close() }()
	spots := isSpotExport(file)
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fileError(path, err)
	}
	if spots {
		return c.verifySpots(bufio.NewReader(file))
	}
	return c.verifyLedger(bufio.NewReader(file))
}

// isSpotExport reports whether the first object of a file is a spot check.
func isSpotExport(r io.Reader) bool {
	dec := json.NewDecoder(r)
	if open, err := dec.Token(); err != nil || open != json.Delim('[') || !dec.More() {
		return false
	}
	var first map[string]any
	err := dec.Decode(&first)
	_, has := first["roster_hash"]
	return err == nil && has
}

// verifyLedger proves the chain, then the draws of which it tells.
func (c *console) verifyLedger(r io.Reader) error {
	draws := newDraws()
	proof, err := ledger.Verify(seen(ledger.Import(r), draws.note))
	if err != nil {
		return &inputError{err}
	}
	if b := proof.Break; b != nil {
		keys := map[ledger.Fault]string{
			ledger.FaultGap: "check.chain.gap", ledger.FaultLink: "check.chain.link", ledger.FaultSum: "check.chain.sum",
		}
		c.note(keys[b.Fault], reminders.Args{"Seq": reminders.Text(uintText(b.Seq))})
		return &statedError{exitFailed}
	}
	if err := c.line(reminders.Line("cli.verify.chain", reminders.Args{
		"Count": reminders.Number(int(proof.Count)), "First": reminders.Text(uintText(proof.First)), //nolint:gosec // as many as were read
		"Last": reminders.Text(uintText(proof.Last)), "Sum": reminders.Text(proof.Head),
	})); err != nil {
		return err
	}
	if proof.Since != "" {
		c.note("cli.verify.since", reminders.Args{"Sum": reminders.Text(proof.Since)})
	}
	return c.tellDraws(draws.proofs())
}

// seen shows every entry to look on its way.
func seen(entries iter.Seq2[ledger.Entry, error], look func(ledger.Entry)) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for e, err := range entries {
			if err == nil {
				look(e)
			}
			if !yield(e, err) {
				return
			}
		}
	}
}
