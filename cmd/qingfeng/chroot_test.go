//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAloneInAnEmptyDirectory: the static binary needs nothing beside it, no shell,
// no time zones, no certificates, no temporary directory: what an image from scratch
// gives it.
func TestAloneInAnEmptyDirectory(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may change the root directory")
	}
	if testing.Short() {
		t.Skip("builds the binary")
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "qingfeng"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, row := range []struct{ command, wanted string }{
		{"version --format json", `"bot_api":"10.1"`},
		{"check", `Nothing is wrong`},
		{"plan --from 2026-09-22 --to 2026-09-22 --format json", `"at":"2026-09-22T09:00:00\+08:00"`},
	} {
		t.Run(strings.Fields(row.command)[0], func(t *testing.T) {
			output, err := alone(t.Context(), dir, row.command).CombinedOutput()
			if err != nil || !regexp.MustCompile(row.wanted).Match(output) {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
	t.Run("demo", func(t *testing.T) { demoAlone(t, dir) })
}

// alone is a command of the binary in the directory in which there is nothing else.
func alone(ctx context.Context, dir, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/qingfeng", strings.Fields(command)...)
	cmd.Dir, cmd.Env = "/", []string{"LANG=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: dir}
	return cmd
}

// demoAlone starts the demo and asks its page.
func demoAlone(t *testing.T, dir string) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	demo := alone(ctx, dir, "demo --no-browser --listen 127.0.0.1:0")
	demo.Cancel = func() error { return demo.Process.Signal(syscall.SIGTERM) }
	demo.WaitDelay = patience
	var errs bytes.Buffer
	demo.Stderr = &errs
	out, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 200)
	n, _ := out.Read(line)
	address := regexp.MustCompile(`http://[0-9.:]+`).FindString(string(line[:n]))
	if address == "" {
		t.Fatalf("no address in %q\n%s", line[:n], errs.String())
	}
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	if err != nil || resp.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("<html")) {
		t.Errorf("%d, %v\n%.200s", resp.StatusCode, err, page)
	}
	cancel()
	if err := demo.Wait(); err != nil && demo.ProcessState.ExitCode() != 0 {
		t.Errorf("the demo ended with %v\n%s", err, errs.String())
	}
}
