package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// inviteTask makes one-time links.
type inviteTask struct {
	Person string        `json:"person,omitempty"`
	Unit   string        `json:"unit,omitempty"`
	Admin  bool          `json:"admin,omitempty"`
	TTL    time.Duration `json:"ttl"`
	Bot    string        `json:"bot,omitempty"`
	Format string        `json:"format"`
}

// newInvite makes the command that prints invitations.
func newInvite(c *console) *cobra.Command {
	var t inviteTask
	var place placeFlags
	cmd := &cobra.Command{
		Use:   "invite",
		Short: "Print one-time invitation links",
		Long: "Print one-time links that bind a chat to a person, one a line: staff_no<TAB>name<TAB>link. A new link ends\n" +
			"an earlier one of the same person. For a unit there is one for each person in it, and in the units below,\n" +
			"who has no chat yet.",
		Example: "  qingfeng invite --person E1001\n  qingfeng invite --unit 办公室 --ttl 72h\n  qingfeng invite --admin",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(); err != nil {
				return err
			}
			if t.Admin && !cmd.Flags().Changed("ttl") {
				t.TTL = 0 // an admin's own
			}
			where, err := place.resolve()
			if err != nil {
				return err
			}
			without := needStore
			if t.Admin {
				without = makeStore // the first admin of a new office
			}
			return c.perform(cmd.Context(), where, "invite", &t, without)
		},
	}
	place.register(cmd.Flags())
	flags := cmd.Flags()
	flags.StringVar(&t.Person, "person", "", "staff number of whom to invite")
	flags.StringVar(&t.Unit, "unit", "", "name of a unit whose people to invite")
	flags.BoolVar(&t.Admin, "admin", false, "invite an admin, as at the first start")
	flags.DurationVar(&t.TTL, "ttl", people.InvitationTTL, "how long the links can be used; those of an admin 24h by default")
	flags.StringVar(&t.Bot, "bot", "", "username of the bot, if the service never ran on this data")
	flags.StringVar(&t.Format, "format", "text", "text or json")
	return cmd
}

// username is what the chat service takes as the name of a bot.
var username = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)

// check wants one of the three ways to say who is invited.
func (t *inviteTask) check() error {
	n := 0
	for _, given := range []bool{t.Person != "", t.Unit != "", t.Admin} {
		if given {
			n++
		}
	}
	if n != 1 {
		return usage("cli.invite.whom", nil)
	}
	if t.TTL <= 0 {
		return badValue("ttl", t.TTL.String(), "168h")
	}
	if t.Bot = strings.TrimPrefix(t.Bot, "@"); t.Bot != "" && !username.MatchString(t.Bot) {
		return badValue("bot", t.Bot, "example_bot")
	}
	return oneOf("format", t.Format, "text", "json")
}

// run implements task.
func (t *inviteTask) run(ctx context.Context, c *console, f *office) error {
	name, err := t.botName(ctx, f)
	if err != nil {
		return err
	}
	issued, err := t.issue(ctx, f)
	if err != nil {
		return err
	}
	if len(issued) == 0 {
		c.note("cli.invite.none", nil)
	}
	rows := make([]object, len(issued))
	for i, one := range issued {
		link := "https://t.me/" + name + "?start=" + one.Code
		if t.Format == "text" {
			if _, err := fmt.Fprintf(c.out, "%s\t%s\t%s\n", one.Person.ID, one.Person.Name, link); err != nil {
				return err
			}
		}
		rows[i] = object{[]string{"staff_no", "name", "link"}, []any{string(one.Person.ID), one.Person.Name, link}}
	}
	if t.Format == "json" {
		return writeArray(c.out, rows)
	}
	return nil
}

// botName is the username in the links: the one given, or the one that the service
// has learnt.
func (t *inviteTask) botName(ctx context.Context, f *office) (name string, err error) {
	if t.Bot != "" {
		return t.Bot, nil
	}
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		_, err := f.store.Setting(tx, nameSetting, &name)
		return err
	})
	if err == nil && name == "" {
		err = usage("cli.invite.bot", nil)
	}
	return name, err
}

// issue makes the codes.
func (t *inviteTask) issue(ctx context.Context, f *office) (issued []people.Issued, err error) {
	if t.Unit != "" {
		unit, err := t.unit(ctx, f)
		if err != nil {
			return nil, err
		}
		return f.people.InviteUnit(ctx, f.store, unit, false, t.TTL, ledger.System)
	}
	err = f.store.Do(ctx, func(tx reminders.Tx) error {
		one := people.Issued{Person: reminders.Person{ID: people.Placeholder}}
		if t.Admin {
			one.Code, err = f.people.InviteAdmin(tx, t.TTL, ledger.System)
		} else {
			one.Code, err = f.people.Invite(tx, reminders.PersonID(t.Person), t.TTL, ledger.System)
		}
		if err != nil {
			return err
		}
		if record, found, err := f.people.Person(tx, reminders.PersonID(t.Person)); err != nil {
			return err
		} else if found {
			one.Person = record.Person
		}
		issued = []people.Issued{one}
		return nil
	})
	return issued, err
}

// unit finds a unit by its name, or by its identifier.
func (t *inviteTask) unit(ctx context.Context, f *office) (id reminders.UnitID, err error) {
	id = people.UnitIDOf(t.Unit)
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		_, found, err := f.store.People().Unit(tx, reminders.UnitID(t.Unit))
		if found {
			id = reminders.UnitID(t.Unit)
		}
		return err
	})
	return id, err
}
