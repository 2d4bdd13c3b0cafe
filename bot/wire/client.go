package wire

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Deadlines of one call, on the real clock. A context that ends earlier wins.
const (
	callTimeout = 30 * time.Second
	fileTimeout = 2 * time.Minute
)

// Client speaks to the chat service as one bot. It is safe for concurrent use
// and keeps no limits: pacing is the sender's matter.
type Client struct {
	api    *telegram.Bot
	record *recorder
	polls  Doer   // for polls that bring no client of their own
	base   string // address of the Bot API, without the token
	token  string
	log    *slog.Logger
	paid   bool // messages may be paid for
}

// Option changes how a Client works.
type Option func(*Client)

// PaidBroadcast lets every message carry allow_paid_broadcast: the chat service then
// takes up to 1000 a second from this bot and withdraws 0.1 Telegram Stars from the
// bot's balance for each one above its usual limits. Edits, answers to taps and
// deletions do not have it.
func PaidBroadcast() Option { return func(c *Client) { c.paid = true } }

// New makes a client for the bot of the token at the address of a Bot API
// server; an empty address means PublicAPI. Nothing is sent yet. A token or an
// address that cannot be right is an Invalid error that names the remedy and
// never the token. A nil doer means DefaultDoer; a nil log is silent.
func New(token, apiURL string, doer Doer, log *slog.Logger, options ...Option) (*Client, error) {
	token, err := parseToken(token)
	if err != nil {
		return nil, err
	}
	base, err := parseAddress(apiURL)
	if err != nil {
		return nil, err
	}
	if doer == nil {
		doer = DefaultDoer()
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	record := &recorder{doer: doer, redact: Redactor(token)}
	api, err := telegram.New(token,
		telegram.WithSkipGetMe(),
		telegram.WithServerURL(base),
		telegram.WithHTTPClient(callTimeout, record),
		// Whatever the library would print goes nowhere: it prints whole updates.
		telegram.WithDefaultHandler(func(context.Context, *telegram.Bot, *models.Update) {}),
		telegram.WithErrorsHandler(func(error) {}),
		telegram.WithDebugHandler(func(string, ...any) {}),
	)
	if err != nil {
		return nil, reminders.Wrap("wire.new", errors.New(record.redact(err.Error())))
	}
	c := &Client{api: api, record: record, polls: pollDoer(doer), base: base, token: token, log: log}
	for _, option := range options {
		option(c)
	}
	return c, nil
}

// Redact replaces the token of the client in a text.
func (c *Client) Redact(text string) string { return c.record.redact(text) }

// do runs one call of the library under a deadline and returns what was seen on
// the wire, which is the only thing believed about it.
func (c *Client) do(ctx context.Context, timeout time.Duration, call func(ctx context.Context) error) *exchange {
	x := &exchange{}
	if err := ctx.Err(); err != nil {
		x.fail(err)
		return x
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := call(withExchange(ctx, x)); err != nil && !x.asked && x.err == nil {
		x.fail(c.record.plain(err))
	}
	return x
}

// result decodes what the service returned into value.
func (x *exchange) result(value any) error {
	if err := json.Unmarshal(x.answer.Result, value); err != nil {
		return errors.New("the answer has another form than expected")
	}
	return nil
}
