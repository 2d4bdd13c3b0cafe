package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

var (
	killFor  = flag.Duration("kill.for", 0, "how long TestKill and TestKillRevision go on killing, over ever new offices; 0: one of each")
	killSeed = flag.Uint64("kill.seed", 0, "seed of the choices, as a test names it; 0: a new one")
)

// mostOffices is over how many offices, unless told to go on, TestKill looks for a
// point that it has not hit yet; one is usually enough.
const mostOffices = 3

// The real process is killed with SIGKILL, at random instants and at every named
// point, while it binds people, publishes, sends, chases and takes taps, and is
// started again each time. In the end nothing is lost, only what was in flight at a
// kill arrived twice, and the export says which that was (docs/adr/0010).
//
// Read kill_season_test.go (an office from its first day to its last),
// kill_fate_test.go (how each life of the service ends), kill_victim_test.go (the
// process), kill_phones_test.go (the chat service and the people), kill_count_test.go
// (what must be true in the end). kill_import_test.go, kill_restore_test.go and
// kill_revision_test.go kill it within work that is done in pieces.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about a minute")
	}
	binary, seed := builtBinary(t), killSeedOf()
	for mode, name := range []string{"polling", "webhook"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killed := newTally(name, seed)
			ends := time.Now().Add(*killFor)
			for n := uint64(0); !t.Failed() && (n < mostOffices && !killed.complete() || time.Now().Before(ends)); n++ {
				rng := rand.New(rand.NewPCG(seed, 2*n+uint64(mode)))
				s := newSeason(t, binary, name == "webhook", rng, killed)
				s.play()
			}
			killed.sum(t)
		})
	}
}

// builtBinary gives the real binary, which is built once for all tests.
func builtBinary(t *testing.T) string {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// builtIn is the folder of what build has made.
var builtIn string

var build = sync.OnceValues(func() (binary string, err error) {
	if builtIn, err = os.MkdirTemp("", "qingfeng-test-"); err != nil {
		return "", err
	}
	binary = filepath.Join(builtIn, "qingfeng")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

// killSeedOf is the seed that was asked for, or a new one.
func killSeedOf() uint64 {
	if *killSeed != 0 {
		return *killSeed
	}
	return rand.Uint64()
}

// The variable that kills is for chat services on this machine and for points that
// exist.
func TestCrashVariable(t *testing.T) {
	for _, row := range []struct {
		name, value, api string
		refused          bool
	}{
		{"a point that is not there", "lunch:1", "http://127.0.0.1:8081", true},
		{"no pass", "sent", "http://127.0.0.1:8081", true},
		{"pass zero", "sent:0", "http://localhost:8081", true},
		{"nothing to do", "", "http://127.0.0.1:8081", false},
		{"the real chat service", "sent:1", "https://api.telegram.org", false},
		{"nonsense at the real chat service", "lunch", "https://api.telegram.org", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := armCrash(row.value, row.api, os.Stderr); (err != nil) != row.refused {
				t.Errorf("%q against %s: %v", row.value, row.api, err)
			}
		})
	}
}
