package main

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// configName is the file of settings that is read from the working directory.
const configName = "qingfeng.yaml"

// envPrefix is before the name of every environment variable.
const envPrefix = "QINGFENG_"

// apart marks a command that leaves the settings of the service alone: no file,
// and not the data directory of the environment.
const apart = "apart"

// settled marks a flag that the environment or the file gave.
const settled = "settled"

// typed reports whether a flag stood on the command line itself.
func typed(cmd *cobra.Command, name string) bool {
	f := cmd.Flags().Lookup(name)
	return f.Changed && f.Annotations[settled] == nil
}

// configure fills in the flags that the command line did not give: from the
// environment, else from the file of settings.
func configure(cmd *cobra.Command) error {
	settings := koanf.New(".")
	if cmd.Annotations[apart] == "" {
		if err := loadFile(settings, cmd); err != nil {
			return err
		}
	}
	variables := koanf.New(".")
	if err := variables.Load(env.Provider(".", env.Opt{Prefix: envPrefix, TransformFunc: fromVariable}), nil); err != nil {
		return err
	}
	if cmd.Annotations[apart] != "" {
		variables.Delete("data")
	}
	if err := settings.Merge(variables); err != nil {
		return err
	}
	var wrong error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || !settings.Exists(f.Name) || wrong != nil || f.Name == "help" {
			return
		}
		name := f.Name
		if variables.Exists(name) {
			name = variableOf(name)
		}
		value := settings.String(f.Name)
		if list := settings.Strings(f.Name); len(list) > 0 {
			value = strings.Join(list, " ")
		}
		if err := f.Value.Set(value); err != nil {
			wrong = badValue(name, value, f.Value.Type())
		}
		f.Changed = true
		f.Annotations = map[string][]string{settled: {name}}
	})
	return wrong
}

// variableOf is the environment variable of a flag.
func variableOf(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromVariable is the flag of an environment variable. An empty variable counts as
// none.
func fromVariable(name, value string) (string, any) {
	if value == "" {
		return "", nil
	}
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, envPrefix), "_", "-")), value
}

// loadFile reads the file of settings. One that is named must be there; in any,
// every key must be that of a flag, so that a slip of the pen is not passed over.
func loadFile(settings *koanf.Koanf, cmd *cobra.Command) error {
	path, named := configName, false
	if f := cmd.Flags().Lookup("config"); f != nil && f.Value.String() != "" {
		path, named = f.Value.String(), true
	} else if value := os.Getenv(variableOf("config")); value != "" {
		path, named = value, true
	}
	err := settings.Load(file.Provider(path), yaml.Parser())
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil
	}
	if err != nil {
		return usage("cli.config.unreadable", reminders.Args{
			"Path": reminders.Text(path), "Cause": reminders.Text(err.Error()),
		})
	}
	known := flagNames(cmd.Root())
	for _, key := range settings.Keys() {
		if !slices.Contains(known, key) {
			return usage("cli.config.key", reminders.Args{"Path": reminders.Text(path), "Key": reminders.Text(key)})
		}
	}
	return nil
}

// flagNames lists the flags of all commands: they share one file.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) {
		if f.Name != "help" && f.Name != "config" {
			names = append(names, f.Name)
		}
	}
	cmd.PersistentFlags().VisitAll(add)
	if cmd.Annotations[apart] == "" {
		cmd.Flags().VisitAll(add)
	}
	for _, sub := range cmd.Commands() {
		names = append(names, flagNames(sub)...)
	}
	return names
}
