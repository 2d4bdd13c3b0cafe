package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// What the build says of itself; the Makefile sets both.
var (
	version = ""
	commit  = ""
)

// botAPI is the version of the Bot API against whose description this is written.
const botAPI = "10.1"

// versionInfo is what the binary knows of itself.
type versionInfo struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
	BotAPI  string `json:"bot_api"`
}

// versionOf reads what the build left behind, also where it was not the Makefile.
func versionOf() versionInfo {
	v := versionInfo{Version: version, Commit: commit, Go: runtime.Version(), BotAPI: botAPI}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		build = &debug.BuildInfo{}
	}
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" && v.Commit == "" {
			v.Commit = s.Value[:min(12, len(s.Value))]
		}
	}
	if v.Version == "" {
		v.Version = build.Main.Version
	}
	if v.Version == "" {
		v.Version = "(devel)"
	}
	if v.Commit == "" {
		v.Commit = "unknown"
	}
	return v
}

// newVersion makes the command that says what is running.
func newVersion(c *console) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Say which version this is",
		Example: "  qingfeng version\n  qingfeng version --format json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := versionOf()
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			if format == "json" {
				return json.NewEncoder(c.out).Encode(v)
			}
			_, err := fmt.Fprintf(c.out, "qingfeng %s\ncommit %s\n%s\nBot API %s\n", v.Version, v.Commit, v.Go, v.BotAPI)
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}
