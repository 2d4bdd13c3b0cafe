package sandbox_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// office is a server with people in every condition. Ids of messages: 1 is typed
// by person 7, 2 is a text of the bot with a button, 3 a document of the bot, 4 a
// photo of person 7.
func office(t *testing.T) (*sandbox.Server, *clock) {
	t.Helper()
	s, c := newServer(t)
	p := s.Person(7, "甲", "zh-hans")
	p.Start("")
	call(t, s, "sendMessage", params{
		"chat_id": "7", "text": "<b>廉</b>洁", "parse_mode": "HTML",
		"reply_markup": `{"inline_keyboard":[[{"text":"已阅","callback_data":"ack:1"}]]}`,
	}).messageID(t)
	send(t, s, uploadForm(t, "sendDocument", params{"chat_id": "7", "caption": "c"}, map[string]upload{"document": {"a.csv", []byte("a")}})).messageID(t)
	p.SendPhoto(picture(t), "")
	s.Person(8, "乙", "") // never wrote
	blocked := s.Person(9, "丙", "")
	blocked.Start("")
	blocked.Block()
	gone := s.Person(10, "丁", "")
	gone.Start("")
	gone.Deactivate()
	s.Group(-5, "一科", p).Migrate(-1000000000005)
	s.Group(-6, "二科", p)
	call(t, s, "leaveChat", params{"chat_id": "-6"})
	return s, c
}

func keyboard(buttons ...string) string {
	return `{"inline_keyboard":[[` + strings.Join(buttons, ",") + `]]}`
}

func button(text, data string) string {
	return `{"text":"` + text + `","callback_data":"` + data + `"}`
}

