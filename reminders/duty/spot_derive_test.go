package duty_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// shanghai is the zone of the place.
var shanghai = time.FixedZone("UTC+8", 8*3600)

// oct gives an instant of October 2026 in the place.
func oct(day, hour, minute int) time.Time {
	return time.Date(2026, 10, day, hour, minute, 0, 0, shanghai)
}

// span is the time between two hours of a day.
func span(day, from, to int) reminders.Window {
	return reminders.Window{From: oct(day, from, 0), To: oct(day, to, 0)}
}

// What anybody gets with a shell from the values below:
//
//	printf '%s' SECRET | sha256sum
//	printf 'river 2026-national-day\n2026-10-01T08:00:00+08:00 2026-10-02T08:00:00+08:00 A001 L001 -\n' | sha256sum
//	printf '%s %s' SECRET ROSTER | sha256sum
//
// The first 15 digits of the last are 38e93a0661b3723; modulo the 720 minutes of the
// window that is 371: 6 hours and 11 minutes after 09:00.
const (
	goldenSecret     = duty.SpotSecret("0000000000000000000000000000000000000000000000000000000000000001")
	goldenCommitment = "c386d8e8d07342f2e39e189c8e6c57bb205bb373fe4e3a6f69404a8bb767b417"
	goldenRoster     = "9c09ae20b6a7e8684861760a3f272839e010431cbc944821b228ab8e45bf3ee0"
)

func TestVerifyGolden(t *testing.T) {
	if got := goldenSecret.Commitment(); got != goldenCommitment {
		t.Errorf("commitment %s", got)
	}
	text := duty.Canonical("river", "2026-national-day", []duty.Shift{
		{Start: oct(1, 8, 0), End: oct(2, 8, 0), Officer: "A001", Leader: "L001"},
	})
	if got := reminders.HashText(text); got != goldenRoster {
		t.Errorf("roster %s of\n%s", got, text)
	}
	moment, err := duty.Verify(goldenCommitment, goldenSecret, goldenRoster, duty.SpotWindow{span(1, 9, 21)})
	if err != nil || !moment.Equal(oct(1, 15, 11)) {
		t.Errorf("moment %v, %v", moment, err)
	}
	// Two days: minute 371 + k*720 of 1440; here the number modulo 1440 is 1091.
	moment, err = duty.Verify(goldenCommitment, goldenSecret, goldenRoster, duty.SpotWindow{span(1, 9, 21), span(2, 9, 21)})
	if err != nil || !moment.Equal(oct(2, 15, 11)) {
		t.Errorf("moment of two days %v, %v", moment, err)
	}
}

