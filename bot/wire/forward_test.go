package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// Of where a message was forwarded from only a public channel is kept: who wrote to
// whom in private is not passed on.
func TestForwardedFrom(t *testing.T) {
	for name, test := range map[string]struct {
		origin string
		want   *wire.Forward
	}{
		"public channel":  {`{"type":"channel","chat":{"id":-1001,"title":"示例发布","username":"sample_news"},"message_id":17}`, &wire.Forward{Title: "示例发布", Channel: "sample_news", Post: 17}},
		"private channel": {`{"type":"channel","chat":{"id":-1001,"title":"示例发布"},"message_id":17}`, nil},
		"person":          {`{"type":"user","sender_user":{"id":7,"first_name":"某人"}}`, nil},
		"hidden person":   {`{"type":"hidden_user","sender_user_name":"某人"}`, nil},
		"group":           {`{"type":"chat","sender_chat":{"id":-5,"title":"群","username":"some_group"}}`, nil},
		"no such name":    {`{"type":"channel","chat":{"title":"x","username":"a/b?c"},"message_id":1}`, nil},
		"no such post":    {`{"type":"channel","chat":{"title":"x","username":"sample_news"},"message_id":-1}`, nil},
		"another form":    {`"channel"`, nil},
	} {
		raw := `{"update_id":1,"message":{"message_id":2,"chat":{"id":3,"type":"private"},"from":{"id":3},"text":"x","forward_origin":` + test.origin + `}}`
		u, err := wire.Decode(json.RawMessage(raw))
		if err != nil || u.Message == nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, u.Message.Forward); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := (wire.Forward{Channel: "sample_news", Post: 17}).URL(); got != "https://t.me/sample_news/17" {
		t.Errorf("the address is %s", got)
	}
}