// What the service refuses is refused with its code and description.
func TestRefuses(t *testing.T) {
	long := strings.Repeat("廉", 4097)
	emoji := strings.Repeat("\U0001F4C5", 2049) // two UTF-16 units each
	caption := strings.Repeat("x", 1025)
	tests := []struct {
		name, method string
		params       params
		code         int
		description  string
	}{
		// Chats.
		{"unknown chat", "sendMessage", params{"chat_id": "404", "text": "x"}, 400, "Bad Request: chat not found"},
		{"username", "sendMessage", params{"chat_id": "@somebody", "text": "x"}, 400, "Bad Request: chat not found"},
		{"no chat", "sendMessage", params{"text": "x"}, 400, "Bad Request: chat_id is empty"},
		{"never wrote", "sendMessage", params{"chat_id": "8", "text": "x"}, 403, "Forbidden: bot can't initiate conversation with a user"},
		{"blocked", "sendMessage", params{"chat_id": "9", "text": "x"}, 403, "Forbidden: bot was blocked by the user"},
		{"deactivated", "sendMessage", params{"chat_id": "10", "text": "x"}, 403, "Forbidden: user is deactivated"},
		{"left", "sendMessage", params{"chat_id": "-6", "text": "x"}, 403, "Forbidden: bot is not a member of the group chat"},
		{"migrated", "sendMessage", params{"chat_id": "-5", "text": "x"}, 400, "Bad Request: group chat was upgraded to a supergroup chat"},
		{"action to blocked", "sendChatAction", params{"chat_id": "9", "action": "typing"}, 403, "Forbidden: bot was blocked by the user"},
		{"unknown action", "sendChatAction", params{"chat_id": "7", "action": "sleeping"}, 400, "Bad Request: wrong parameter action in request"},
		{"getChat", "getChat", params{"chat_id": "404"}, 400, "Bad Request: chat not found"},
		{"getChatMember", "getChatMember", params{"chat_id": "7", "user_id": "404"}, 400, "Bad Request: member not found"},
		{"getChatMember of nothing", "getChatMember", params{"chat_id": "404", "user_id": "7"}, 400, "Bad Request: chat not found"},
		{"leave twice", "leaveChat", params{"chat_id": "-6"}, 403, "Forbidden: bot is not a member of the group chat"},
		{"leave a person", "leaveChat", params{"chat_id": "7"}, 400, "Bad Request: chat member status can't be changed in private chats"},

		// Texts.
		{"empty text", "sendMessage", params{"chat_id": "7", "text": ""}, 400, "Bad Request: message text is empty"},
		{"blank text", "sendMessage", params{"chat_id": "7", "text": " \n"}, 400, "Bad Request: message text is empty"},
		{"only tags", "sendMessage", params{"chat_id": "7", "text": "<b> </b>", "parse_mode": "HTML"}, 400, "Bad Request: message text is empty"},
		{"long text", "sendMessage", params{"chat_id": "7", "text": long}, 400, "Bad Request: message is too long"},
		{"long in UTF-16", "sendMessage", params{"chat_id": "7", "text": emoji}, 400, "Bad Request: message is too long"},
		{"markdown", "sendMessage", params{"chat_id": "7", "text": "*x*", "parse_mode": "MarkdownV2"}, 400, "Bad Request: unsupported parse_mode"},
		{"HTML", "sendMessage", params{"chat_id": "7", "text": "<b>x", "parse_mode": "HTML"}, 400, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"entities", "sendMessage", params{"chat_id": "7", "text": "x", "entities": `{"a":1}`}, 400, "Bad Request: can't parse entities JSON object"},
		{"reply to nothing", "sendMessage", params{"chat_id": "7", "text": "x", "reply_parameters": `{"message_id":99}`}, 400, "Bad Request: message to be replied not found"},

		// Buttons.
		{"markup is no JSON", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": "{"}, 400, "Bad Request: can't parse reply markup JSON object"},
		{"markup of another shape", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": `{"inline_keyboard":1}`}, 400, "Bad Request: can't parse reply keyboard markup JSON object"},
		{"long data", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(button("a", strings.Repeat("廉", 22)))}, 400, "Bad Request: BUTTON_DATA_INVALID"},
		{"no data", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(button("a", ""))}, 400, "Bad Request: BUTTON_DATA_INVALID"},
		{"no label", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(button(" ", "x"))}, 400, "Bad Request: can't parse inline keyboard button: button text must be non-empty"},
		{"too many", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(many(101)...)}, 400, "Bad Request: reply markup is too long"},
		{"scheme", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(`{"text":"a","url":"file:///etc"}`)}, 400, "Bad Request: inline keyboard button URL 'file:///etc' is invalid: Unsupported URL protocol"},
		{"host", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(`{"text":"a","url":"https://"}`)}, 400, "Bad Request: inline keyboard button URL 'https://' is invalid: URL host is empty"},
		{"no address", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(`{"text":"a","url":"http://[::1"}`)}, 400, "Bad Request: inline keyboard button URL 'http://[::1' is invalid: Wrong URL"},
		{"local address", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(`{"text":"a","url":"http://localhost:1"}`)}, 400, "Bad Request: inline keyboard button URL 'http://localhost:1' is invalid: Wrong HTTP URL"},

		// Edits and deletions.
		{"not modified", "editMessageText", params{"chat_id": "7", "message_id": "2", "text": "<b>廉</b>洁 ", "parse_mode": "HTML", "reply_markup": keyboard(button("已阅", "ack:1"))}, 400, notModified},
		{"markup not modified", "editMessageReplyMarkup", params{"chat_id": "7", "message_id": "2", "reply_markup": keyboard(button("已阅", "ack:1"))}, 400, notModified},
		{"caption not modified", "editMessageCaption", params{"chat_id": "7", "message_id": "3", "caption": "c"}, 400, notModified},
		{"edit nothing", "editMessageText", params{"chat_id": "7", "message_id": "99", "text": "x"}, 400, "Bad Request: message to edit not found"},
		{"edit another's", "editMessageText", params{"chat_id": "7", "message_id": "1", "text": "x"}, 400, "Bad Request: message can't be edited"},
		{"edit where", "editMessageText", params{"message_id": "1", "text": "x"}, 400, "Bad Request: chat_id is empty"},
		{"edit which", "editMessageText", params{"chat_id": "7", "text": "x"}, 400, "Bad Request: message identifier is not specified"},
		{"edit nowhere", "editMessageText", params{"chat_id": "404", "message_id": "2", "text": "x"}, 400, "Bad Request: chat not found"},
		{"edit to bad markup", "editMessageText", params{"chat_id": "7", "message_id": "2", "text": "<b>x", "parse_mode": "HTML"}, 400, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"edit to a long caption", "editMessageCaption", params{"chat_id": "7", "message_id": "3", "caption": caption}, 400, "Bad Request: message caption is too long"},
		{"edit caption of nothing", "editMessageCaption", params{"chat_id": "7", "message_id": "99", "caption": "x"}, 400, "Bad Request: message to edit not found"},
		{"edit buttons of nothing", "editMessageReplyMarkup", params{"chat_id": "7", "message_id": "99"}, 400, "Bad Request: message to edit not found"},
		{"edit to empty", "editMessageText", params{"chat_id": "7", "message_id": "2", "text": ""}, 400, "Bad Request: message text is empty"},
		{"edit to long", "editMessageText", params{"chat_id": "7", "message_id": "2", "text": long}, 400, "Bad Request: MESSAGE_TOO_LONG"},
		{"edit to bad buttons", "editMessageReplyMarkup", params{"chat_id": "7", "message_id": "2", "reply_markup": keyboard(button("a", ""))}, 400, "Bad Request: BUTTON_DATA_INVALID"},
		{"edit text of a file", "editMessageText", params{"chat_id": "7", "message_id": "3", "text": "x"}, 400, "Bad Request: there is no text in the message to edit"},
		{"edit caption of a text", "editMessageCaption", params{"chat_id": "7", "message_id": "2", "caption": "x"}, 400, "Bad Request: there is no caption in the message to edit"},
		{"edit inline", "editMessageText", params{"inline_message_id": "x", "text": "x"}, 400, "Bad Request: MESSAGE_ID_INVALID"},
		{"delete nowhere", "deleteMessage", params{"chat_id": "404", "message_id": "2"}, 400, "Bad Request: chat not found"},
		{"delete nothing", "deleteMessage", params{"chat_id": "7", "message_id": "99"}, 400, "Bad Request: message to delete not found"},
		{"delete several nowhere", "deleteMessages", params{"chat_id": "404", "message_ids": "[2]"}, 400, "Bad Request: chat not found"},
		{"delete none", "deleteMessages", params{"chat_id": "7", "message_ids": "[]"}, 400, "Bad Request: message identifiers are not specified"},
		{"delete more than a hundred", "deleteMessages", params{"chat_id": "7", "message_ids": "[" + strings.Repeat("2,", 100) + "2]"}, 400, "Bad Request: too many message identifiers specified"},
		{"delete what is no list", "deleteMessages", params{"chat_id": "7", "message_ids": `"2"`}, 400, "Bad Request: can't parse message ids JSON object"},

		// Files and copies.
		{"long caption", "sendPhoto", params{"chat_id": "7", "photo": "file2", "caption": caption}, 400, "Bad Request: message caption is too long"},
		{"caption with bad markup", "sendPhoto", params{"chat_id": "7", "photo": "file2", "caption": "a<br>", "parse_mode": "HTML"}, 400, `Bad Request: can't parse entities: Unsupported start tag "br" at byte offset 1`},
		{"file to blocked", "sendPhoto", params{"chat_id": "9", "photo": "file2"}, 403, "Forbidden: bot was blocked by the user"},
		{"unknown file", "sendDocument", params{"chat_id": "7", "document": "file99"}, 400, "Bad Request: wrong remote file identifier specified: Wrong string length"},
		{"photo as document", "sendDocument", params{"chat_id": "7", "document": "file2"}, 400, "Bad Request: wrong remote file identifier specified: Wrong string length"},
		{"file elsewhere", "sendDocument", params{"chat_id": "7", "document": "https://a.example/a.csv"}, 400, "Bad Request: failed to get HTTP URL content"},
		{"no document", "sendDocument", params{"chat_id": "7"}, 400, "Bad Request: there is no document in the request"},
		{"album of one", "sendMediaGroup", params{"chat_id": "7", "media": `[{"type":"photo","media":"file2"}]`}, 400, "Bad Request: media group must include 2-10 items"},
		{"mixed album", "sendMediaGroup", params{"chat_id": "7", "media": `[{"type":"photo","media":"file2"},{"type":"document","media":"file1"}]`}, 400, "Bad Request: document can't be mixed with other media types"},
		{"album of stickers", "sendMediaGroup", params{"chat_id": "7", "media": `[{"type":"sticker","media":"file2"},{"type":"sticker","media":"file1"}]`}, 400, "Bad Request: can't parse InputMedia: type must be photo or document"},
		{"album with caption", "sendMediaGroup", params{"chat_id": "7", "media": `[{"type":"photo","media":"file2","caption":"` + caption + `"},{"type":"photo","media":"file2"}]`}, 400, "Bad Request: message caption is too long"},
		{"album of another shape", "sendMediaGroup", params{"chat_id": "7", "media": `[1]`}, 400, "Bad Request: can't parse media JSON object"},
		{"album with bad markup", "sendMediaGroup", params{"chat_id": "7", "media": `[{"type":"photo","media":"file2","caption":"<b>","parse_mode":"HTML"},{"type":"photo","media":"file2"}]`}, 400, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"album with an unknown file", "sendMediaGroup", params{"chat_id": "7", "media": `[{"type":"photo","media":"file2"},{"type":"photo","media":"file99"}]`}, 400, "Bad Request: wrong remote file identifier specified: Wrong string length"},
		{"album to blocked", "sendMediaGroup", params{"chat_id": "9", "media": `[{"type":"photo","media":"file2"},{"type":"photo","media":"file2"}]`}, 403, "Forbidden: bot was blocked by the user"},
		{"no such file", "getFile", params{"file_id": "file99"}, 400, "Bad Request: invalid file_id"},
		{"copy nothing", "copyMessage", params{"chat_id": "7", "from_chat_id": "7", "message_id": "99"}, 400, "Bad Request: message to copy not found"},
		{"copy with a long caption", "copyMessage", params{"chat_id": "7", "from_chat_id": "7", "message_id": "3", "caption": caption}, 400, "Bad Request: message caption is too long"},
		{"copy to blocked", "copyMessage", params{"chat_id": "9", "from_chat_id": "7", "message_id": "2"}, 403, "Forbidden: bot was blocked by the user"},
		{"copy from nowhere", "copyMessage", params{"chat_id": "7", "from_chat_id": "404", "message_id": "2"}, 400, "Bad Request: chat not found"},

		// Taps.
		{"unknown tap", "answerCallbackQuery", params{"callback_query_id": "1"}, 400, tooOld},
	}
	s, _ := office(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call(t, s, tt.method, tt.params)
			if got.ErrorCode != tt.code || got.Description != tt.description {
				t.Errorf("got %d %q\nwant %d %q", got.ErrorCode, got.Description, tt.code, tt.description)
			}
			if tt.name == "migrated" && got.Parameters.MigrateToChatID != -1000000000005 {
				t.Errorf("new id %d", got.Parameters.MigrateToChatID)
			}
		})
	}
}

