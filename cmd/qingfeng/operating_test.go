package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// The table of settings in docs/operating.md names every flag of serve, and no other.
func TestOperatingNamesEveryFlag(t *testing.T) {
	page := string(read(t, "../../docs/operating.md"))
	_, table, _ := strings.Cut(page, "| flag of `serve` |")
	table, after, _ := strings.Cut(table, "\n\n")
	after, _, _ = strings.Cut(after, "\n\n") // of the simulated clock
	var named []string
	for _, match := range regexp.MustCompile("`--([a-z-]+)`").FindAllStringSubmatch(table+after, -1) {
		named = append(named, match[1])
	}
	for _, name := range serveFlagNames(t) {
		if name != "config" && !slices.Contains(named, name) {
			t.Errorf("docs/operating.md does not name --%s", name)
		}
	}
	for _, name := range named {
		if !slices.Contains(serveFlagNames(t), name) {
			t.Errorf("docs/operating.md names --%s, which serve does not have", name)
		}
	}
}

// serveFlagNames lists the flags of serve.
func serveFlagNames(t *testing.T) (names []string) {
	t.Helper()
	cmd, _, err := newRoot(newConsole(nil, nil)).Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	cmd.InheritedFlags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// The unit for systemd sets only what serve knows, gives it longer to stop than it
// takes, and does not start it again where that cannot help.
func TestUnitFile(t *testing.T) {
	settings := map[string][]string{}
	for line := range strings.Lines(string(read(t, "../../docs/qingfeng.service"))) {
		if key, value, found := strings.Cut(strings.TrimSpace(line), "="); found && !strings.HasPrefix(key, "#") {
			settings[key] = append(settings[key], value)
		}
	}
	if got := settings["ExecStart"]; len(got) != 1 || !strings.HasSuffix(got[0], "/qingfeng serve") {
		t.Errorf("it starts %v", got)
	}
	for _, setting := range settings["Environment"] {
		name, _, _ := strings.Cut(setting, "=")
		if flag, _ := fromVariable(name, "x"); !slices.Contains(serveFlagNames(t), flag) {
			t.Errorf("serve does not know %s", name)
		}
	}
	stop, err := time.ParseDuration(strings.Join(settings["TimeoutStopSec"], "") + "s")
	if err != nil || stop <= stopTime {
		t.Errorf("it may take %v to stop, the service takes up to %v; %v", stop, stopTime, err)
	}
	for _, row := range []struct{ key, value string }{
		{"KillSignal", "SIGTERM"},
		{"Restart", "on-failure"},
		{"RestartPreventExitStatus", "2 3 4"},
		{"DynamicUser", "yes"},
		{"ProtectSystem", "strict"},
		{"NoNewPrivileges", "yes"},
		{"CapabilityBoundingSet", ""},
		{"UMask", "0077"},
		{"StateDirectoryMode", "0700"},
	} {
		if got := strings.Join(settings[row.key], " "); got != row.value {
			t.Errorf("%s is %q, want %q", row.key, got, row.value)
		}
	}
}
