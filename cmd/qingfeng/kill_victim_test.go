package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// victim is one life of the real process.
type victim struct {
	cmd  *exec.Cmd
	errs *said
	dead chan struct{} // closed when the process has ended
}

// said is what a process says on stderr.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// has reports whether a line begins so.
func (s *said) has(line string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains("\n"+s.text.String(), "\n"+line)
}

// String is all that was said.
func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// start starts the process; it ends with the test at the latest.
func start(t *testing.T, binary, crashAt string, args ...string) *victim {
	t.Helper()
	v := &victim{cmd: exec.CommandContext(t.Context(), binary, args...), errs: &said{}, dead: make(chan struct{})}
	v.cmd.Stderr = v.errs
	v.cmd.Env = append(os.Environ(), crashVariable+"="+crashAt, variableOf("api-url")+"=http://127.0.0.1:9", "LANG=en_US.UTF-8")
	if err := v.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(v.dead)
		_ = v.cmd.Wait() // how it ended is in ProcessState
	}()
	t.Cleanup(func() { v.kill(); <-v.dead })
	return v
}

// kill sends SIGKILL.
func (v *victim) kill() {
	if err := v.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic(err)
	}
}

// killed reports whether SIGKILL ended the process.
func (v *victim) killed() bool {
	return v.cmd.ProcessState.String() == "signal: killed"
}
