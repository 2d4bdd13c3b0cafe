package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// rowsOfIdle runs the real binary with nothing to do.
func rowsOfIdle(b *testing.B, t *benchTable) {
	const persons = 1500
	while := bySize(10*time.Second, time.Minute)
	busy, memory := idle(b, persons, while)
	if memory == 0 {
		b.Log("there is no /proc here: not measured")
		return
	}
	share := 100 * busy.Seconds() / while.Seconds()
	t.below(fmt.Sprintf("idle for %s, %d people enrolled", while, persons), fmt.Sprintf("%.2f%% of a core", share), "< 1%", share < 1)
	t.below("idle: anonymous memory", megabytes(memory), "< 60 MB", memory < 60_000_000)
}

// idle gives how long the service kept a core busy and the memory that it had.
func idle(b *testing.B, persons int, while time.Duration) (busy time.Duration, memory int64) {
	b.Helper()
	dir := benchDir(b)
	binary := filepath.Join(dir, "qingfeng")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	data, token := filepath.Join(dir, "data"), filepath.Join(dir, "token")
	foundOffice(b, data, persons)
	if err := os.WriteFile(token, []byte(demoToken), 0o600); err != nil {
		b.Fatal(err)
	}
	server := sandbox.New(sandbox.Options{Token: demoToken, Now: time.Now})
	web := httptest.NewServer(server)
	defer func() { server.Close(); web.CloseClientConnections(); web.Close() }()
	cmd := exec.CommandContext(b.Context(), binary, "serve", "--data", data, "--api-url", web.URL, "--token-file", token, "--listen", "127.0.0.1:0", "--log-level", "warn")
	errs := &said{}
	cmd.Stderr = errs
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	for deadline := time.Now().Add(patience); !errs.has("ready"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatalf("not ready:\n%s", errs)
		}
	}
	time.Sleep(while / 6) // the work of a start is no idling
	before, _ := processorTime(cmd.Process.Pid)
	for begun := time.Now(); time.Since(begun) < while; time.Sleep(while / 60) {
		memory = max(memory, anonymous(cmd.Process.Pid))
	}
	after, _ := processorTime(cmd.Process.Pid)
	return after - before, memory
}
