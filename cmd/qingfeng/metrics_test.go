package main

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A count that takes long is remembered a hundred times as long, a short one hardly,
// and a failure not at all.
func TestDepthIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counts, takes, broken := 0, 60*time.Millisecond, error(nil)
		depth := &tallied{count: func(reminders.Tx) (map[reminders.Lane]int, error) {
			time.Sleep(takes)
			counts++
			return map[reminders.Lane]int{reminders.LaneDuty: counts}, broken
		}}
		for _, row := range []struct {
			name  string
			after time.Duration
			takes time.Duration
			err   error
			want  int // how often it was counted
		}{
			{"the first", 0, 60 * time.Millisecond, nil, 1},
			{"at once again", 0, 60 * time.Millisecond, nil, 1},
			{"five seconds later", 5 * time.Second, 60 * time.Millisecond, nil, 1},
			{"six seconds later", time.Second, time.Microsecond, nil, 2},
			{"after a short one", time.Millisecond, time.Microsecond, errors.New("no disk"), 3},
			{"after a failure", 0, time.Microsecond, nil, 4},
		} {
			time.Sleep(row.after)
			takes, broken = row.takes, row.err
			got, err := depth.depth(nil)
			if !errors.Is(err, row.err) || counts != row.want || err == nil && got[reminders.LaneDuty] != row.want {
				t.Errorf("%s: counted %d times, want %d; %v, %v", row.name, counts, row.want, got, err)
			}
		}
	})
}
