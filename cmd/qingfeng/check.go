package main

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// checkTask looks at everything that can be looked at without sending anything.
type checkTask struct {
	Format string `json:"format"`
}

// finding is one thing that is wrong.
type finding struct {
	Area  string `json:"area"`  // texts, forms, programme, import, store, balance or files
	Where string `json:"where"` // text, item of the plan, file, record, terms or hash
	What  string `json:"what"`
}

// newCheck makes the command that checks.
func newCheck(c *console) *cobra.Command {
	var t checkTask
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check configuration, texts, calendars and the store",
		Long: "Check the settings of serve, the texts and forms, whether the programme keeps its own budget in every known year,\n" +
			"and, where there is a store, whether its indexes agree with its records, the ledger chain holds, the\n" +
			"obligation book balances, every import has come to its end, and every photo and document that a record\n" +
			"names is there as it came. Exit code 1 with a list if anything is wrong. Nothing is changed.",
		Example: "  qingfeng check --data /var/lib/qingfeng",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", t.Format, "table", "json"); err != nil {
				return err
			}
			s, err := f.resolve(cmd)
			if err != nil {
				return err
			}
			for name, path := range map[string]string{"token-file": f.tokenFile, "webhook-secret-file": f.webhookSecretFile} {
				if path == "" {
					continue
				}
				if _, err := readSecret(name, path); err != nil {
					return err
				}
			}
			return c.perform(cmd.Context(), s.place, "check", &t, noStore)
		},
	}
	f.register(cmd.Flags())
	for _, name := range []string{"language", "clock-start", "clock-speed", "rate", "paid-broadcast", "log-format", "log-level", "public-url", "quota"} {
		_ = cmd.Flags().MarkHidden(name) // settings of the service, checked where a file or the environment gives them
	}
	cmd.Flags().StringVar(&t.Format, "format", "table", "table or json")
	return cmd
}

// run implements task.
func (t *checkTask) run(ctx context.Context, c *console, f *office) error {
	findings := slices.Concat(f.checkTexts(), f.checkForms(c), f.checkProgramme())
	stored, lines, err := f.checkStore(ctx, c)
	if err != nil {
		return err
	}
	findings = append(findings, stored...)
	attached, err := f.checkFiles(ctx, c)
	if err != nil {
		return err
	}
	findings = append(findings, attached...)
	if t.Format == "json" {
		err = writeArray(c.out, findings)
	} else if len(findings) > 0 {
		err = t.table(c, findings)
	}
	if err != nil {
		return err
	}
	if len(findings) > 0 {
		c.note("cli.check.wrong", reminders.Args{"Count": reminders.Number(len(findings))})
		return &statedError{exitFailed}
	}
	c.note("cli.check.well", reminders.Args{
		"Texts": reminders.Number(len(f.content.Catalogue().Keys(string(reminders.Chinese)))), "Lines": reminders.Number(lines),
	})
	return nil
}

// table lists the findings for people.
func (t *checkTask) table(c *console, findings []finding) error {
	rows := make([][]string, len(findings))
	for i, one := range findings {
		rows[i] = []string{one.Area, one.Where, one.What}
	}
	return c.table([]string{c.word("cli.check.area"), c.word("cli.check.where"), c.word("cli.check.what")}, rows)
}

// checkTexts holds the texts to the rules of the house.
func (f *office) checkTexts() []finding {
	var findings []finding
	for _, problem := range f.content.Check() {
		findings = append(findings, finding{"texts", problem.Key + " [" + problem.Lang + "]", problem.String()})
	}
	return findings
}

// checkProgramme plans every known year and looks for what would break quiet hours
// or the push budget.
func (f *office) checkProgramme() []finding {
	cal := f.years.Calendar()
	years := cal.Years()
	if len(years) == 0 {
		return []finding{{"calendars", "", "there is no arrangement of any year"}}
	}
	window := reminders.Window{
		From: calendar.Date{Year: years[0], Month: time.January, Day: 1}.At(0, 0, cal.Location()),
		To:   calendar.Date{Year: years[len(years)-1] + 1, Month: time.January, Day: 1}.At(0, 0, cal.Location()),
	}
	var findings []finding
	for _, v := range notice.CheckBudget(f.notices.Programme, cal, notice.PlanAll(f.notices.Programme, cal, window)) {
		findings = append(findings, finding{"programme", v.Key, v.Text})
	}
	return findings
}

// checkStore looks at records, indexes, chain and balance, and says how many lines
// of the book it counted.
func (f *office) checkStore(ctx context.Context, c *console) (findings []finding, lines int, err error) {
	problems, err := f.store.Check(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, p := range problems {
		findings = append(findings, finding{"store", p.Key, c.say(p.Text)})
	}
	if len(problems) > 0 {
		// The balance of damaged records says nothing more.
		return findings, 0, nil
	}
	if findings, err = f.checkImports(ctx, c); err != nil {
		return nil, 0, err
	}
	var audit obligation.Audit
	working := c.serving
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		r, err := f.restored(tx)
		if err != nil {
			return err
		}
		working = working && !r.Muted()
		audit, err = obligation.NewAuditor(f.book, f.store, f.reg.staff).Audit(tx, tx.Now())
		return err
	})
	for _, u := range audit.Unexplained {
		if u.Reason == obligation.UnexplainedForgotten && !working {
			continue // nobody is there who could have taken the step
		}
		where := string(u.Terms)
		if u.Owner != "" {
			where += " " + u.Owner
		}
		findings = append(findings, finding{"balance", where, c.word("cli.unexplained." + u.Reason)})
	}
	return findings, audit.Lines, err
}
