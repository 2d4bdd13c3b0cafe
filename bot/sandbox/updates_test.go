package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

const first = 700_000_001

// ids are those of the updates that a call gives.
func ids(t *testing.T, s *sandbox.Server, p params) []int64 {
	t.Helper()
	return updateIDs(t, call(t, s, "getUpdates", p))
}

func updateIDs(t *testing.T, r reply) []int64 {
	t.Helper()
	var updates []struct {
		ID int64 `json:"update_id"`
	}
	r.into(t, &updates)
	got := []int64{}
	for _, u := range updates {
		got = append(got, u.ID)
	}
	return got
}

func offset(n int64) params { return params{"offset": fmt.Sprint(n)} }

// An offset confirms what lies before it; until then everything comes again.
func TestOffsets(t *testing.T) {
	tests := []struct {
		name   string
		params params
		want   []int64
	}{
		{"none", nil, []int64{first, first + 1, first + 2, first + 3}},
		{"again", nil, []int64{first, first + 1, first + 2, first + 3}},
		{"limit", params{"limit": "2"}, []int64{first, first + 1}},
		{"limit out of range", params{"limit": "0"}, []int64{first, first + 1, first + 2, first + 3}},
		{"confirms one", offset(first + 1), []int64{first + 1, first + 2, first + 3}},
		{"does not bring back", offset(first), []int64{first + 1, first + 2, first + 3}},
		{"negative keeps the last", offset(-2), []int64{first + 2, first + 3}},
		{"negative beyond", offset(-9), []int64{first + 2, first + 3}},
		// Ids may restart lower: an offset far ahead confirms nothing.
		{"far ahead", offset(first + 1000), []int64{first + 2, first + 3}},
		{"all", offset(first + 4), []int64{}},
	}
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	for _, text := range []string{"a", "b", "c", "d"} {
		p.Type(text)
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, ids(t, s, tt.params)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// Updates wait for 24 hours.
func TestUpdatesExpire(t *testing.T) {
	s, c := newServer(t)
	p := s.Person(7, "甲", "")
	p.Type("a")
	c.Add(time.Hour)
	p.Type("b")
	c.Add(23*time.Hour + time.Second)
	if diff := cmp.Diff([]int64{first + 1}, ids(t, s, nil)); diff != "" {
		t.Error(diff)
	}
	if n := s.Pending(); n != 1 {
		t.Errorf("%d pending", n)
	}
}

// allowed_updates holds from the call on, until another call says otherwise.
func TestAllowedUpdates(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	p.Type("a")
	ids(t, s, params{"allowed_updates": `["my_chat_member"]`})
	p.Type("not wanted")
	p.Block()
	ids(t, s, nil)
	p.Unblock()
	if diff := cmp.Diff([]int64{first, first + 1, first + 2}, ids(t, s, params{"allowed_updates": `[]`})); diff != "" {
		t.Error(diff)
	}
	p.Type("wanted again")
	if n := len(ids(t, s, nil)); n != 4 {
		t.Errorf("%d updates", n)
	}
	if got := call(t, s, "getUpdates", params{"allowed_updates": `{"a":1}`}); got.ErrorCode != 400 {
		t.Errorf("%+v", got)
	}
}

// A bot can be given what the sandbox does not make, and ids that begin anew.
func TestPushAndRenumber(t *testing.T) {
	s, _ := newServer(t)
	s.Renumber(50)
	if id := s.Push("subscription", json.RawMessage(`{"future":[1]}`)); id != 50 {
		t.Errorf("id %d", id)
	}
	got := call(t, s, "getUpdates", offset(first+1))
	if diff := cmp.Diff(`[{"subscription":{"future":[1]},"update_id":50}]`, string(got.Result)); diff != "" {
		t.Error(diff)
	}
}

// bubble runs a test on the fake clock with a server of its own.
func bubble(t *testing.T, f func(t *testing.T, s *sandbox.Server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(sandbox.Options{Token: token, Now: time.Now})
		defer s.Close()
		f(t, s)
	})
}

// A poll waits for its timeout, or until something arrives.
func TestLongPoll(t *testing.T) {
	bubble(t, func(t *testing.T, s *sandbox.Server) {
		begin := time.Now()
		if got := ids(t, s, params{"timeout": "30"}); len(got) != 0 || time.Since(begin) != 30*time.Second {
			t.Errorf("%v after %v", got, time.Since(begin))
		}
		if ids(t, s, params{"timeout": "500"}); time.Since(begin) != 80*time.Second {
			t.Errorf("the longest poll lasted %v", time.Since(begin)-30*time.Second)
		}
		go func() {
			time.Sleep(3 * time.Second)
			s.Person(7, "甲", "").Type("a")
		}()
		begin = time.Now()
		if got := ids(t, s, params{"timeout": "30"}); len(got) != 1 || time.Since(begin) != 3*time.Second {
			t.Errorf("%v after %v", got, time.Since(begin))
		}
	})
}

// pollAsync calls getUpdates and hands its answer over when it comes.
func pollAsync(ctx context.Context, t *testing.T, s *sandbox.Server) <-chan error {
	t.Helper()
	req := request(t, "http://sandbox", "getUpdates", params{"timeout": "30"}).WithContext(ctx)
	ended := make(chan error, 1)
	go func() {
		resp, err := s.Do(req)
		if err == nil {
			defer func() { _ = resp.Body.Close() }()
			var r reply
			if err = json.NewDecoder(resp.Body).Decode(&r); err == nil && !r.OK {
				err = errors.New(r.Description)
			}
		}
		ended <- err
	}()
	synctest.Wait()
	return ended
}

// A second poller, a webhook, the end of the context and the end of the server
// each end a waiting poll.
func TestPollsEnd(t *testing.T) {
	t.Run("second poller", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *sandbox.Server) {
			earlier := pollAsync(t.Context(), t, s)
			ids(t, s, nil)
			if err := <-earlier; err == nil || err.Error() != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
				t.Error(err)
			}
		})
	})
	t.Run("webhook", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *sandbox.Server) {
			earlier := pollAsync(t.Context(), t, s)
			call(t, s, "setWebhook", params{"url": "https://bot.example/"})
			if err := <-earlier; err == nil || err.Error() != "Conflict: terminated by setWebhook request" {
				t.Error(err)
			}
			got := call(t, s, "getUpdates", nil)
			if got.ErrorCode != 409 || got.Description != "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first" {
				t.Errorf("%+v", got)
			}
		})
	})
	t.Run("context", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *sandbox.Server) {
			ctx, cancel := context.WithCancel(t.Context())
			earlier := pollAsync(ctx, t, s)
			cancel()
			if err := <-earlier; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			// Who has gone is no second poller.
			if got := call(t, s, "getUpdates", nil); !got.OK {
				t.Errorf("%+v", got)
			}
		})
	})
	t.Run("close", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *sandbox.Server) {
			earlier := pollAsync(t.Context(), t, s)
			s.Close()
			if err := <-earlier; err != nil {
				t.Error(err)
			}
		})
	})
}

