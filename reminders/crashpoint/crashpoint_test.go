package crashpoint_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// Every point has a name of its own, by which it is found.
func TestNames(t *testing.T) {
	for _, p := range crashpoint.All() {
		if found, ok := crashpoint.Named(p.String()); p.String() == "" || !ok || found != p {
			t.Errorf("point %d is called %q, which names %v, %v", int(p), p, found, ok)
		}
	}
	for _, name := range []string{"", "somewhere", "crashpoint(99)"} {
		if p, ok := crashpoint.Named(name); ok {
			t.Errorf("%q names %v", name, p)
		}
	}
}

// Whoever armed the points hears of each pass, and nobody before that.
func TestPass(t *testing.T) {
	crashpoint.Pass(crashpoint.Send)
	var passed []crashpoint.Point
	crashpoint.Arm(func(p crashpoint.Point) { passed = append(passed, p) })
	defer crashpoint.Arm(nil)
	for _, p := range slices.Backward(crashpoint.All()) {
		crashpoint.Pass(p)
	}
	want := crashpoint.All()
	slices.Reverse(want)
	if diff := cmp.Diff(want, passed); diff != "" {
		t.Errorf("passes (-want +got):\n%s", diff)
	}
}
