package calendar

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// decode gives the text of a JSON or ICS file, which is UTF-8 by its standard but
// in practice also comes as GB18030. Tables are decoded by the package sheet.
func decode(file []byte) (string, error) {
	text := bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return "", refuse("calendar.encoding", nil)
		}
		text = decoded
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return "", refuse("calendar.encoding", nil)
	}
	return strings.TrimSpace(string(text)), nil
}
