package theme

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// How long texts may be, in characters: what a phone shows without scrolling far.
const (
	longestTitle = 40
	longestField = 300
	longestPoint = 80
	longestText  = 300 // of a finding, a suggestion, a report, a reason
	longestRef   = 60  // of a referral's number and receiving unit
)

// hash is that of what the theme says.
func (t Theme) hash() string {
	parts := []string{t.Title, t.Basis, t.Scope, string(t.Form), t.From.String(), t.To.String()}
	for _, p := range t.Points {
		parts = append(parts, p.Text, p.Look)
	}
	for _, language := range slices.Sorted(maps.Keys(t.Words)) {
		parts = append(parts, string(language), t.Words[language].hash())
	}
	return reminders.HashText(strings.Join(parts, "\n"))
}

// text makes a text ready to be kept: whole, not too long, and past the guard. It is
// Invalid otherwise, with what is wrong.
func (d *Desk) text(op, text string, limit int) (string, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	if text == "" {
		return "", reminders.Fail(reminders.Invalid, op, "theme.text.empty", nil)
	}
	if utf8.RuneCountInString(text) > limit {
		return "", reminders.Fail(reminders.Invalid, op, "theme.text.long", reminders.Args{"Limit": reminders.Number(limit)})
	}
	for _, hit := range d.Screen(text) {
		return "", &reminders.Error{Kind: reminders.Invalid, Op: op, Message: hit.Say}
	}
	return text, nil
}

// ParsePoints reads the points of a checklist as people write them: one a line, with what
// to look at behind a colon; numbers in front do not matter. None, too many and too long
// ones are Invalid errors.
func ParsePoints(text string) ([]Point, error) { return parsePoints(text, longestPoint) }

// parsePoints reads points whose parts have at most so many characters.
func parsePoints(text string, limit int) ([]Point, error) {
	const op = "theme.points"
	var points []Point
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "0123456789０１２３４５６７８９.、．)） "))
		if line == "" {
			continue
		}
		at := strings.IndexAny(line, "：:")
		point := Point{Text: line}
		if at >= 0 {
			_, size := utf8.DecodeRuneInString(line[at:])
			point = Point{Text: strings.TrimSpace(line[:at]), Look: strings.TrimSpace(line[at+size:])}
		}
		if point.Text == "" || utf8.RuneCountInString(point.Text) > limit || utf8.RuneCountInString(point.Look) > limit {
			return nil, reminders.Fail(reminders.Invalid, op, "theme.points.long", reminders.Args{"Limit": reminders.Number(limit)})
		}
		points = append(points, point)
	}
	if len(points) == 0 || len(points) > MostPoints {
		return nil, reminders.Fail(reminders.Invalid, op, "theme.points.number", reminders.Args{"Limit": reminders.Number(MostPoints)})
	}
	return points, nil
}

// Proper reports what keeps a text about a finding from being kept, before it is: an
// Invalid error, or none.
func (d *Desk) Proper(text string) error {
	const op = "theme.proper"
	_, err := d.text(op, text, longestText)
	return err
}
