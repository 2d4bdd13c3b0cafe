package wire

import (
	"encoding/json"
	"fmt"
	"strings"
)

// groupCommand begins the one text that is for us in a group.
const groupCommand = "/start@"

// silent reports whether an update is what people say among themselves in a group: the
// service sends it where the bot is an administrator, and it is none of our business.
func silent(u Update) bool {
	if u.Message == nil || u.ChatType == PrivateChat || u.ChatType == "" {
		return false
	}
	named := len(u.Message.Text) >= len(groupCommand) && strings.EqualFold(u.Message.Text[:len(groupCommand)], groupCommand)
	return u.Message.Edited || u.Message.MigrateTo == 0 && !named
}

// numbered is all that is kept of a silent update: it was here.
func numbered(id int64) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"update_id":%d}`, id)) }
