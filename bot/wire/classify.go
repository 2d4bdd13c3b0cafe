package wire

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// verdict is a rule for an error that the service names only in words: the code,
// a phrase of the description in lower case, and what it means for us.
type verdict struct {
	code   int
	phrase string
	result reminders.Result
	reason string
}

// verdicts is the closed list of descriptions that mean more than their code.
// The wording is that of the Bot API server; the first match wins.
var verdicts = []verdict{
	{403, "bot was blocked by the user", reminders.Unreachable, "blocked"},
	{403, "user is deactivated", reminders.Unreachable, "deactivated"},
	{403, "bot can't initiate conversation", reminders.Unreachable, "never_started"},
	{403, "bot can't send messages to bots", reminders.Unreachable, "is_a_bot"},
	{403, "bot was kicked", reminders.Unreachable, "kicked"},
	{403, "bot is not a member", reminders.Unreachable, "kicked"},
	{403, "group chat was deleted", reminders.Unreachable, "chat_deleted"},
	{400, "chat not found", reminders.Unreachable, "chat_not_found"},
	{400, "peer_id_invalid", reminders.Unreachable, "chat_not_found"},
	{400, "group chat was deactivated", reminders.Unreachable, "chat_deleted"},
	{400, "message is not modified", reminders.Sent, "not_modified"},
	{400, "message to delete not found", reminders.Sent, "already_gone"},
	{400, "query is too old", reminders.Expired, "tap_too_old"},
	{400, "query id is invalid", reminders.Expired, "tap_too_old"},
	{400, "message to edit not found", reminders.Refused, "edit_not_found"},
	{400, "message can't be edited", reminders.Refused, "not_editable"},
	{400, "message media can't be edited", reminders.Refused, "not_media"},
	{400, "can't change media type in the album", reminders.Refused, "album"},
	{400, "message can't be deleted for everyone", reminders.Refused, "too_old"},
	{400, "message can't be deleted", reminders.Refused, "not_deletable"},
	{400, "can't parse entities", reminders.Refused, "markup"},
	{400, "message is too long", reminders.Refused, "too_long"},
	{400, "message text is empty", reminders.Refused, "empty"},
	{400, "caption is too long", reminders.Refused, "too_long"},
	{400, "there is no text in the message to edit", reminders.Refused, "no_text"},
	{400, "wrong file identifier", reminders.Refused, "file_id"},
	{400, "wrong remote file identifier", reminders.Refused, "file_id"},
	{400, "wrong file_id", reminders.Refused, "file_id"},
	{400, "type of file mismatch", reminders.Refused, "file_id"},
	{400, "photo_invalid", reminders.Refused, "picture"},
	{400, "photo_ext_invalid", reminders.Refused, "picture"},
	{400, "photo_save_file_invalid", reminders.Refused, "picture"},
	{400, "image_process_failed", reminders.Refused, "picture"},
	{400, "button_", reminders.Refused, "button"},
	{400, "not enough rights", reminders.Refused, "no_rights"},
	{400, "have no rights", reminders.Refused, "no_rights"},
}

// outcome says what is certain about one call.
func (x *exchange) outcome() reminders.Outcome {
	switch {
	case x.err != nil:
		return x.broken()
	case x.ok():
		return reminders.Outcome{Result: reminders.Sent, MessageID: x.messageID()}
	case x.code() == http.StatusTooManyRequests:
		return reminders.Outcome{Result: reminders.Wait, RetryAfter: x.retryAfter(), Reason: "flood"}
	case !x.clear:
		return x.foreign()
	case x.answer.Parameters.MigrateTo != 0:
		return reminders.Outcome{
			Result: reminders.Moved, Reason: "moved",
			MovedTo: reminders.ChatID(x.answer.Parameters.MigrateTo),
		}
	}
	return x.refused()
}

