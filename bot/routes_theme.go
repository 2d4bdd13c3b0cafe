package bot

import (
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// placeTheme begins the object of every button of themes.
const placeTheme = "theme"

// themeCommands are the rows of themes.
func themeCommands() []command {
	return []command{{name: "theme", roles: office, run: (*Turn).themeCommand}}
}

// themeReplies take texts as answers of the dialogs of themes.
func themeReplies() map[string]reply {
	return map[string]reply{
		askedTheme: (*Turn).themeText,
		askedCheck: (*Turn).checkText,
		askedMove:  (*Turn).moveText,
	}
}

// themePlaces are the pages of themes.
func themePlaces() map[string]place { return map[string]place{placeTheme: (*Turn).themePlace} }

// themeVerbs are the verbs that themes share with other things: who may use them about a
// theme, and what they do.
func themeVerbs() map[string]button {
	return map[string]button{
		"assign": {roles: office, run: (*Turn).suggestFinding},
		"submit": {roles: []reminders.Role{reminders.Liaison, reminders.Staff, reminders.Head}, run: (*Turn).submitTheme},
		"accept": {roles: office, run: (*Turn).confirmFinding},
		"return": {roles: office, run: (*Turn).returnFinding},
		"close":  {roles: office, run: (*Turn).closeTheme},
	}
}

// withThemes lets the buttons of a table be about themes as well. Whoever may use a verb
// about a theme alone is refused for other things, as before.
func withThemes(table []button) []button {
	shared := themeVerbs()
	table = slices.Clone(table)
	for i, own := range table {
		if about, found := shared[own.verb]; found {
			table[i] = own.or(about)
			delete(shared, own.verb)
		}
	}
	for _, verb := range slices.Sorted(maps.Keys(shared)) {
		table = append(table, button{verb: verb}.or(shared[verb]))
	}
	return table
}

// or is a button that is about what it was, or about a theme.
func (v button) or(about button) button {
	both := v
	both.roles = slices.Concat(v.roles, about.roles)
	both.run = func(t *Turn, object string) error {
		which, run := v, v.run
		if rest, ofTheme := strings.CutPrefix(object, placeTheme+"-"); ofTheme {
			which, run, object = about, about.run, rest
		}
		if run == nil {
			return reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
		}
		allowed, err := which.allows(t)
		if err == nil && !allowed {
			err = reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
		}
		if err != nil {
			return err
		}
		return run(t, object)
	}
	return both
}

// themeAnswers say how a finding that a unit is to put right is answered: by a report of
// what was done.
func themeAnswers() map[string]answering {
	return map[string]answering{theme.KindFinding: {
		met: "theme.met", late: "theme.met_late",
		offer: func(t obligation.Terms, _ obligation.Obligation) []reminders.Button {
			id, number, ok := theme.FindingIn(t.ID)
			if !ok {
				return nil
			}
			return []reminders.Button{{Label: "theme.button.done", Verb: "submit", Object: findingObject(id, number)}}
		},
	}}
}
