package notice_test

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// cases is an invented casebook: c1 and c2 fit every festival, and one of them is picked
// for each push as long as there are any. What is withdrawn has no line.
type cases struct {
	picked    []string
	withdrawn map[string]bool
}

func (c *cases) Fitting(_ reminders.Tx, _ []calendar.Festival, n int) ([]string, error) {
	return []string{"c1", "c2"}[:n], nil
}

func (c *cases) Lines(_ reminders.Tx, ids []string) ([]reminders.Message, error) {
	var lines []reminders.Message
	for _, id := range ids {
		if !c.withdrawn[id] {
			lines = append(lines, reminders.Line("case.line", reminders.Args{"ID": reminders.Text(id)}))
		}
	}
	return lines, nil
}

func (c *cases) Sources(tx reminders.Tx, ids []string) ([]reminders.Message, error) {
	return c.Lines(tx, ids)
}

func (c *cases) Pick(reminders.Tx, string) (string, error) {
	if len(c.picked) == 0 {
		return "", nil
	}
	return c.picked[0], nil
}

func (c *cases) Card(_ reminders.Tx, id string) (reminders.Message, error) {
	if c.withdrawn[id] {
		return reminders.Line("case.gone", nil), nil
	}
	return reminders.Line("case.card", reminders.Args{"ID": reminders.Text(id)}), nil
}