// broken is a call without an answer. It has certainly left nothing behind only
// if no byte of the request can have reached the service.
func (x *exchange) broken() reminders.Outcome {
	reason := "reset"
	switch {
	case errors.Is(x.err, context.Canceled):
		reason = "cancelled"
	case errors.Is(x.err, context.DeadlineExceeded), timedOut(x.err):
		reason = "timeout"
	}
	certain := !x.asked || refusedDial(x.err) || (x.status == 0 && x.traced.Load() && !x.wrote.Load())
	if certain {
		if reason == "reset" {
			reason = "no_connection"
		}
		return reminders.Outcome{Result: reminders.NotSent, Reason: reason}
	}
	return reminders.Outcome{Result: reminders.Unknown, Reason: reason}
}

// foreign is an answer that is no envelope: from a proxy or a page of errors.
func (x *exchange) foreign() reminders.Outcome {
	reason := "http_" + strconv.Itoa(x.status)
	if x.status >= 300 && x.status < 500 {
		return reminders.Outcome{Result: reminders.NotSent, Reason: reason}
	}
	return reminders.Outcome{Result: reminders.Unknown, Reason: reason}
}

// refused is an envelope that says no. 400, 403 and 413 concern this message;
// the other codes below 500 concern the bot or its address, so the message
// itself can go later.
func (x *exchange) refused() reminders.Outcome {
	code, text := x.code(), strings.ToLower(x.answer.Description)
	for _, v := range verdicts {
		if v.code == code && strings.Contains(text, v.phrase) {
			return reminders.Outcome{Result: v.result, Reason: v.reason}
		}
	}
	reason := "code_" + strconv.Itoa(code)
	switch {
	case code == 400 || code == 403 || code == 413:
		return reminders.Outcome{Result: reminders.Refused, Reason: reason}
	case code >= 400 && code < 500:
		return reminders.Outcome{Result: reminders.NotSent, Reason: reason}
	}
	return reminders.Outcome{Result: reminders.Unknown, Reason: reason}
}

// longestPause bounds what the service may ask us to wait; the longest pause
// seen in the field was under three hours.
const longestPause = 7 * 24 * time.Hour

// retryAfter is the pause that the service asks for, at least one second.
func (x *exchange) retryAfter() time.Duration {
	seconds := x.answer.Parameters.RetryAfter
	if seconds <= 0 {
		if header, err := strconv.ParseInt(x.pause, 10, 32); err == nil {
			seconds = header
		}
	}
	seconds = min(seconds, int64(longestPause/time.Second))
	return max(time.Duration(seconds)*time.Second, time.Second)
}

// refusedDial reports that no connection came about.
func refusedDial(err error) bool {
	f, ok := errors.AsType[*failure](err)
	if !ok {
		return false
	}
	if op, ok := errors.AsType[*net.OpError](f.cause); ok && op.Op == "dial" {
		return true
	}
	_, lookup := errors.AsType[*net.DNSError](f.cause)
	return lookup || errors.Is(f.cause, syscall.ECONNREFUSED)
}

func timedOut(err error) bool {
	f, ok := errors.AsType[*failure](err)
	if !ok {
		return false
	}
	timeout, ok := errors.AsType[net.Error](f.cause)
	return ok && timeout.Timeout()
}

// problem is the outcome of a call that is not a message, as an error: nil when
// it was done, Busy when it may work later, Internal otherwise.
func (x *exchange) problem(op string) error {
	o := x.outcome()
	text := o.Reason
	if x.clear && x.answer.Description != "" {
		text += ": " + x.answer.Description
	} else if x.err != nil {
		text += ": " + x.err.Error()
	}
	switch {
	case o.Result == reminders.Sent:
		return nil
	case x.clear && (x.code() == http.StatusUnauthorized || x.code() == http.StatusNotFound):
		return refusedToken(op)
	case o.Result == reminders.NotSent, o.Result == reminders.Unknown, o.Result == reminders.Wait:
		return &reminders.Error{
			Kind: reminders.Busy, Op: op,
			Message: reminders.Line("wire.unavailable", nil), Err: &failure{text: text, cause: x.err},
		}
	}
	return reminders.Internalf(op, "%s", text)
}

// refusedToken is the error of a token that the service does not know.
func refusedToken(op string) error {
	return &reminders.Error{
		Kind: reminders.Denied, Op: op, Message: reminders.Line("wire.token.refused", nil),
		Err: errors.New("the chat service refused the bot token: " +
			"get a valid one from @BotFather, put it into the token file and start again; check --api-url too"),
	}
}
