package wire

import (
	"context"
	"strings"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Self is the bot as the chat service knows it.
type Self struct {
	ID       int64
	Username string // without '@'
	Name     string
}

// Me asks who the bot is. A refused token is a Denied error that names the
// remedy; a service that cannot be reached is Busy.
func (c *Client) Me(ctx context.Context) (Self, error) {
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.GetMe(ctx)
		return err
	})
	if err := x.problem("wire.me"); err != nil {
		return Self{}, err
	}
	var me struct {
		ID       int64  `json:"id"`
		Username string `json:"username"`
		Name     string `json:"first_name"`
	}
	if err := x.result(&me); err != nil {
		return Self{}, reminders.Wrap("wire.me", err)
	}
	return Self(me), nil
}

// Command is one line of the command menu.
type Command struct {
	Name string // without '/', lower case
	Text string // what it does, plain text
}

// SetCommands sets the command menu of one chat, or of all chats without a menu
// of their own if chat is zero. With a language it is the menu for readers whose
// phone speaks that language, otherwise the menu for all others. No commands
// remove the menu.
func (c *Client) SetCommands(ctx context.Context, chat reminders.ChatID, lang reminders.Language, commands []Command) error {
	menu := make([]models.BotCommand, 0, len(commands))
	for _, c := range commands {
		menu = append(menu, models.BotCommand{Command: c.Name, Description: c.Text})
	}
	var scope models.BotCommandScope = &models.BotCommandScopeDefault{}
	if chat != 0 {
		scope = &models.BotCommandScopeChat{ChatID: int64(chat)}
	}
	code, _, _ := strings.Cut(string(lang), "-") // the service knows two letters only
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.SetMyCommands(ctx, &telegram.SetMyCommandsParams{
			Commands: menu, Scope: scope, LanguageCode: code,
		})
		return err
	})
	return x.problem("wire.set_commands")
}

// wanted are the kinds of update that we ask for; all others stay away.
var wanted = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// SetWebhook asks the service to post updates to address, with secret in a
// header. The secret has 1 to 256 letters, digits, '-' or '_'.
func (c *Client) SetWebhook(ctx context.Context, address, secret string) error {
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.SetWebhook(ctx, &telegram.SetWebhookParams{
			URL: address, SecretToken: secret, AllowedUpdates: wanted,
		})
		return err
	})
	return x.problem("wire.set_webhook")
}

// DeleteWebhook ends the posting of updates; those that wait are kept for the
// next poll. It may be repeated.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	return c.deleteWebhook(ctx).problem("wire.delete_webhook")
}

func (c *Client) deleteWebhook(ctx context.Context) *exchange {
	return c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.DeleteWebhook(ctx, &telegram.DeleteWebhookParams{})
		return err
	})
}
