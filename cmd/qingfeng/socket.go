package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Names within the data directory. Where the path of the socket would be longer
// than a system takes, the socket stands in a private temporary directory and
// pathName says where.
const (
	socketName = "qingfeng.sock"
	pathName   = "qingfeng.sock.path"
	maxPath    = 100 // bytes; systems take 103 to 107
)

// Limits of a request: a register of a million people, and the time to send it.
const (
	maxRequest  = 256 << 20
	requestTime = time.Minute
)

// request is what a command sends: its task, and how its user wants to be spoken to.
type request struct {
	Task     string             `json:"task"`
	Body     json.RawMessage    `json:"body"`
	Language reminders.Language `json:"language"`
	Styled   bool               `json:"styled,omitempty"`
	Lively   bool               `json:"lively,omitempty"`
}

// frame is one piece of the answer: something for one of the streams, or the end.
type frame struct {
	Out  []byte `json:"out,omitempty"`
	Errs []byte `json:"errs,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// door is the socket over which commands reach the running service. Only the owner
// of the data directory can open it.
type door struct {
	net.Listener

	private string // temporary directory to remove; usually none
	record  string // file that says where the socket is
}

// openDoor listens in a data directory that this process holds: whatever socket an
// earlier process left there is nobody's.
func openDoor(dir string) (*door, error) {
	d := &door{record: filepath.Join(dir, pathName)}
	path := filepath.Join(dir, socketName)
	for _, old := range []string{path, d.record} {
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, failed("cli.socket.open", reminders.Args{"Path": reminders.Text(path), "Cause": reminders.Text(cause(err))}, err)
		}
	}
	if len(path) > maxPath {
		var err error
		if d.private, err = temporaryDir("qingfeng-"); err != nil {
			return nil, err
		}
		path = filepath.Join(d.private, socketName)
		if err := os.WriteFile(d.record, []byte(path+"\n"), 0o600); err != nil {
			return nil, err
		}
	}
	var err error
	if d.Listener, err = net.Listen("unix", path); err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		return nil, failed("cli.socket.open", reminders.Args{"Path": reminders.Text(path), "Cause": reminders.Text(cause(err))}, err)
	}
	return d, nil
}

// doorOf is where the door of a data directory would be.
func doorOf(dir string) string {
	if text, err := os.ReadFile(filepath.Join(dir, pathName)); err == nil {
		return strings.TrimSpace(string(text))
	}
	return filepath.Join(dir, socketName)
}

// serve performs what commands ask until ctx ends, and waits for those at work.
func (d *door) serve(ctx context.Context, f *office, log *slog.Logger) error {
	defer func() {
		_ = os.Remove(d.record)
		if d.private != "" {
			_ = os.RemoveAll(d.private)
		}
	}()
	stop := context.AfterFunc(ctx, func() { _ = d.Close() })
	defer stop()
	var visits sync.WaitGroup
	defer visits.Wait()
	for {
		conn, err := d.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			log.WarnContext(ctx, "socket", "error", err)
			if err := pause(ctx, time.Second); err != nil {
				return nil //nolint:nilerr // stopping is no failure
			}
			continue
		}
		visits.Go(func() {
			defer func() { _ = conn.Close() }()
			receiveTask(ctx, conn, f)
		})
	}
}

// receiveTask performs the task of one connection. When the command goes away, its
// task is ended.
func receiveTask(ctx context.Context, conn net.Conn, f *office) {
	_ = conn.SetReadDeadline(time.Now().Add(requestTime))
	var r request
	if json.NewDecoder(io.LimitReader(conn, maxRequest)).Decode(&r) != nil {
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = conn.Read(make([]byte, 1)) // nothing more is sent: this ends when the command does
		cancel()
	}()
	frames := &framer{enc: json.NewEncoder(conn)}
	c := &console{
		out: frameWriter{frames, false}, errs: frameWriter{frames, true}, language: r.Language,
		location: f.years.Calendar().Location(), styled: r.Styled, lively: r.Lively, serving: true,
	}
	t, err := decodeTask(r.Task, r.Body)
	if err == nil {
		err = t.run(ctx, c, f)
	}
	exit := c.end(err)
	frames.send(frame{Exit: &exit})
}

// framer sends frames, one at a time.
type framer struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (f *framer) send(one frame) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.enc.Encode(one) // the command has gone: its task is ended
}

// frameWriter is one of the streams of a command elsewhere.
type frameWriter struct {
	*framer

	errs bool
}

// Write implements io.Writer.
func (w frameWriter) Write(p []byte) (int, error) {
	if w.errs {
		w.send(frame{Errs: p})
	} else {
		w.send(frame{Out: p})
	}
	return len(p), nil
}

// ask hands a task to the service that runs on a data directory. It reports false
// if none answers.
func (c *console) ask(ctx context.Context, dir, name string, t task) (told bool, err error) {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "unix", doorOf(dir))
	if err != nil {
		return false, nil //nolint:nilerr // nobody is there
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	body, err := json.Marshal(t)
	if err != nil {
		return true, err
	}
	if err := json.NewEncoder(conn).Encode(request{Task: name, Body: body, Language: c.language, Styled: c.styled, Lively: c.lively}); err != nil {
		return true, failed("cli.socket.broken", nil, err)
	}
	return true, c.replay(json.NewDecoder(conn))
}

// replay writes what comes back to the streams and ends as the task ended.
func (c *console) replay(frames *json.Decoder) error {
	for {
		var one frame
		if err := frames.Decode(&one); err != nil {
			return failed("cli.socket.broken", nil, err)
		}
		if _, err := c.out.Write(one.Out); err != nil {
			return err
		}
		if _, err := c.errs.Write(one.Errs); err != nil {
			return err
		}
		switch {
		case one.Exit == nil:
		case *one.Exit == exitDone:
			return nil
		default:
			return &statedError{*one.Exit}
		}
	}
}
