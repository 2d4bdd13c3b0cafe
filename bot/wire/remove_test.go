package wire_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Every part is deleted, up to a hundred with one call.
func TestRemoves(t *testing.T) {
	many := make([]int, 150)
	for i := range many {
		many[i] = i + 1
	}
	for _, row := range []struct {
		name    string
		parts   []int
		methods []string
	}{
		{"one", []int{5}, []string{"deleteMessage 5"}},
		{"an album with its text", []int{5, 6, 7}, []string{"deleteMessages [5,6,7]"}},
		{"more than the service takes at once", many, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := &service{answers: []string{okay}}
			got := deliver(t, client(t, s), wire.Outgoing{Act: reminders.ActDelete, Chat: -7, DoneParts: row.parts})
			if got.Result != reminders.Sent || len(got.Parts) != 0 {
				t.Errorf("%+v", got)
			}
			if row.methods == nil {
				if len(s.calls) != 2 || !strings.HasSuffix(s.calls[1].Fields["message_ids"], ",150]") {
					t.Errorf("calls %v", did(s.calls))
				}
			} else if diff := cmp.Diff(row.methods, did(s.calls)); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// What the service keeps is named, and its age is no alarm.
func TestRemovesNot(t *testing.T) {
	kept := `{"ok":false,"error_code":400,"description":"Bad Request: message can't be deleted"}`
	for _, row := range []struct {
		name   string
		answer string
		old    bool
		reason string
		alarm  bool
	}{
		{"too old in a private chat", tooOld, false, "too_old", false},
		{"too old in a supergroup", kept, true, "too_old", false},
		{"for another reason", kept, false, "not_deletable", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			log, lines := logger()
			s := &service{answers: []string{row.answer}}
			c, err := wire.New(token, "https://chat.example", s, log)
			if err != nil {
				t.Fatal(err)
			}
			got := c.Deliver(t.Context(), wire.Outgoing{Act: reminders.ActDelete, Chat: 7, DoneParts: []int{5, 6}, Old: row.old})
			if got.Result != reminders.Refused || got.Reason != row.reason || !slices.Equal(got.Parts, []int{5, 6}) {
				t.Errorf("%+v", got)
			}
			if alarm := strings.Contains(lines.String(), "level=WARN"); alarm != row.alarm {
				t.Errorf("log %q", lines.String())
			}
		})
	}
}
