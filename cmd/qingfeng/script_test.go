package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// scriptToken is the token of the sandboxes that scripts start.
const scriptToken = "4242424242:AAscriptscriptscriptscriptscriptscri"

// patience is how long a script waits for what happens elsewhere.
const patience = 30 * time.Second

// TestMain lets scripts run the real command under its name.
func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){"qingfeng": main})
}

// tidy runs the tests and removes what they have built.
type tidy struct{ *testing.M }

// Run implements testscript.TestingM.
func (m tidy) Run() int {
	code := m.M.Run()
	if dir := builtIn; dir != "" {
		_ = os.RemoveAll(dir)
	}
	return code
}

// TestScripts drives the command line as an operator would, one story a file.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("LANG", "en_US.UTF-8")
			// The race detector lets a process linger for a second at its end, and a script
			// runs dozens: a moment is enough for who would report then.
			env.Setenv("GORACE", "atexit_sleep_ms=10")
			env.Setenv("TOKEN", scriptToken)
			content, err := filepath.Abs("../../content")
			if err != nil {
				return err
			}
			env.Setenv("CONTENT", content)
			env.Values[stageKey{}] = &stage{}
			return os.WriteFile(env.WorkDir+"/token", []byte(scriptToken+"\n"), 0o600)
		},
		Condition: func(cond string) (bool, error) {
			if cond != "mount" {
				return false, fmt.Errorf("there is no condition %q", cond)
			}
			return mayMount(), nil
		},
		Cmds: scriptCommands,
	})
}

// scriptCommand is a command of our own in scripts.
type scriptCommand = func(ts *testscript.TestScript, neg bool, args []string)

// scriptCommands are the commands of our own. Systems add theirs.
var scriptCommands = map[string]scriptCommand{
	"sandbox": startSandbox, "phone": usePhone, "await": await, "get": get, "exits": exits, "links": links,
	"freeport": freePort, "post": post, "called": called,
}

// called wants the newest call of a method to have, or with ! not to have, a
// parameter: "called METHOD NAME VALUE".
func called(ts *testscript.TestScript, neg bool, args []string) {
	all := stageOf(ts).server.Calls()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Method == args[0] {
			if has := all[i].Params[args[1]] == args[2]; has == neg {
				ts.Fatalf("%s was called with %q", args[0], all[i].Params)
			}
			return
		}
	}
	ts.Fatalf("%s was not called", args[0])
}

// mayMount reports whether scripts may mount disks, on systems where they can.
var mayMount = func() bool { return false }

// stage is what one script has set up.
type stage struct{ server *sandbox.Server }

type stageKey struct{}

func stageOf(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

// exits runs a command and wants its exit code: "exits CODE COMMAND...". What it
// wrote is for the next lines of the script, as after exec.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// startSandbox starts a chat service and puts its address into $API. Called again,
// "sandbox poll" polls once as another process with the same token would.
func startSandbox(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 1 && args[0] == "poll" {
		resp, err := http.Get(ts.Getenv("API") + "/bot" + scriptToken + "/getUpdates?timeout=2")
		ts.Check(err)
		ts.Check(resp.Body.Close())
		return
	}
	server := sandbox.New(sandbox.Options{Token: scriptToken, Now: time.Now})
	web := httptest.NewServer(server)
	ts.Setenv("API", web.URL)
	ts.Defer(func() { server.Close(); web.CloseClientConnections(); web.Close() })
	stageOf(ts).server = server
}

// usePhone lets a person act: "phone ID NAME start CODE", "phone ID NAME type
// TEXT", "phone ID NAME tap LABEL", "phone ID NAME sees REGEXP".
func usePhone(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: phone ID NAME start|type|tap|sees TEXT")
	}
	id, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	phone := stageOf(ts).server.Person(id, args[1], "zh-hans")
	text := strings.Join(args[3:], " ")
	switch args[2] {
	case "start":
		phone.Start(text)
	case "type":
		phone.Type(text)
	case "tap":
		until(ts, func() (string, bool) {
			err := phone.TapLabel(text)
			return fmt.Sprint(err), err == nil
		})
	case "sees":
		pattern := regexp.MustCompile(text)
		if neg {
			if shown := shownOn(phone); pattern.MatchString(shown) {
				ts.Fatalf("the phone shows %q:\n%s", text, shown)
			}
			return
		}
		until(ts, func() (string, bool) {
			shown := shownOn(phone)
			return shown, pattern.MatchString(shown)
		})
	default:
		ts.Fatalf("a phone cannot %s", args[2])
	}
}

// shownOn is all that a phone shows.
func shownOn(phone *sandbox.Person) string {
	var b strings.Builder
	for _, m := range phone.Messages() {
		b.WriteString(m.Text + "\n")
	}
	return b.String()
}

// until waits until look says so, and fails with what it saw last.
func until(ts *testscript.TestScript, look func() (seen string, done bool)) {
	deadline := time.Now().Add(patience)
	for {
		seen, done := look()
		if done {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("waited in vain; last seen: %s", seen)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// await waits until a file, such as the messages of a process in the background,
// matches a regular expression: "await FILE REGEXP [NAME]". With a name the first
// group of the match becomes that variable.
func await(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[1])
	until(ts, func() (string, bool) {
		text, _ := os.ReadFile(ts.MkAbs(args[0])) //nolint:gosec // the script's own file
		match := pattern.FindSubmatch(text)
		if match != nil && len(args) > 2 {
			ts.Setenv(args[2], string(match[1]))
		}
		return string(text), match != nil
	})
}

// get asks an address: "get URL STATUS [REGEXP]", waiting for it to answer so.
func get(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, func() (string, bool) {
		resp, err := http.Get(args[0])
		if err != nil {
			return err.Error(), false
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		seen := fmt.Sprintf("%d\n%s", resp.StatusCode, body)
		return seen, strconv.Itoa(resp.StatusCode) == args[1] && (len(args) < 3 || regexp.MustCompile(args[2]).MatchString(seen))
	})
}

// links reads the links that invite printed and sets CODE_<staff_no> for each.
func links(ts *testscript.TestScript, _ bool, args []string) {
	for _, line := range strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			ts.Fatalf("not a line of invite: %q", line)
		}
		_, code, _ := strings.Cut(cells[2], "start=")
		ts.Setenv("CODE_"+strings.ReplaceAll(cells[0], "-", "_"), code)
	}
}

// freePort puts the number of a port that nobody listens on into a variable.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	ts.Check(err)
	ts.Check(listener.Close())
	ts.Setenv(args[0], port)
}

// post posts to an address and wants a status: "post URL STATUS [FILE [TOKENFILE]]". The
// name of the file is the idempotency key.
func post(ts *testscript.TestScript, _ bool, args []string) {
	var body io.Reader
	if len(args) > 2 {
		body = strings.NewReader(ts.ReadFile(args[2]))
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, args[0], body)
	ts.Check(err)
	r.Header.Set("Content-Type", "application/json")
	if len(args) > 3 {
		r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(ts.ReadFile(args[3])))
		r.Header.Set("Idempotency-Key", args[2])
	}
	resp, err := http.DefaultClient.Do(r)
	ts.Check(err)
	said, err := io.ReadAll(resp.Body)
	ts.Check(errors.Join(err, resp.Body.Close()))
	if strconv.Itoa(resp.StatusCode) != args[1] {
		ts.Fatalf("status %d, want %s: %s", resp.StatusCode, args[1], said)
	}
}
