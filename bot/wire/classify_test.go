package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// no is the answer of a service that refuses.
func no(code int, description string) doerFunc {
	return always(code, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, code, description))
}

// traced lets a transport get a connection, and write or not, before it fails.
func traced(wrote bool, err error) doerFunc {
	return func(req *http.Request) (*http.Response, error) {
		trace := httptrace.ContextClientTrace(req.Context())
		trace.GetConn("chat.example:443")
		if wrote {
			trace.WroteHeaders()
			trace.WroteRequest(httptrace.WroteRequestInfo{})
		}
		return breaks(err)(req)
	}
}

// retried lets a transport write, be turned away, and fail to connect again: it
// tries again only what the service cannot have acted on.
func retried(err error) doerFunc {
	return func(req *http.Request) (*http.Response, error) {
		_, _ = traced(true, io.EOF)(req)
		return traced(false, err)(req)
	}
}

// What is certain about a message that was to be sent.
func TestDeliverClassifies(t *testing.T) {
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	cases := []struct {
		name string
		doer wire.Doer
		want reminders.Outcome
	}{
		{"done", always(200, `{"ok":true,"result":{"message_id":7}}`), reminders.Outcome{Result: reminders.Sent, MessageID: 7, Parts: []int{7}}},
		{
			"done, but the library cannot decode the answer", // an unknown kind of forward
			always(200, `{"ok":true,"result":{"message_id":7,"forward_origin":{"type":"from_the_future"}}}`),
			reminders.Outcome{Result: reminders.Sent, MessageID: 7, Parts: []int{7}},
		},
		{"done, but the result is another thing", always(200, `{"ok":true,"result":[1]}`), reminders.Outcome{Result: reminders.Sent, Parts: []int{0}}},

		{"nobody listens", breaks(dial), reminders.Outcome{Result: reminders.NotSent, Reason: "no_connection"}},
		{"no such host", breaks(&net.DNSError{Err: "no such host", Name: "chat.example"}), reminders.Outcome{Result: reminders.NotSent, Reason: "no_connection"}},
		{"handshake fails", traced(false, errors.New("tls: bad certificate")), reminders.Outcome{Result: reminders.NotSent, Reason: "no_connection"}},
		{"turned away, then no new connection", retried(errors.New("tls: bad certificate")), reminders.Outcome{Result: reminders.NotSent, Reason: "no_connection"}},
		{"connection too slow", traced(false, os.ErrDeadlineExceeded), reminders.Outcome{Result: reminders.NotSent, Reason: "timeout"}},

		{"reset after writing", traced(true, reset), reminders.Outcome{Result: reminders.Unknown, Reason: "reset"}},
		{"end after writing", traced(true, io.EOF), reminders.Outcome{Result: reminders.Unknown, Reason: "reset"}},
		{"time-out after writing", traced(true, os.ErrDeadlineExceeded), reminders.Outcome{Result: reminders.Unknown, Reason: "timeout"}},
		{"a transport that tells nothing", breaks(io.EOF), reminders.Outcome{Result: reminders.Unknown, Reason: "reset"}},
		{"the answer is cut", cutAnswer(), reminders.Outcome{Result: reminders.Unknown, Reason: "reset"}},
		{"502 with a page", always(502, "<html>bad gateway</html>"), reminders.Outcome{Result: reminders.Unknown, Reason: "http_502"}},
		{"200 with a page", always(200, "<html>welcome to this hotel</html>"), reminders.Outcome{Result: reminders.Unknown, Reason: "http_200"}},
		{"500", no(500, "Internal Server Error"), reminders.Outcome{Result: reminders.Unknown, Reason: "code_500"}},

		{"a proxy's 403", always(403, "<html>blocked</html>"), reminders.Outcome{Result: reminders.NotSent, Reason: "http_403"}},
		{"a redirect", always(302, ""), reminders.Outcome{Result: reminders.NotSent, Reason: "http_302"}},
		{"token refused", no(401, "Unauthorized"), reminders.Outcome{Result: reminders.NotSent, Reason: "code_401"}},
		{"wrong address", no(404, "Not Found"), reminders.Outcome{Result: reminders.NotSent, Reason: "code_404"}},

		{"flood", always(429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 13","parameters":{"retry_after":13}}`), reminders.Outcome{Result: reminders.Wait, RetryAfter: 13 * time.Second, Reason: "flood"}},
		{"flood without a time", no(429, "Too Many Requests"), reminders.Outcome{Result: reminders.Wait, RetryAfter: time.Second, Reason: "flood"}},
		{"flood of a proxy", floodPage(), reminders.Outcome{Result: reminders.Wait, RetryAfter: 21 * time.Second, Reason: "flood"}},
		{"flood of hours", always(429, `{"ok":false,"error_code":429,"parameters":{"retry_after":10072}}`), reminders.Outcome{Result: reminders.Wait, RetryAfter: 10072 * time.Second, Reason: "flood"}},

		{"moved", always(400, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-100123456789012}}`), reminders.Outcome{Result: reminders.Moved, MovedTo: -100123456789012, Reason: "moved"}},

		{"blocked", no(403, "Forbidden: bot was blocked by the user"), reminders.Outcome{Result: reminders.Unreachable, Reason: "blocked"}},
		{"deactivated", no(403, "Forbidden: user is deactivated"), reminders.Outcome{Result: reminders.Unreachable, Reason: "deactivated"}},
		{"never started", no(403, "Forbidden: bot can't initiate conversation with a user"), reminders.Outcome{Result: reminders.Unreachable, Reason: "never_started"}},
		{"kicked", no(403, "Forbidden: bot was kicked from the supergroup chat"), reminders.Outcome{Result: reminders.Unreachable, Reason: "kicked"}},
		{"no member", no(403, "Forbidden: bot is not a member of the group chat"), reminders.Outcome{Result: reminders.Unreachable, Reason: "kicked"}},
		{"no chat", no(400, "Bad Request: chat not found"), reminders.Outcome{Result: reminders.Unreachable, Reason: "chat_not_found"}},

		{"other 403", no(403, "Forbidden: something new"), reminders.Outcome{Result: reminders.Refused, Reason: "code_403"}},
		{"other 400", no(400, "Bad Request: something new"), reminders.Outcome{Result: reminders.Refused, Reason: "code_400"}},
		{"a phrase under another code", no(400, "Bad Request: bot was blocked by the user"), reminders.Outcome{Result: reminders.Refused, Reason: "code_400"}},
		{"bad markup", no(400, `Bad Request: can't parse entities: Unsupported start tag "x"`), reminders.Outcome{Result: reminders.Refused, Reason: "markup"}},
		{"bad button", no(400, "Bad Request: BUTTON_DATA_INVALID"), reminders.Outcome{Result: reminders.Refused, Reason: "button"}},
		{"no rights", no(400, "Bad Request: not enough rights to send text messages to the chat"), reminders.Outcome{Result: reminders.Refused, Reason: "no_rights"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := client(t, c.doer).Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: "好"})
			if len(got.TextHash) != 64 {
				t.Errorf("hash %q is no SHA-256", got.TextHash)
			}
			got.TextHash = ""
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}

// cutAnswer begins an answer and breaks off.
func cutAnswer() doerFunc {
	return func(*http.Request) (*http.Response, error) {
		r := reply(200, "")
		r.Body = io.NopCloser(io.MultiReader(io.LimitReader(zeroes{}, 3), broken{}))
		return r, nil
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { return len(p), nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func floodPage() doerFunc {
	return func(*http.Request) (*http.Response, error) {
		r := reply(429, "<html>slow down</html>")
		r.Header.Set("Retry-After", "21")
		return r, nil
	}
}

// What the other acts make of answers that are their own.
func TestDeliverClassifiesOtherActs(t *testing.T) {
	cases := []struct {
		name string
		act  reminders.Act
		doer wire.Doer
		want reminders.Outcome
	}{
		{"edited", reminders.ActEdit, always(200, `{"ok":true,"result":{"message_id":5}}`), reminders.Outcome{Result: reminders.Sent, MessageID: 5}},
		{"edited to the same", reminders.ActEdit, no(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"), reminders.Outcome{Result: reminders.Sent, MessageID: 5, Reason: "not_modified"}},
		{"nothing to edit", reminders.ActEdit, no(400, "Bad Request: message to edit not found"), reminders.Outcome{Result: reminders.Refused, Reason: "edit_not_found"}},
		{"too old to edit", reminders.ActEdit, no(400, "Bad Request: message can't be edited"), reminders.Outcome{Result: reminders.Refused, Reason: "not_editable"}},
		{"answered", reminders.ActAnswer, always(200, `{"ok":true,"result":true}`), reminders.Outcome{Result: reminders.Sent}},
		{"answered too late", reminders.ActAnswer, no(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"), reminders.Outcome{Result: reminders.Expired, Reason: "tap_too_old"}},
		{"deleted", reminders.ActDelete, always(200, `{"ok":true,"result":true}`), reminders.Outcome{Result: reminders.Sent}},
		{"deleted before", reminders.ActDelete, no(400, "Bad Request: message to delete not found"), reminders.Outcome{Result: reminders.Sent, Reason: "already_gone"}},
		{"too old to delete", reminders.ActDelete, no(400, "Bad Request: message can't be deleted for everyone"), reminders.Outcome{Result: reminders.Refused, Reason: "too_old"}},
		{"no such act", "dance", always(200, `{"ok":true}`), reminders.Outcome{Result: reminders.Refused, Reason: "unknown_act"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := client(t, c.doer).Deliver(t.Context(), wire.Outgoing{Act: c.act, Chat: 1, MessageID: 5, Callback: "9", HTML: "好"})
			got.TextHash, got.Parts = "", nil
			if c.want.Result == reminders.Sent && c.act == reminders.ActDelete {
				c.want.MessageID = 0
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}

// A service that never answers costs 30 seconds; a cancelled context none.
func TestDeliverDeadlines(t *testing.T) {
	silent := doerFunc(func(req *http.Request) (*http.Response, error) {
		<-req.Context().Done()
		return breaks(req.Context().Err())(req)
	})
	synctest.Test(t, func(t *testing.T) {
		c := client(t, silent)
		start := time.Now()
		got := c.Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: "好"})
		if got.Result != reminders.Unknown || got.Reason != "timeout" || time.Since(start) != 30*time.Second {
			t.Errorf("%+v after %s, want unknown after 30 s", got, time.Since(start))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got = c.Deliver(ctx, wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: "好"})
		if got.Result != reminders.NotSent || got.Reason != "cancelled" {
			t.Errorf("with a cancelled context: %+v, want not sent", got)
		}
	})
}
