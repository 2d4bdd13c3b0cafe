package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

// newRoot makes the command line.
func newRoot(c *console) *cobra.Command {
	root := &cobra.Command{
		Use:   "qingfeng",
		Short: "Holiday integrity reminders that everyone acknowledges, as a chat bot service",
		Long: "Holiday integrity reminders that everyone acknowledges, as a chat bot service.\n\n" +
			"Every flag can also be set in the environment, as QINGFENG_ and its name in capitals with _,\n" +
			"or in the file " + configName + ". A flag wins over the environment, the environment over the file.\n\n" +
			"Exit codes: 0 done, 1 failed, 2 wrong usage, 3 invalid input, 4 data directory in use.",
		Example:           "  qingfeng demo\n  qingfeng plan --from 2026-09-01 --to 2026-10-31",
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: c.begin,
	}
	flags := root.PersistentFlags()
	flags.String("config", "", "file of settings (default "+configName+" in the working directory, if there is one)")
	flags.String("language", "", "language of messages, zh-Hans or en (default: that of the environment)")
	demo := newDemo()
	demo.Annotations = map[string]string{apart: "yes"}
	demo.RunE = untilTold(demo.RunE)
	root.AddCommand(demo, newServe(c), newPlan(c), newCheck(c), newImport(c), newExport(c), newResponsible(c),
		newInvite(c), newToken(c), newBackup(c), newRestore(c), newVerify(c), newVersion(c))
	return root
}

// untilTold makes an end that was asked for, as with Ctrl-C, no failure.
func untilTold(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error { return unlessTold(cmd.Context(), run(cmd, args)) }
}

// unlessTold gives an error unless it only says that ctx has ended.
func unlessTold(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Cause(ctx)) || errors.Is(err, context.Canceled)) {
		return nil
	}
	return err
}

// begin reads the settings before a command runs.
func (c *console) begin(cmd *cobra.Command, _ []string) error {
	if cmd.Name() == "help" || cmd.Name() == cobra.ShellCompRequestCmd || cmd.Parent() != nil && cmd.Parent().Name() == "completion" {
		c.began = true
		return nil
	}
	language := cmd.Flags().Lookup("language")
	if err := configure(cmd); err != nil {
		return err
	}
	if language.Changed {
		c.language = languageLike(language.Value.String())
	}
	c.began = true
	return nil
}
