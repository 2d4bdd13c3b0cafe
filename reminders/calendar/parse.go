package calendar

import "github.com/qingfeng-bot/qingfeng/reminders"

// RowError says what is wrong with one row of a file.
type RowError struct {
	Row     int
	Column  string
	Message reminders.Message
}

// Parse reads a calendar file; the formats follow.
func Parse(name string, file []byte) (Arrangement, []RowError, error) {
	return Arrangement{}, nil, reminders.Internalf("calendar.parse", "format of %d bytes", len(file))
}

// ParseBuiltin reads the calendars that ship with the program.
func ParseBuiltin(file []byte) ([]Arrangement, error) {
	return nil, reminders.Internalf("calendar.builtin", "format of %d bytes", len(file))
}

func clip(s string) string { return s }
