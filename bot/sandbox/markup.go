package sandbox

import (
	"net/url"
	"strings"
)

const (
	maxButtons = 100
	maxData    = 64 // bytes
)

// buttons reads the inline keyboard of a call. The other kinds of reply markup
// are accepted and not shown.
func (c *call) buttons() ([][]Button, error) {
	var markup wireMarkup
	if _, err := c.decode("reply_markup", &markup); err != nil {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	var rows [][]Button
	count := 0
	for _, wire := range markup.InlineKeyboard {
		row, err := buttonRow(wire)
		if err != nil {
			return nil, err
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
		count += len(row)
	}
	if count > maxButtons {
		return nil, badRequest("reply markup is too long")
	}
	return rows, nil
}

func buttonRow(wire []wireButton) ([]Button, error) {
	var row []Button
	for _, b := range wire {
		if err := checkButton(b); err != nil {
			return nil, err
		}
		row = append(row, Button{Text: b.Text, Data: b.CallbackData, URL: b.URL})
	}
	return row, nil
}

// checkButton holds a button to the rules: a text, and either an address or data.
// A button with both has, as in the service, an address.
func checkButton(b wireButton) error {
	switch {
	case strings.TrimSpace(b.Text) == "":
		return badRequest("can't parse inline keyboard button: button text must be non-empty")
	case b.URL != "":
		return checkURL(b.URL)
	case b.CallbackData == "", len(b.CallbackData) > maxData:
		return badRequest("BUTTON_DATA_INVALID")
	}
	return nil
}

func checkURL(raw string) error {
	u, err := url.Parse(raw)
	reason := ""
	switch {
	case err != nil:
		reason = "Wrong URL"
	case u.Scheme == "tg":
		return nil
	case u.Scheme != "http" && u.Scheme != "https":
		reason = "Unsupported URL protocol"
	case u.Hostname() == "":
		reason = "URL host is empty"
	case !strings.Contains(u.Hostname(), "."):
		reason = "Wrong HTTP URL"
	default:
		return nil
	}
	return badRequest("inline keyboard button URL '%s' is invalid: %s", raw, reason)
}

// wireKeyboard writes buttons as the Bot API does; nil if there are none.
func wireKeyboard(rows [][]Button) *wireMarkup {
	if len(rows) == 0 {
		return nil
	}
	markup := &wireMarkup{}
	for _, row := range rows {
		var wire []wireButton
		for _, b := range row {
			wire = append(wire, wireButton{Text: b.Text, URL: b.URL, CallbackData: b.Data})
		}
		markup.InlineKeyboard = append(markup.InlineKeyboard, wire)
	}
	return markup
}

// labelOf finds the text of the button that carries the data; empty if none does.
func labelOf(m *Message, data string) string {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Data == data && b.URL == "" {
				return b.Text
			}
		}
	}
	return ""
}
