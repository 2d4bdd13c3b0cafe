package sandbox_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Commands in what a person types become entities, counted in UTF-16 units.
func TestTypedCommands(t *testing.T) {
	tests := []struct {
		text string
		want entities
	}{
		{"/help", entities{{Type: "bot_command", Length: 5}}},
		{"/start code-1", entities{{Type: "bot_command", Length: 6}}},
		{"/start@qingfeng_demo_bot x", entities{{Type: "bot_command", Length: 24}}},
		{"\U0001F4C5 /help，谢谢", entities{{Type: "bot_command", Offset: 3, Length: 5}}},
		{"/a /b", entities{{Type: "bot_command", Length: 2}, {Type: "bot_command", Offset: 3, Length: 2}}},
		{"/help你好", nil},  // a letter follows
		{"/帮助", nil},      // not ASCII
		{"and/or", nil},   // inside a word
		{"//help", nil},   // after a stroke
		{"/", nil},        // no name
		{"/home/x", nil},  // a path
		{"12/31 24", nil}, // a date
	}
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, p.Type(tt.text).Entities); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

// What a person does reaches the bot as updates with the person in them.
func TestUpdatesOfAPerson(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "zh-hans")
	p.Start("code-1")
	id := call(t, s, "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(button("已阅", "ack:1"))}).messageID(t)
	if err := p.TapLabel("已阅"); err != nil {
		t.Fatal(err)
	}
	p.Block()
	var updates []struct {
		Message *struct {
			Text string
			From struct {
				ID       int64
				Language string `json:"language_code"`
			}
		}
		Callback *struct {
			ID      string
			Data    string
			From    struct{ ID int64 }
			Message struct {
				ID int `json:"message_id"`
			}
		} `json:"callback_query"`
		Member *struct {
			Old struct{ Status string } `json:"old_chat_member"`
			New struct{ Status string } `json:"new_chat_member"`
		} `json:"my_chat_member"`
	}
	call(t, s, "getUpdates", nil).into(t, &updates)
	if len(updates) != 3 {
		t.Fatalf("%d updates", len(updates))
	}
	if m := updates[0].Message; m.Text != "/start code-1" || m.From.ID != 7 || m.From.Language != "zh-hans" {
		t.Errorf("%+v", m)
	}
	if c := updates[1].Callback; c.Data != "ack:1" || c.From.ID != 7 || c.Message.ID != id || c.ID == "" {
		t.Errorf("%+v", c)
	}
	if m := updates[2].Member; m.Old.Status != "member" || m.New.Status != "kicked" {
		t.Errorf("%+v", m)
	}
}

// Who has blocked the bot sends nothing until starting again; who has gone never.
func TestBlockedPeopleAreSilent(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	p.Block()
	p.Block() // twice tells the bot once
	if m := p.Type("x"); m.ID != 0 || !p.Blocked() {
		t.Errorf("%+v", m)
	}
	if m := p.Start(""); m.ID == 0 || p.Blocked() {
		t.Errorf("%+v", m)
	}
	if got := call(t, s, "sendMessage", params{"chat_id": "7", "text": "x"}); !got.OK {
		t.Errorf("%+v", got)
	}
	if n := len(ids(t, s, nil)); n != 4 {
		t.Errorf("%d updates, want two starts, blocked, unblocked", n)
	}
	p.Deactivate()
	if m := p.Start(""); m.ID != 0 {
		t.Errorf("%+v", m)
	}
	if m := p.SendDocument("a", []byte("x"), ""); m.ID != 0 {
		t.Errorf("%+v", m)
	}
}

// Only messages of the bot can be tapped; the data may be anything.
func TestTaps(t *testing.T) {
	s, _ := office(t)
	p := s.Person(7, "", "")
	for _, id := range []int{1, 99} {
		if _, err := p.Tap(id, "x"); err == nil {
			t.Errorf("tapped message %d", id)
		}
	}
	if _, err := p.Tap(2, "forged"); err != nil {
		t.Error(err)
	}
	if err := p.TapLabel("没有"); err == nil {
		t.Error("tapped no button")
	}
	p.Block()
	if err := p.TapLabel("已阅"); err == nil {
		t.Error("tapped after blocking")
	}
}

// The newest button with the label is tapped; one with an address is none.
func TestTapLabelTakesTheNewest(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	for _, data := range []string{"a", "b", "c"} {
		call(t, s, "sendMessage", params{"chat_id": "7", "text": data, "reply_markup": keyboard(button("已阅", data))})
	}
	call(t, s, "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(`{"text":"已阅","url":"https://a.example/"}`)})
	newest := p.Messages()
	call(t, s, "deleteMessage", params{"chat_id": "7", "message_id": jsonNumber(newest[len(newest)-2].ID)})
	call(t, s, "getUpdates", offset(-1))
	if err := p.TapLabel("已阅"); err != nil {
		t.Fatal(err)
	}
	var updates []struct {
		Callback struct{ Data string } `json:"callback_query"`
	}
	call(t, s, "getUpdates", offset(-1)).into(t, &updates)
	if updates[0].Callback.Data != "b" {
		t.Errorf("tapped %q", updates[0].Callback.Data)
	}
}

func jsonNumber(n int) string {
	raw, _ := json.Marshal(n)
	return string(raw)
}

// People are made once and kept in order.
func TestPeople(t *testing.T) {
	s, _ := newServer(t)
	a, b := s.Person(7, "甲", "zh-hans"), s.Person(8, "乙", "en")
	if s.Person(7, "丙", "en") != a || a.Name() != "甲" || a.Language() != "zh-hans" || b.ID() != 8 {
		t.Error("another person under the same id")
	}
	if got := s.People(); len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("%v", got)
	}
}

// A picture goes as a photo, anything else as a document.
func TestPersonSendsFiles(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	if m := p.SendPhoto(picture(t), "说明"); !m.Photo || m.Text != "说明" {
		t.Errorf("%+v", m)
	}
	if m := p.SendPhoto([]byte("x"), ""); m.Photo || m.Document == nil {
		t.Errorf("%+v", m)
	}
	var updates []struct {
		Message struct {
			Caption string
			Photo   []struct{ Width, Height int }
		}
	}
	call(t, s, "getUpdates", nil).into(t, &updates)
	if m := updates[0].Message; m.Caption != "说明" || len(m.Photo) != 1 || m.Photo[0].Width != 3 || m.Photo[0].Height != 2 {
		t.Errorf("%+v", m)
	}
}