const (
	notModified = "Bad Request: message is not modified: specified new message content and reply markup " +
		"are exactly the same as a current content and reply markup of the message"
	tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid"
)

func many(n int) []string {
	buttons := make([]string, n)
	for i := range buttons {
		buttons[i] = button("x", strconv.Itoa(i))
	}
	return buttons
}

// What is just within the rules is accepted.
func TestAccepts(t *testing.T) {
	tests := []struct {
		name, method string
		params       params
	}{
		{"longest text", "sendMessage", params{"chat_id": "7", "text": strings.Repeat("廉", 4096)}},
		// Markup does not count.
		{"longest HTML", "sendMessage", params{"chat_id": "7", "text": "<b>" + strings.Repeat("&lt;", 4096) + "</b>", "parse_mode": "HTML"}},
		{"longest in UTF-16", "sendMessage", params{"chat_id": "7", "text": strings.Repeat("\U0001F4C5", 2048)}},
		{"longest caption", "sendPhoto", params{"chat_id": "7", "photo": "file2", "caption": strings.Repeat("廉", 1024)}},
		{"most buttons", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(many(100)...)}},
		{"longest data", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(button("a", strings.Repeat("x", 64)))}},
		// The client library sends an empty copy_text with every button.
		{"empty copy_text", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(`{"text":"a","callback_data":"x","copy_text":{"text":""}}`)}},
		{"app address", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": keyboard(`{"text":"a","url":"tg://user?id=7"}`)}},
		{"other keyboards", "sendMessage", params{"chat_id": "7", "text": "x", "reply_markup": `{"force_reply":true}`}},
		{"reply to nothing, anyway", "sendMessage", params{"chat_id": "7", "text": "x", "reply_parameters": `{"message_id":99,"allow_sending_without_reply":true}`}},
		{"supergroup", "sendMessage", params{"chat_id": "-1000000000005", "text": "x"}},
		{"same text, other markup", "editMessageText", params{"chat_id": "7", "message_id": "2", "text": "廉洁"}},
		{"buttons away", "editMessageCaption", params{"chat_id": "7", "message_id": "3", "caption": ""}},
		{"delete what the person wrote", "deleteMessage", params{"chat_id": "7", "message_id": "1"}},
		{"unknown parameter", "sendMessage", params{"chat_id": "7", "text": "x", "future": "x"}},
	}
	s, _ := office(t)
	for _, tt := range tests {
		if got := call(t, s, tt.method, tt.params); !got.OK {
			t.Errorf("%s: %d %s", tt.name, got.ErrorCode, got.Description)
		}
	}
}

