package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// configured gives the flags of a command after the settings of a test were read.
func configured(t *testing.T, command string, args ...string) *cobra.Command {
	t.Helper()
	cmd, _, err := newRoot(newConsole(os.Stdout, os.Stderr)).Find([]string{command})
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	if err := configure(cmd); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// settle writes the file of settings into a directory of the test's own.
func settle(t *testing.T, file string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile(configName, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestWhichSettingWins: flag, environment, file, default; an empty variable counts
// as none.
func TestWhichSettingWins(t *testing.T) {
	settle(t, "rate: 11\nlog-level: debug\nlisten: 127.0.0.1:1\nlog-format: json\n")
	t.Setenv("QINGFENG_RATE", "12")
	t.Setenv("QINGFENG_LOG_LEVEL", "warn")
	t.Setenv("QINGFENG_LISTEN", "")
	cmd := configured(t, "serve", "--rate", "13")
	got := map[string]string{}
	for _, name := range []string{"rate", "log-level", "listen", "log-format", "timezone"} {
		got[name] = cmd.Flags().Lookup(name).Value.String()
	}
	want := map[string]string{
		"rate": "13", "log-level": "warn", "listen": "127.0.0.1:1", "log-format": "json", "timezone": "Asia/Shanghai",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if !typed(cmd, "rate") || typed(cmd, "log-level") || typed(cmd, "listen") || typed(cmd, "timezone") {
		t.Error("only --rate stood on the command line")
	}
}

// TestDemoStaysApart: the settings of the service, above all its data directory, do
// not reach the demo.
func TestDemoStaysApart(t *testing.T) {
	settle(t, "data: /var/lib/office\nlisten: 127.0.0.1:1\nno-such-setting: 1\n")
	t.Setenv("QINGFENG_DATA", "/var/lib/office")
	t.Setenv("QINGFENG_SPEED", "60")
	flags := configured(t, "demo").Flags()
	for name, want := range map[string]string{"data": "", "listen": "127.0.0.1:8484", "speed": "60"} {
		if got := flags.Lookup(name).Value.String(); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestWhereTheTokenComesFrom: a file on the command line, then the variables, then a
// file of the settings.
func TestWhereTheTokenComesFrom(t *testing.T) {
	file := t.TempDir() + "/token"
	if err := os.WriteFile(file, []byte(" from-file \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name  string
		file  string
		typed bool
		env   map[string]string
		want  string
	}{
		{"flag over variables", file, true, map[string]string{"QINGFENG_TOKEN": "a", "TELEGRAM_BOT_TOKEN": "b"}, "from-file"},
		{"our variable first", file, false, map[string]string{"QINGFENG_TOKEN": "a", "TELEGRAM_BOT_TOKEN": "b"}, "a"},
		{"the common variable", "", false, map[string]string{"TELEGRAM_BOT_TOKEN": "b"}, "b"},
		{"a file of the settings", file, false, nil, "from-file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := serveFlags{tokenFile: row.file}
			got, err := f.token(row.typed, func(name string) string { return row.env[name] })
			if err != nil || got != row.want {
				t.Errorf("%q, %v, want %q", got, err, row.want)
			}
		})
	}
}

// TestPace: more than 30 messages a second have to be paid for, 1000 are the most, and
// an API on this machine knows neither limit.
func TestPace(t *testing.T) {
	for _, row := range []struct {
		name  string
		args  []string
		taken bool
	}{
		{"the default", nil, true},
		{"the most that is free", []string{"--rate", "30"}, true},
		{"more", []string{"--rate", "30.5"}, false},
		{"more, paid", []string{"--rate", "30.5", "--paid-broadcast"}, true},
		{"the most", []string{"--rate", "1000", "--paid-broadcast"}, true},
		{"too much", []string{"--rate", "1000.5", "--paid-broadcast"}, false},
		{"too much of this machine", []string{"--rate", "5000", "--api-url", "http://127.0.0.1:8081"}, true},
		{"a machine that only looks like this one", []string{"--rate", "5000", "--api-url", "http://127.0.0.1.example.org"}, false},
		{"nothing", []string{"--rate", "0"}, false},
		{"no number", []string{"--rate", "NaN"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			cmd, _, err := newRoot(newConsole(os.Stdout, os.Stderr)).Find([]string{"serve"})
			if err != nil {
				t.Fatal(err)
			}
			var f serveFlags
			cmd.ResetFlags()
			f.register(cmd.Flags())
			if err := cmd.ParseFlags(row.args); err != nil {
				t.Fatal(err)
			}
			if s, err := f.resolve(cmd); (err == nil) != row.taken || err == nil && s.rate != f.rate {
				t.Errorf("%v: rate %v, %v", row.args, s.rate, err)
			}
		})
	}
}

// Whatever stands in the file of settings, it is read or refused with a word to the
// operator.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{"rate: 11\n", "", "- a\n", "rate: [1, 2]\n", "a: &a [*a]\n", "rate: 1\nrate: 2\n", "\x00", "data: !!binary x\n", "? {a: b}\n: c\n", "rate:\n  deep: 1\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		settle(t, text)
		cmd, _, err := newRoot(newConsole(os.Stdout, os.Stderr)).Find([]string{"serve"})
		if err != nil {
			t.Fatal(err)
		}
		if err := configure(cmd); err != nil && reminders.MessageOf(err).Key == "" {
			t.Errorf("%q is refused without a word: %v", text, err)
		}
	})
}
