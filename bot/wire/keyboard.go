package wire

// Key is one button below a message. It has either Data, which comes back when
// it is tapped (at most 64 bytes), or the URL that it opens.
type Key struct {
	Text string
	Data string
	URL  string
}

// markup and button are our own forms of an inline keyboard: those of the library
// add an empty copy_text to every button.
type markup struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// keyboard gives the markup of rows, and nil without any button: an edit without
// markup takes the buttons away.
func keyboard(rows [][]Key) any {
	var made [][]button
	for _, row := range rows {
		var line []button
		for _, key := range row {
			line = append(line, button(key))
		}
		if len(line) > 0 {
			made = append(made, line)
		}
	}
	if len(made) == 0 {
		return nil
	}
	return markup{Rows: made}
}
