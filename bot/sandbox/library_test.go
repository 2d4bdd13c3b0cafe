package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// library is the client library over Server.Do, inside a bubble.
func library(t *testing.T, f func(t *testing.T, s *sandbox.Server, b *bot.Bot)) {
	t.Helper()
	bubble(t, func(t *testing.T, s *sandbox.Server) {
		b, err := bot.New(token, bot.WithHTTPClient(time.Minute, s))
		if err != nil {
			t.Fatal(err)
		}
		f(t, s, b)
	})
}

func inline(text, data string) *models.InlineKeyboardMarkup {
	return &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{
		{Text: text, CallbackData: data}, {Text: "原文", URL: "https://a.example/"},
	}}}
}

// The library that the bot uses sends, edits, answers and deletes.
func TestLibrary(t *testing.T) {
	library(t, func(t *testing.T, s *sandbox.Server, b *bot.Bot) {
		ctx := t.Context()
		p := s.Person(7, "甲", "zh-hans")
		p.Start("")
		m, err := b.SendMessage(ctx, &bot.SendMessageParams{
			ChatID: int64(7), Text: "<b>廉</b>", ParseMode: models.ParseModeHTML, ReplyMarkup: inline("已阅", "ack:1"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if m.Text != "廉" || len(m.Entities) != 1 || m.ReplyMarkup.InlineKeyboard[0][0].CallbackData != "ack:1" || m.From.ID != 100 {
			t.Errorf("%+v", m)
		}
		query, err := p.Tap(m.ID, "ack:1")
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: query, Text: "好", ShowAlert: true}); !ok || err != nil {
			t.Error(err)
		}
		edit := &bot.EditMessageTextParams{ChatID: int64(7), MessageID: m.ID, Text: "已阅", ReplyMarkup: inline("撤回", "undo:1")}
		if edited, err := b.EditMessageText(ctx, edit); err != nil || edited.Text != "已阅" || edited.EditDate == 0 {
			t.Errorf("%+v %v", edited, err)
		}
		if got := p.Messages()[1]; got.Text != "已阅" || got.Buttons[0][0] != (sandbox.Button{Text: "撤回", Data: "undo:1"}) {
			t.Errorf("%+v", got)
		}
		if ok, err := b.DeleteMessage(ctx, &bot.DeleteMessageParams{ChatID: int64(7), MessageID: m.ID}); !ok || err != nil {
			t.Error(err)
		}
		if toasts := p.Toasts(); len(toasts) != 1 || !toasts[0].Alert {
			t.Errorf("%+v", toasts)
		}
	})
}

// The library sends files, albums and menus.
func TestLibrarySendsFilesAndMenus(t *testing.T) {
	library(t, func(t *testing.T, s *sandbox.Server, b *bot.Bot) {
		ctx := t.Context()
		p := s.Person(7, "甲", "zh-hans")
		p.Start("")
		doc, err := b.SendDocument(ctx, &bot.SendDocumentParams{
			ChatID: int64(7), Document: &models.InputFileUpload{Filename: "a.csv", Data: bytes.NewReader([]byte("a"))},
		})
		if err != nil || doc.Document.FileName != "a.csv" || doc.Document.MimeType != "text/csv" {
			t.Fatalf("%+v %v", doc, err)
		}
		album, err := b.SendMediaGroup(ctx, &bot.SendMediaGroupParams{ChatID: int64(7), Media: []models.InputMedia{
			&models.InputMediaPhoto{Media: "attach://1.png", Caption: "甲", MediaAttachment: bytes.NewReader(picture(t))},
			&models.InputMediaPhoto{Media: "attach://2.png", MediaAttachment: bytes.NewReader(picture(t))},
		}})
		if err != nil || len(album) != 2 || album[0].MediaGroupID == "" || album[0].Photo[0].Width != 3 {
			t.Errorf("%+v %v", album, err)
		}
		menu := &bot.SetMyCommandsParams{
			Commands: []models.BotCommand{{Command: "help", Description: "帮助"}}, Scope: &models.BotCommandScopeChat{ChatID: int64(7)},
		}
		if ok, err := b.SetMyCommands(ctx, menu); !ok || err != nil {
			t.Error(err)
		}
		if got := p.Commands(); len(got) != 1 || got[0].Command != "help" {
			t.Errorf("%v", got)
		}
		for _, c := range s.Calls() {
			if len(c.Ignored) > 0 {
				t.Errorf("%s: ignored %v", c.Method, c.Ignored)
			}
		}
	})
}

// The library recognises what is refused.
func TestLibraryErrors(t *testing.T) {
	library(t, func(t *testing.T, s *sandbox.Server, b *bot.Bot) {
		ctx := t.Context()
		sendTo := func(chat int64) error {
			_, err := b.SendMessage(ctx, &bot.SendMessageParams{ChatID: chat, Text: "x"})
			return err
		}
		s.Person(8, "乙", "")
		s.Group(-5, "一科").Migrate(-1000000000005)
		if err := sendTo(404); !errors.Is(err, bot.ErrorBadRequest) {
			t.Error(err)
		}
		if err := sendTo(8); !errors.Is(err, bot.ErrorForbidden) {
			t.Error(err)
		}
		var moved *bot.MigrateError
		if err := sendTo(-5); !errors.As(err, &moved) || moved.MigrateToChatID != -1000000000005 {
			t.Error(err)
		}
		s.Fail(sandbox.Fault{Status: 429, RetryAfter: 7})
		var wait *bot.TooManyRequestsError
		if err := sendTo(8); !errors.As(err, &wait) || wait.RetryAfter != 7 {
			t.Error(err)
		}
		s.Fail(sandbox.Fault{Drop: sandbox.DropAfter})
		if err := sendTo(8); err == nil {
			t.Error("no error from a cut connection")
		}
		if _, err := bot.New("100:wrong", bot.WithHTTPClient(time.Minute, s)); !errors.Is(err, bot.ErrorUnauthorized) {
			t.Error(err)
		}
	})
}

// The library's own polling receives what people do.
func TestLibraryPolls(t *testing.T) {
	bubble(t, func(t *testing.T, s *sandbox.Server) {
		var got []string
		b, err := bot.New(token, bot.WithHTTPClient(time.Minute, s), bot.WithNotAsyncHandlers(),
			bot.WithDefaultHandler(func(_ context.Context, _ *bot.Bot, u *models.Update) { got = append(got, u.Message.Text) }))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { b.Start(ctx); close(ended) }()
		p := s.Person(7, "甲", "")
		for _, text := range []string{"一", "二"} {
			p.Type(text)
			time.Sleep(2 * time.Minute)
			synctest.Wait()
		}
		cancel()
		<-ended
		if len(got) != 2 || got[0] != "一" || got[1] != "二" {
			t.Errorf("%v", got)
		}
	})
}
