package bolt_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// victimEnv names the file that a child of these tests writes to until it is
// killed.
const victimEnv = "QINGFENG_TEST_VICTIM"

// TestMain makes the test binary its own victim.
func TestMain(m *testing.M) {
	if path := os.Getenv(victimEnv); path != "" {
		fmt.Fprintln(os.Stderr, write(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// batchSize is how many records each batch of the victim has.
const batchSize = 20

// batchOf gives batch n: records all over the key space, and one that counts. Every
// third batch deletes what the one before wrote.
func batchOf(n int) []store.Change {
	changes := []store.Change{{Key: "last", Value: []byte(strconv.Itoa(n)), Seen: store.Any}}
	for i := range batchSize {
		c := store.Change{Key: recordOf(n, i), Value: make([]byte, 300), Seen: store.Any}
		if n%3 == 2 {
			c.Key, c.Value = recordOf(n-1, i), nil
		}
		changes = append(changes, c)
	}
	return changes
}

// recordOf names record i of batch n.
func recordOf(n, i int) string { return fmt.Sprintf("%02d/%06d", i, n) }

// write applies batch after batch and prints the number of each when the engine
// has confirmed it. It ends by being killed.
func write(path string) error {
	e, err := bolt.Open(path)
	if err != nil {
		return err
	}
	record, _, err := e.Get(context.Background(), "last")
	if err != nil {
		return err
	}
	last, _ := strconv.Atoi(string(record.Value))
	for n := last + 1; ; n++ {
		if err := e.Apply(context.Background(), batchOf(n)...); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// TestKill: whatever the instant of a kill, every confirmed batch is there, and
// none is there by half.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "qingfeng.db")
	confirmed := 0
	for range 8 {
		confirmed = max(confirmed, outlive(t, path))
		whole(t, path, confirmed)
	}
	if confirmed == 0 {
		t.Error("no batch was ever confirmed")
	}
}

// outlive starts a victim, kills it at a random instant after its first batch, and
// gives the last batch that it saw confirmed.
func outlive(t *testing.T, path string) (confirmed int) {
	t.Helper()
	victim := exec.CommandContext(t.Context(), os.Args[0])
	victim.Env = append(os.Environ(), victimEnv+"="+path)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if confirmed == 0 {
			time.AfterFunc(rand.N(60*time.Millisecond), func() { _ = victim.Process.Kill() })
		}
		confirmed, _ = strconv.Atoi(lines.Text())
	}
	_ = victim.Wait() // it was killed
	return confirmed
}

// whole wants the file to hold the batches up to some number not before confirmed,
// and nothing else.
func whole(t *testing.T, path string, confirmed int) {
	t.Helper()
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	record, _, err := e.Get(t.Context(), "last")
	if err != nil {
		t.Fatal(err)
	}
	last, _ := strconv.Atoi(string(record.Value))
	if last < confirmed {
		t.Errorf("batch %d was confirmed, the file ends at %d", confirmed, last)
	}
	want := map[string]bool{"last": true}
	for n := 1; n <= last; n++ {
		for _, c := range batchOf(n) {
			if c.Value != nil {
				want[c.Key] = true
			} else {
				delete(want, c.Key)
			}
		}
	}
	records, err := e.List(t.Context(), "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if !want[r.Key] {
			t.Errorf("after batch %d there is %s", last, r.Key)
		}
		delete(want, r.Key)
	}
	if len(want) > 0 {
		t.Errorf("after batch %d there are %d records missing", last, len(want))
	}
}
