package bot

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// tokenLines are the tokens of other systems that work, with a way to end each: they are
// made at the machine, so that none passes through the chat.
func (t *Turn) tokenLines() (reminders.Value, [][]reminders.Button, error) {
	tokens, err := t.Gate.Tokens(t.tx)
	if err != nil {
		return reminders.Value{}, nil, err
	}
	lines := []reminders.Message{}
	var rows [][]reminders.Button
	for _, token := range tokens {
		if !token.Valid() {
			continue
		}
		if len(lines) == 0 {
			lines = append(lines, reminders.Line("token.title", nil))
		}
		name := reminders.Text(token.Name)
		lines = append(lines, reminders.Line("token.line", reminders.Args{
			"Name": name, "Scope": reminders.Say("token."+string(token.Scope), nil), "At": reminders.Day(token.MadeAt),
		}))
		rows = append(rows, []reminders.Button{{
			Label: "button.token_revoke", Args: reminders.Args{"Name": name}, Verb: "confirm", Object: "token." + token.Name,
		}})
	}
	return reminders.List(lines...), rows, nil
}

// askRevoke asks whether to end a token.
func (t *Turn) askRevoke(name string) error {
	m := reminders.Line("token.ask", reminders.Args{"Name": reminders.Text(name)})
	m.Buttons = [][]reminders.Button{{
		{Label: "button.token_confirm", Verb: "confirm", Object: "revoke." + name},
		{Label: "button.cancel", Verb: "cancel", Object: "token"},
	}}
	return t.replace(m)
}

// revokeToken ends a token at once.
func (t *Turn) revokeToken(name string) error {
	if err := t.Gate.Revoke(t.tx, name, t.person.ID); err != nil {
		return err
	}
	return t.replace(reminders.Line("token.revoked", reminders.Args{"Name": reminders.Text(name)}))
}
