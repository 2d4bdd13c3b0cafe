package wire

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// PublicAPI is the address of the public Bot API, used when no other is given.
const PublicAPI = "https://api.telegram.org"

// tokenShape is the number of the bot, a colon and a secret. Real secrets have
// 35 characters; shorter ones are let through for servers of one's own.
var tokenShape = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{3,128}$`)

// shortestSecret is the length from which the secret half of a token is also
// replaced where it stands alone; anything shorter could be an ordinary word.
const shortestSecret = 8

// blackout stands wherever the token would have stood.
const blackout = "***"

// parseToken trims what an editor or a shell leaves around a token and refuses
// what cannot be one, without repeating it.
func parseToken(raw string) (string, error) {
	token := strings.Trim(raw, " \t\r\n\ufeff\"'")
	switch {
	case token == "":
		return "", invalid("wire.token.missing",
			"the bot token is empty: put the token from @BotFather into the token file")
	case !tokenShape.MatchString(token):
		return "", invalid("wire.token.shape",
			"the bot token has not the form 123456:ABC...: copy it again from @BotFather, on one line")
	}
	return token, nil
}

// parseAddress gives the base address of the Bot API without a slash at its end.
func parseAddress(raw string) (string, error) {
	if strings.TrimSpace(raw) == "" {
		return PublicAPI, nil
	}
	address, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || address.Host == "" || address.User != nil || address.RawQuery != "" || address.Fragment != "" ||
		(address.Scheme != "https" && address.Scheme != "http") {
		return "", invalid("wire.address",
			"the API address must look like https://host or http://host:port, without user, query or fragment")
	}
	return strings.TrimRight(address.String(), "/"), nil
}

// invalid is an error with a text for people and a sentence for operators.
func invalid(key, text string) error {
	return &reminders.Error{
		Kind: reminders.Invalid, Op: "wire",
		Message: reminders.Line(key, nil), Err: errors.New(text),
	}
}

// Redactor returns a function that replaces the token, and its secret half, in
// any text. The function is safe for concurrent use; give it to the log handler.
func Redactor(token string) func(text string) string {
	token = strings.Trim(token, " \t\r\n\ufeff\"'")
	if token == "" {
		return func(text string) string { return text }
	}
	pairs := []string{token, blackout, url.QueryEscape(token), blackout}
	if _, secret, found := strings.Cut(token, ":"); found && len(secret) >= shortestSecret {
		pairs = append(pairs, secret, blackout)
	}
	return strings.NewReplacer(pairs...).Replace
}
