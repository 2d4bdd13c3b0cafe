package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// What people say among themselves in a group is not written down, also where the bot is
// an administrator and receives it; codes, taps, moves and removals are.
func TestSilent(t *testing.T) {
	const group = `"chat":{"id":-5,"type":"group"},"from":{"id":7}`
	kept := map[string]string{
		"a code":               `{"update_id":1,"message":{` + group + `,"text":"/start@qingfeng_demo_bot abc"}}`,
		"in capitals":          `{"update_id":1,"message":{` + group + `,"text":"/START@qingfeng_demo_bot abc"}}`,
		"a move":               `{"update_id":1,"message":{` + group + `,"migrate_to_chat_id":-1000000000005}}`,
		"a tap":                `{"update_id":1,"callback_query":{"id":"1","from":{"id":7},"data":"x","message":{"message_id":3,` + group + `}}}`,
		"a removal":            `{"update_id":1,"my_chat_member":{` + group + `,"new_chat_member":{"status":"kicked"}}}`,
		"in a private chat":    `{"update_id":1,"message":{"chat":{"id":7,"type":"private"},"from":{"id":7},"text":"晚上一起走"}}`,
		"without kind of chat": `{"update_id":1,"message":{"chat":{"id":7},"from":{"id":7},"text":"晚上一起走"}}`,
	}
	for name, raw := range kept {
		got, _, err := wire.Receive(json.RawMessage(raw), nil)
		if err != nil || string(got.JSON) != raw {
			t.Errorf("%s: %v\n%s", name, err, got.JSON)
		}
	}
	dropped := map[string]string{
		"a talk":             `{"update_id":1,"message":{` + group + `,"text":"晚上一起走"}}`,
		"a caption":          `{"update_id":1,"message":{` + group + `,"caption":"/start@qingfeng_demo_bot 晚上一起走"}}`,
		"another command":    `{"update_id":1,"message":{` + group + `,"text":"/report 晚上一起走"}}`,
		"for nobody by name": `{"update_id":1,"message":{` + group + `,"text":"/start 晚上一起走"}}`,
		"changed afterwards": `{"update_id":1,"edited_message":{` + group + `,"text":"/start@qingfeng_demo_bot 晚上一起走"}}`,
		"in a supergroup":    `{"update_id":1,"message":{"chat":{"id":-1000000000005,"type":"supergroup"},"from":{"id":7},"text":"晚上一起走"}}`,
	}
	for name, raw := range dropped {
		got, _, err := wire.Receive(json.RawMessage(raw), nil)
		if err != nil || got.ID != 1 || strings.Contains(string(got.JSON), "晚上") {
			t.Errorf("%s: %v\n%s", name, err, got.JSON)
		}
		if u, err := wire.Decode(got.JSON); err != nil || u.Message != nil {
			t.Errorf("%s: what is kept is not an update that asks for nothing: %v", name, err)
		}
	}
}
