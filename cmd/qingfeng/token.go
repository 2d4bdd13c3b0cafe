package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// tokenTask makes, lists or revokes tokens of other systems. It is done at the machine
// and not in chat, so that a token never passes through the chat service.
type tokenTask struct {
	Action string `json:"action"` // create, list or revoke
	Name   string `json:"name,omitempty"`
	Scope  string `json:"scope,omitempty"`
	Format string `json:"format,omitempty"`
}

// newToken makes the command for tokens.
func newToken(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Let another system hand over notices",
		Long: "Let a system that the office already runs hand over notices at POST /api/v1/notices. A token is shown once, when\n" +
			"it is made; the store keeps its hash. What arrives waits for approval, unless the scope is send.",
		Example: "  qingfeng token create city-portal\n  qingfeng token create city-portal --scope send\n  qingfeng token list\n  qingfeng token revoke city-portal",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTokenCreate(c), newTokenList(c), newTokenRevoke(c))
	return cmd
}

func newTokenCreate(c *console) *cobra.Command {
	t, place := tokenTask{Action: "create"}, placeFlags{}
	cmd := &cobra.Command{
		Use: "create NAME", Short: "Make a token and print it, this once",
		Example: "  qingfeng token create city-portal --scope draft", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t.Name = args[0]
			if err := oneOf("scope", t.Scope, string(notice.ScopeDraft), string(notice.ScopeSend)); err != nil {
				return err
			}
			return t.perform(cmd, c, &place)
		},
	}
	place.register(cmd.Flags())
	cmd.Flags().StringVar(&t.Scope, "scope", string(notice.ScopeDraft), "draft: what arrives waits for approval; send: it may go out without")
	return cmd
}

func newTokenList(c *console) *cobra.Command {
	t, place := tokenTask{Action: "list"}, placeFlags{}
	cmd := &cobra.Command{
		Use: "list", Short: "List the tokens", Example: "  qingfeng token list --format json", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", t.Format, "table", "json"); err != nil {
				return err
			}
			return t.perform(cmd, c, &place)
		},
	}
	place.register(cmd.Flags())
	cmd.Flags().StringVar(&t.Format, "format", "table", "table or json")
	return cmd
}

func newTokenRevoke(c *console) *cobra.Command {
	t, place := tokenTask{Action: "revoke"}, placeFlags{}
	cmd := &cobra.Command{
		Use: "revoke NAME", Short: "End a token at once", Example: "  qingfeng token revoke city-portal", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t.Name = args[0]
			return t.perform(cmd, c, &place)
		},
	}
	place.register(cmd.Flags())
	return cmd
}

// perform runs the task on the office of the data directory.
func (t *tokenTask) perform(cmd *cobra.Command, c *console, place *placeFlags) error {
	where, err := place.resolve()
	if err != nil {
		return err
	}
	return c.perform(cmd.Context(), where, "token", t, needStore)
}

// run implements task.
func (t *tokenTask) run(ctx context.Context, c *console, f *office) error {
	switch t.Action {
	case "create":
		var secret string
		err := f.store.Do(ctx, func(tx reminders.Tx) (err error) {
			secret, err = f.gate.Make(tx, t.Name, notice.Scope(t.Scope), ledger.System)
			return err
		})
		if err != nil {
			return err
		}
		c.note("cli.token.made", reminders.Args{"Name": reminders.Text(t.Name)})
		_, err = fmt.Fprintln(c.out, secret)
		return err
	case "revoke":
		err := f.store.Do(ctx, func(tx reminders.Tx) error { return f.gate.Revoke(tx, t.Name, ledger.System) })
		if err == nil {
			c.note("cli.token.revoked", reminders.Args{"Name": reminders.Text(t.Name)})
		}
		return err
	}
	return t.list(ctx, c, f)
}

// list prints what there is of each token.
func (t *tokenTask) list(ctx context.Context, c *console, f *office) error {
	var tokens []notice.Token
	err := f.store.View(ctx, func(tx reminders.Tx) (err error) {
		tokens, err = f.gate.Tokens(tx)
		return err
	})
	if err != nil {
		return err
	}
	columns := []string{"name", "scope", "made_at", "revoked_at"}
	rows, cells := make([]object, len(tokens)), make([][]string, len(tokens))
	for i, token := range tokens {
		made, ended := rfc3339(token.MadeAt, c.location), rfc3339(token.RevokedAt, c.location)
		cells[i] = []string{token.Name, string(token.Scope), made, ended}
		rows[i] = object{columns, []any{token.Name, string(token.Scope), made, ended}}
	}
	if t.Format == "json" {
		return writeArray(c.out, rows)
	}
	return c.table(columns, cells)
}
