package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// scripted is a bot with a few fixed answers, just enough to talk with the page.
type scripted struct {
	t      *testing.T
	chat   *sandbox.Server
	office *office
	mu     sync.Mutex
	tapped int
}

// startBot runs a scripted bot until the test ends.
func startBot(t *testing.T, f *fixture) *scripted {
	t.Helper()
	b := &scripted{t: t, chat: f.chat, office: f.office}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.poll(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return b
}

type update struct {
	ID      int `json:"update_id"`
	Message *struct {
		Text string `json:"text"`
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
		Document *struct {
			Name string `json:"file_name"`
		} `json:"document"`
	} `json:"message"`
	Tap *struct {
		ID      string `json:"id"`
		Data    string `json:"data"`
		Message struct {
			ID   int `json:"message_id"`
			Chat struct {
				ID int64 `json:"id"`
			} `json:"chat"`
		} `json:"message"`
	} `json:"callback_query"`
}

func (b *scripted) poll(ctx context.Context) {
	offset := 0
	for ctx.Err() == nil {
		var updates []update
		b.call(ctx, "getUpdates", map[string]any{"offset": offset, "timeout": 20}, &updates)
		for _, u := range updates {
			offset = u.ID + 1
			b.answer(ctx, u)
		}
	}
}

// call asks the chat service for something; a refusal fails the test.
func (b *scripted) call(ctx context.Context, method string, params map[string]any, result any) {
	content, _ := json.Marshal(params)
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://sandbox/bot"+token+"/"+method, bytes.NewReader(content))
	r.Header.Set("Content-Type", "application/json")
	res, err := b.chat.Do(r)
	if err != nil {
		if ctx.Err() == nil {
			b.t.Errorf("%s: %v", method, err)
		}
		return
	}
	var answer struct {
		OK          bool            `json:"ok"`
		Description string          `json:"description"`
		Result      json.RawMessage `json:"result"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || !answer.OK {
		if ctx.Err() == nil {
			b.t.Errorf("%s: %v %s", method, err, answer.Description)
		}
		return
	}
	if result != nil {
		if err := json.Unmarshal(answer.Result, result); err != nil {
			b.t.Errorf("%s: %v", method, err)
		}
	}
}

func (b *scripted) answer(ctx context.Context, u update) {
	switch {
	case u.Tap != nil:
		b.answerTap(ctx, u)
	case u.Message.Document != nil:
		b.say(ctx, u.Message.Chat.ID, "已收到 <b>"+u.Message.Document.Name+"</b>，共 12 行，没有问题。", row(key("导入", "import:1"), key("取消", "cancel:1")))
	case strings.HasPrefix(u.Message.Text, "/start "):
		b.office.bind(u.Message.Chat.ID)
		b.menu(ctx, u.Message.Chat.ID)
		say := wordsFor(u.Message.Chat.ID)
		b.say(ctx, u.Message.Chat.ID, say.welcome)
		b.say(ctx, u.Message.Chat.ID, say.reminder, row(key(say.ack, "ack:1")))
	case u.Message.Text == "/status":
		b.say(ctx, u.Message.Chat.ID, board, row(key("数据局", "open:1"), key("港务局", "open:2")), row(key("刷新", "page:0")))
	default:
		b.say(ctx, u.Message.Chat.ID, "这里不保存聊天内容。可用的命令见 /help。")
	}
}

func (b *scripted) answerTap(ctx context.Context, u update) {
	b.mu.Lock()
	b.tapped++
	b.mu.Unlock()
	toast := map[string]any{"callback_query_id": u.Tap.ID}
	switch verb, _, _ := strings.Cut(u.Tap.Data, ":"); verb {
	case "ack":
		say := wordsFor(u.Tap.Message.Chat.ID)
		b.edit(ctx, u, say.reminder+"\n\n"+say.done, row(key(say.undo, "undo:1")))
		toast["text"] = say.done
	case "cancel":
		toast["text"], toast["show_alert"] = "已取消，没有导入任何内容。", true
	default:
		toast["text"] = "这个按钮已经失效。"
	}
	b.call(ctx, "answerCallbackQuery", toast, nil)
}

func (b *scripted) taps() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.tapped
}

type keys = []map[string]string

func key(text, data string) map[string]string {
	return map[string]string{"text": text, "callback_data": data}
}

func row(buttons ...map[string]string) keys { return buttons }

func (b *scripted) say(ctx context.Context, chat int64, html string, rows ...keys) {
	params := map[string]any{"chat_id": chat, "text": html, "parse_mode": "HTML"}
	if len(rows) > 0 {
		params["reply_markup"] = map[string]any{"inline_keyboard": rows}
	}
	b.call(ctx, "sendMessage", params, nil)
}

func (b *scripted) edit(ctx context.Context, u update, html string, rows ...keys) {
	b.call(ctx, "editMessageText", map[string]any{
		"chat_id": u.Tap.Message.Chat.ID, "message_id": u.Tap.Message.ID, "text": html, "parse_mode": "HTML",
		"reply_markup": map[string]any{"inline_keyboard": rows},
	}, nil)
}

func (b *scripted) menu(ctx context.Context, chat int64) {
	commands := []map[string]string{
		{"command": "help", "description": "能做什么，怎么联系"},
		{"command": "outstanding", "description": "我的待办"},
		{"command": "upcoming", "description": "接下来的安排"},
		{"command": "settings", "description": "语言与订阅"},
		{"command": "feedback", "description": "意见和建议"},
	}
	b.call(ctx, "setMyCommands", map[string]any{
		"commands": commands, "scope": map[string]any{"type": "chat", "chat_id": chat},
	}, nil)
}

// words are what the scripted bot says in one language.
type words struct{ welcome, reminder, ack, undo, done string }

func wordsFor(chat int64) words {
	if chat == 13 {
		return english
	}
	return chinese
}

var chinese = words{
	welcome: "您好，<b>登记成功</b>。节前会收到一条简短的提醒，点“已阅”即可。有问题请用 /help。",
	reminder: "<b>〔中秋 国庆〕廉洁过节提醒</b>\n同志：两节将至，请留意：\n1. 不收、不送月饼、蟹卡、烟酒茶等礼品礼金，不用公款购买节礼；\n" +
		"2. 不接受可能影响公正执行公务的宴请和旅游安排；\n3. 不公车私用，不违规发放津补贴。\n正常亲友往来、自费聚会不受影响。\n" +
		"请于 <b>9月24日 18:00</b> 前点“已阅”。",
	ack: "已阅", undo: "撤回",
	done: "已阅 · 9月22日 09:00（10 分钟内可撤回）",
}

var english = words{
	welcome: "Hello, <b>you are enrolled</b>. Before a holiday you get one short reminder; one tap is enough. See /help.",
	reminder: "<b>[Mid-Autumn and National Day] Integrity reminder</b>\nBefore the holidays please keep in mind:\n" +
		"1. Do not give or accept gifts, gift cards or cash;\n2. Decline meals and trips that could affect your duties;\n" +
		"3. No private use of official cars.\nSeeing friends and family at your own expense is of course fine.\n" +
		"Please tap Acknowledge by <b>24 Sep, 18:00</b>.",
	ack: "Acknowledge", undo: "Undo",
	done: "Acknowledged · 22 Sep, 09:00 (undo within 10 minutes)",
}

const board = "<b>今日情况 · 9月22日</b>\n节前提醒：应阅 42，已阅 35，未阅 7\n数据局 5 · 港务局 2\n" +
	"依据：<a href=\"https://example.org/rule\">示例出处</a>，编号 <code>R-2026-17</code>"