// A delay is real time and gives way to the context.
func TestDelay(t *testing.T) {
	bubble(t, func(t *testing.T, s *sandbox.Server) {
		s.Fail(sandbox.Fault{Delay: time.Minute, Times: 2})
		begin := time.Now()
		if got := call(t, s, "getMe", nil); !got.OK || time.Since(begin) != time.Minute {
			t.Errorf("%+v after %v", got, time.Since(begin))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := <-pollAsync(ctx, t, s); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

// The limits are buckets: a burst of their size, then their pace; what is refused
// is not counted, and after retry_after it is accepted.
func TestLimits(t *testing.T) {
	bubble(t, func(t *testing.T, _ *sandbox.Server) {
		s := sandbox.New(sandbox.Options{Token: token, Now: time.Now, Limits: sandbox.DocumentedLimits()})
		defer s.Close()
		for id := range int64(40) {
			s.Person(id+1, "甲", "").Start("")
		}
		to := func(chat int) reply {
			return call(t, s, "sendMessage", params{"chat_id": fmt.Sprint(chat), "text": "x"})
		}
		for i := range 30 {
			if got := to(i + 1); !got.OK {
				t.Fatalf("message %d: %+v", i, got)
			}
		}
		got := to(40)
		if got.ErrorCode != 429 || got.Parameters.RetryAfter != 1 || got.Description != "Too Many Requests: retry after 1" {
			t.Errorf("the 31st in a second: %+v", got)
		}
		time.Sleep(time.Second)
		if got := to(1); !got.OK {
			t.Errorf("after retry_after: %+v", got)
		}
		if got := to(1); got.ErrorCode != 429 {
			t.Errorf("twice in a second to one chat: %+v", got)
		}
		if got := call(t, s, "sendChatAction", params{"chat_id": "1", "action": "typing"}); !got.OK {
			t.Errorf("only messages count: %+v", got)
		}
	})
}

// Messages with allow_paid_broadcast have a limit of their own, and are held to that
// of the chat all the same.
func TestPaidLimit(t *testing.T) {
	bubble(t, func(t *testing.T, _ *sandbox.Server) {
		if got := sandbox.DocumentedLimits().PaidPerSecond; got != 1000 {
			t.Errorf("documented: %d a second", got)
		}
		s := sandbox.New(sandbox.Options{Token: token, Now: time.Now, Limits: sandbox.Limits{PerSecond: 3, PaidPerSecond: 9, PerChatPerSecond: 1}})
		defer s.Close()
		for id := range int64(10) {
			s.Person(id+1, "甲", "").Start("")
		}
		to := func(chat int) reply {
			return call(t, s, "sendMessage", params{"chat_id": fmt.Sprint(chat), "text": "x", "allow_paid_broadcast": "true"})
		}
		for i := range 9 {
			if got := to(i + 1); !got.OK {
				t.Fatalf("message %d: %+v", i, got)
			}
		}
		if got := to(10); got.ErrorCode != 429 {
			t.Errorf("the tenth in a second: %+v", got)
		}
		time.Sleep(500 * time.Millisecond)
		if got := to(1); got.ErrorCode != 429 {
			t.Errorf("twice in a second to one chat: %+v", got)
		}
	})
}

// A group takes 20 messages a minute; the pause can be told in seconds.
func TestGroupLimit(t *testing.T) {
	bubble(t, func(t *testing.T, _ *sandbox.Server) {
		s := sandbox.New(sandbox.Options{Token: token, Now: time.Now, Limits: sandbox.Limits{PerGroupPerMinute: 20}})
		defer s.Close()
		s.Group(-5, "一科")
		for i := range 20 {
			if got := call(t, s, "sendMessage", params{"chat_id": "-5", "text": "x"}); !got.OK {
				t.Fatalf("message %d: %+v", i, got)
			}
		}
		got := call(t, s, "sendMessage", params{"chat_id": "-5", "text": "x"})
		if got.Parameters.RetryAfter != 3 {
			t.Errorf("%+v", got)
		}
		time.Sleep(3 * time.Second)
		if got := call(t, s, "sendMessage", params{"chat_id": "-5", "text": "x"}); !got.OK {
			t.Errorf("after retry_after: %+v", got)
		}
	})
}

// Each item of an album counts, and an album larger than the bucket needs a full one.
func TestAlbumsCount(t *testing.T) {
	bubble(t, func(t *testing.T, _ *sandbox.Server) {
		s := sandbox.New(sandbox.Options{Token: token, Now: time.Now, Limits: sandbox.Limits{PerChatPerSecond: 2}})
		defer s.Close()
		photo := s.Person(7, "甲", "")
		photo.Start("")
		id := photo.SendPhoto(picture(t), "").FileID
		item := `{"type":"photo","media":"` + id + `"}`
		album := params{"chat_id": "7", "media": "[" + strings.Join(slices.Repeat([]string{item}, 6), ",") + "]"}
		if got := call(t, s, "sendMediaGroup", album); !got.OK {
			t.Fatalf("%+v", got)
		}
		if got := call(t, s, "sendMediaGroup", album); got.Parameters.RetryAfter != 3 {
			t.Errorf("%+v", got)
		}
	})
}