// A tap is answered once, and within 15 seconds.
func TestAnswerCallbackQuery(t *testing.T) {
	s, c := office(t)
	p := s.Person(7, "", "")
	tap := func() string {
		t.Helper()
		id, err := p.Tap(2, "ack:1")
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	id := tap()
	if got := call(t, s, "answerCallbackQuery", params{"callback_query_id": id, "text": strings.Repeat("廉", 201)}); got.Description != "Bad Request: MESSAGE_TOO_LONG" {
		t.Errorf("long text: %+v", got)
	}
	if got := call(t, s, "answerCallbackQuery", params{"callback_query_id": id, "url": "https://a.example/"}); got.Description != "Bad Request: URL_INVALID" {
		t.Errorf("foreign address: %+v", got)
	}
	if got := call(t, s, "answerCallbackQuery", params{"callback_query_id": id, "text": "已阅", "show_alert": "true"}); !got.OK {
		t.Errorf("first answer: %+v", got)
	}
	if got := call(t, s, "answerCallbackQuery", params{"callback_query_id": id}); got.Description != tooOld {
		t.Errorf("second answer: %+v", got)
	}
	late := tap()
	c.Add(16 * time.Second)
	if got := call(t, s, "answerCallbackQuery", params{"callback_query_id": late}); got.Description != tooOld {
		t.Errorf("late answer: %+v", got)
	}
	toasts := p.Toasts()
	if len(toasts) != 1 || toasts[0].Text != "已阅" || !toasts[0].Alert || toasts[0].MessageID != 2 {
		t.Errorf("toasts %+v", toasts)
	}
}

// The age of a tap is real time also where the dates of messages run quickly.
func TestTapAgesByTheWall(t *testing.T) {
	fast, wall := newClock(), newClock()
	s := sandbox.New(sandbox.Options{Token: token, Now: fast.Now, Wall: wall.Now})
	defer s.Close()
	p := s.Person(7, "甲", "")
	p.Start("")
	id := call(t, s, "sendMessage", params{"chat_id": "7", "text": "x"}).messageID(t)
	tap, err := p.Tap(id, "x")
	if err != nil {
		t.Fatal(err)
	}
	fast.Add(time.Hour)
	wall.Add(time.Second)
	if got := call(t, s, "answerCallbackQuery", params{"callback_query_id": tap}); !got.OK {
		t.Errorf("%+v", got)
	}
}
