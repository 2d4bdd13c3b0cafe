package sandbox_test

import (
	"flag"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// A transcript tells everything that happened, in order and in words.
func TestTranscript(t *testing.T) {
	s, c := newServer(t)
	other := s.Person(8, "乙", "")
	other.Start("") // in another chat: shifts ids, not numbers
	p := s.Person(7, "甲", "zh-hans")
	p.Start("CODE")
	id := strconv.Itoa(call(t, s, "sendMessage", params{
		"chat_id": "7", "text": "〔中秋 国庆〕<b>廉洁过节提醒</b>\n请于 9月24日 18:00 前点“已阅”。", "parse_mode": "HTML",
		"reply_markup": keyboard(button("已阅", "ack:1"), `{"text":"原文","url":"https://a.example/"}`),
	}).messageID(t))
	c.Add(5 * time.Minute)
	tap := func(data string, answer params) {
		t.Helper()
		number, _ := strconv.Atoi(id)
		query, err := p.Tap(number, data)
		if err != nil {
			t.Fatal(err)
		}
		answer["callback_query_id"] = query
		if got := call(t, s, "answerCallbackQuery", answer); !got.OK {
			t.Fatal(got.Description)
		}
	}
	tap("ack:1", params{"text": "已阅"})
	call(t, s, "editMessageText", params{"chat_id": "7", "message_id": id, "text": "已阅 · 09:05", "reply_markup": keyboard(button("撤回", "undo:1"))})
	tap("forged", params{"text": "此按钮已失效", "show_alert": "true"})
	tap("undo:1", params{})
	p.SendDocument("名单.xlsx", []byte("x"), "名单")
	p.SendPhoto(picture(t), "")
	call(t, s, "deleteMessage", params{"chat_id": "7", "message_id": id})
	c.Add(time.Hour)
	p.Block()
	p.Unblock()

	const golden = "testdata/transcript.golden"
	got := s.Transcript(p)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}
