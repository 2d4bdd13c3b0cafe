package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

var ming = wire.User{ID: 7, FirstName: "小明", Username: "ming", Language: "zh-hans"}

const (
	from    = `"from":{"id":7,"is_bot":false,"first_name":"小明","username":"ming","language_code":"zh-hans"}`
	private = `"chat":{"id":7,"type":"private","first_name":"小明"}`
	group   = `"chat":{"id":-1001234567890123,"type":"supergroup","title":"测试组"}`
)

func TestDecode(t *testing.T) {
	date := time.Date(2026, 9, 10, 0, 0, 0, 0, time.UTC)
	cases := []struct {
		name, raw string
		want      wire.Update
	}{
		{
			"a command",
			`{"update_id":1,"message":{"message_id":3,` + from + `,` + private + `,"date":1788998400,"text":"/help","entities":[{"type":"bot_command","offset":0,"length":5}]}}`,
			wire.Update{ID: 1, Chat: 7, ChatType: "private", From: ming, Message: &wire.Incoming{
				ID: 3, Text: "/help", Entities: []wire.Entity{{Type: "bot_command", Length: 5}}, Date: date,
			}},
		},
		{
			"an edited document in a group",
			`{"update_id":2,"edited_message":{"message_id":3,` + from + `,` + group + `,"caption":"名单","caption_entities":[{"type":"bold","offset":0,"length":2}],"document":{"file_id":"D","file_name":"a.xlsx","mime_type":"x/y","file_size":9}}}`,
			wire.Update{ID: 2, Chat: -1001234567890123, ChatType: "supergroup", From: ming, Message: &wire.Incoming{
				ID: 3, Caption: "名单", Entities: []wire.Entity{{Type: "bold", Length: 2}}, Edited: true,
				Document: &wire.File{ID: "D", Name: "a.xlsx", MIME: "x/y", Size: 9},
			}},
		},
		{
			"a photo in its largest size",
			`{"update_id":3,"message":{"message_id":3,` + private + `,"photo":[{"file_id":"S","width":90},{"file_id":"L","width":900,"file_size":5},null,{"file_id":"M","width":320}]}}`,
			wire.Update{ID: 3, Chat: 7, ChatType: "private", Message: &wire.Incoming{ID: 3, Photo: &wire.File{ID: "L", MIME: "image/jpeg", Size: 5}}},
		},
		{
			"one of an album",
			`{"update_id":3,"message":{"message_id":3,` + private + `,"media_group_id":"G7","document":{"file_id":"D"}}}`,
			wire.Update{ID: 3, Chat: 7, ChatType: "private", Message: &wire.Incoming{ID: 3, Album: "G7", Document: &wire.File{ID: "D"}}},
		},
		{
			"a tap",
			`{"update_id":4,"callback_query":{"id":"99",` + from + `,"message":{"message_id":3,` + group + `,"date":1},"chat_instance":"1","data":"ack:n7:x"}}`,
			wire.Update{ID: 4, Chat: -1001234567890123, ChatType: "supergroup", From: ming, Callback: &wire.Callback{ID: "99", Data: "ack:n7:x", MessageID: 3}},
		},
		{
			"a tap on a message that the service forgot",
			`{"update_id":5,"callback_query":{"id":"99",` + from + `,"inline_message_id":"x","data":"d"}}`,
			wire.Update{ID: 5, Chat: 7, ChatType: "private", From: ming, Callback: &wire.Callback{ID: "99", Data: "d"}},
		},
		{
			"blocked", // the other fields of the member are unknown to us
			`{"update_id":6,"my_chat_member":{` + from + `,` + private + `,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked","until_date":0}}}`,
			wire.Update{ID: 6, Chat: 7, ChatType: "private", From: ming, Member: &wire.Member{Status: "kicked"}},
		},
		{
			"a group that moved",
			`{"update_id":7,"message":{"message_id":3,"chat":{"id":-5,"type":"group"},"migrate_to_chat_id":-1001234567890123}}`,
			wire.Update{ID: 7, Chat: -5, ChatType: "group", Message: &wire.Incoming{ID: 3, MigrateTo: -1001234567890123}},
		},
		{"a kind that is not known yet", `{"update_id":8,"subscription":{"state":"new"}}`, wire.Update{ID: 8}},
		{
			"a status that is not known yet",
			`{"update_id":9,"my_chat_member":{` + private + `,"new_chat_member":{"status":"from_the_future"}}}`,
			wire.Update{ID: 9, Chat: 7, ChatType: "private", Member: &wire.Member{Status: "from_the_future"}},
		},
		{
			"fields of another type are passed over",
			`{"update_id":10,"message":{"message_id":"three","text":{"rich":true},` + private + `,"entities":7,"date":"today","photo":{},"caption":"ok"}}`,
			wire.Update{ID: 10, Chat: 7, ChatType: "private", Message: &wire.Incoming{Caption: "ok"}},
		},
		{"nothing in it", `{"update_id":11,"message":null}`, wire.Update{ID: 11}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := wire.Decode(json.RawMessage(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("update (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, raw := range []string{
		"", "null", "7", `"x"`, "[]", "{}", `{"update_id":null}`, `{"update_id":"7"}`, `{"update_id":1.5}`,
		`{"update_id":1`, `{"update_id":99999999999999999999}`, "<html>", `{"update_id":1} trailing`,
	} {
		if got, err := wire.Decode(json.RawMessage(raw)); err == nil {
			t.Errorf("Decode(%q) = %+v, want an error", raw, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"message_id":3,` + from + `,` + private + `,"text":"秘密★","photo":[null]}}`))
	f.Add([]byte(`{"update_id":4,"callback_query":{"id":"99",` + from + `,"message":null,"data":"x"}}`))
	f.Add([]byte(`{"update_id":6,"my_chat_member":{"new_chat_member":[]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := wire.Decode(raw)
		if err != nil {
			return
		}
		kinds := 0
		for _, is := range []bool{got.Message != nil, got.Callback != nil, got.Member != nil} {
			if is {
				kinds++
			}
		}
		if kinds > 1 {
			t.Fatalf("an update of %d kinds: %s", kinds, raw)
		}
		if !strings.Contains(string(raw), "pdate") && !strings.Contains(string(raw), "\\u") && !strings.Contains(strings.ToLower(string(raw)), "update_id") {
			t.Fatalf("an update without a number was taken: %s", raw)
		}
	})
}