// Nothing is proved by another secret, by hashes that are none, or by an empty window.
func TestVerifyRefuses(t *testing.T) {
	day := duty.SpotWindow{span(1, 9, 21)}
	tests := []struct {
		name       string
		commitment string
		secret     duty.SpotSecret
		roster     string
		window     duty.SpotWindow
		want       string
	}{
		{"another secret", goldenCommitment, duty.SpotSecret(goldenRoster), goldenRoster, day, "spot.wrong_secret"},
		{"another commitment", goldenRoster, goldenSecret, goldenRoster, day, "spot.wrong_secret"},
		{"a secret of another form", duty.SpotSecret("x").Commitment(), "x", goldenRoster, day, "spot.wrong_secret"},
		{"capitals are another text", goldenCommitment, goldenSecret, "9C" + goldenRoster[2:], day, "spot.wrong_window"},
		{"no roster", goldenCommitment, goldenSecret, "", day, "spot.wrong_window"},
		{"no window", goldenCommitment, goldenSecret, goldenRoster, nil, "spot.wrong_window"},
		{"a window under a minute", goldenCommitment, goldenSecret, goldenRoster, duty.SpotWindow{{From: oct(1, 9, 0), To: oct(1, 9, 0).Add(59 * time.Second)}}, "spot.wrong_window"},
	}
	for _, test := range tests {
		_, err := duty.Verify(test.commitment, test.secret, test.roster, test.window)
		if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != test.want {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// Over 10,000 secrets every hour of the window is hit, about as often as any other.
func TestMomentsAreSpread(t *testing.T) {
	window := duty.SpotWindow{span(1, 9, 21), span(2, 9, 21)}
	hits := map[time.Time]int{}
	for n := range 10_000 {
		secret := duty.SpotSecret(reminders.HashText(fmt.Sprint(n)))
		moment, err := duty.Verify(secret.Commitment(), secret, goldenRoster, window)
		if err != nil || !window.Contains(moment) {
			t.Fatalf("moment %v, %v", moment, err)
		}
		hits[moment.Truncate(time.Hour)]++
	}
	if len(hits) != 24 {
		t.Errorf("%d of 24 hours are hit", len(hits))
	}
	for hour, n := range hits {
		if n < 300 || n > 540 { // 417 on average
			t.Errorf("%v is hit %d times", hour, n)
		}
	}
}

// Neither side has a lever alone: whatever roster is filed, all hours stay possible for
// somebody who does not know the secret, and equal secrets lead equal rosters alike.
func TestNobodySteers(t *testing.T) {
	window := duty.SpotWindow{span(1, 9, 21)}
	for n := range 50 { // rosters that a unit may try
		roster := reminders.HashText(fmt.Sprint("roster", n))
		hours := map[int]bool{}
		for k := range 500 { // secrets that it cannot exclude
			secret := duty.SpotSecret(reminders.HashText(fmt.Sprint("secret", k)))
			moment, err := duty.Verify(secret.Commitment(), secret, roster, window)
			if err != nil {
				t.Fatal(err)
			}
			hours[moment.Hour()] = true
		}
		if len(hours) != 12 {
			t.Errorf("roster %d leaves %d of 12 hours", n, len(hours))
		}
	}
}

// A secret is 32 bytes, never the same twice, and does not show itself.
func TestSecretsHide(t *testing.T) {
	a, b := duty.NewSpotSecret(), duty.NewSpotSecret()
	if len(string(a)) != 64 || a == b {
		t.Errorf("secrets of %d and %d digits, equal: %t", len(string(a)), len(string(b)), a == b)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("draw", "secret", a)
	slog.New(slog.NewTextHandler(&log, nil)).Info("draw", "secret", a)
	fmt.Fprintf(&log, "%v %s %#v %q %+v", a, a, a, a, struct{ S duty.SpotSecret }{a})
	if bytes.Contains(log.Bytes(), []byte(string(a))) {
		t.Errorf("a secret was written:\n%s", &log)
	}
	text, err := json.Marshal(a)
	if err != nil || string(text) != `"`+string(a)+`"` {
		t.Errorf("the store could not keep it: %s, %v", text, err)
	}
}

// The written form of a window is read back, and nothing else is.
func TestSpotWindowText(t *testing.T) {
	window := duty.SpotWindow{span(1, 9, 21), {From: oct(2, 9, 0), To: oct(2, 16, 30)}}
	const text = "20261001T0100Z+720 20261002T0100Z+450"
	if got := window.String(); got != text {
		t.Errorf("written %q", got)
	}
	read, err := duty.ParseSpotWindow(text)
	if diff := cmp.Diff(window.String(), read.String()); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, bad := range []string{
		"20261001T0100+720", "20261001T0100Z", "20261001T0100Z+0", "20261001T0100Z+-5", "20261131T0100Z+5", "20261001T0100Z+99999",
		"20261002T0100Z+720 20261001T0100Z+720", "20261001T0100Z+720 20261001T0200Z+60",
	} {
		if _, err := duty.ParseSpotWindow(bad); reminders.KindOf(err) != reminders.Invalid {
			t.Errorf("%q is read: %v", bad, err)
		}
	}
}

// Every window that can be written is read back, and every minute of it belongs to it.
func TestSpotWindowRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := oct(1, 0, 0)
		var window duty.SpotWindow
		for range rapid.IntRange(1, 8).Draw(t, "spans") {
			at = at.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "gap")) * time.Minute)
			to := at.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "length")) * time.Minute)
			window = append(window, reminders.Window{From: at, To: to})
			at = to
		}
		read, err := duty.ParseSpotWindow(window.String())
		if err != nil || read.String() != window.String() || read.Minutes() != window.Minutes() {
			t.Fatalf("%q becomes %q, %v", window, read, err)
		}
		secret := duty.SpotSecret(reminders.HashText(rapid.String().Draw(t, "secret")))
		moment, err := duty.Verify(secret.Commitment(), secret, goldenRoster, read)
		if err != nil || !window.Contains(moment) || !moment.Equal(moment.Truncate(time.Minute)) {
			t.Fatalf("moment %v of %s, %v", moment, window, err)
		}
	})
}

func FuzzParseSpotWindow(f *testing.F) {
	f.Add("20261001T0100Z+720 20261002T0100Z+450")
	f.Add("")
	f.Add("+")
	f.Fuzz(func(t *testing.T, text string) {
		window, err := duty.ParseSpotWindow(text)
		if err != nil {
			return
		}
		again, err := duty.ParseSpotWindow(window.String())
		if err != nil || again.String() != window.String() {
			t.Errorf("%q is read as %q and then as %q, %v", text, window, again, err)
		}
	})
}
