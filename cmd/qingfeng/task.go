package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// task is a command that works on an office. Its exported fields are all it needs,
// contents of files included, so that it travels as JSON to a service that holds
// the office. What it writes to the console comes back.
type task interface {
	run(ctx context.Context, c *console, f *office) error
}

// tasks makes every task by its name, for those that arrive over the socket.
var tasks = map[string]func() task{
	"plan":   func() task { return new(planTask) },
	"check":  func() task { return new(checkTask) },
	"import": func() task { return new(importTask) },
	"export": func() task { return new(exportTask) },
	"invite": func() task { return new(inviteTask) },
	"token":  func() task { return new(tokenTask) },
	"backup": func() task { return new(backupTask) },

	"responsible": func() task { return new(responsibleTask) },
}

// absence says what a task does where there is no store yet.
type absence int

const (
	makeStore absence = iota // it makes one
	needStore                // it fails
	noStore                  // it works on an empty one in memory
)

// perform runs a task on the office of a data directory: that of a running service
// if there is one, otherwise our own for the time of the task.
func (c *console) perform(ctx context.Context, p place, name string, t task, without absence) error {
	c.location = p.location
	if told, err := c.ask(ctx, p.dir, name, t); told {
		return err
	}
	engine, err := c.engine(p.dir, without)
	if inUse(err) {
		// It may have been about to open its door just now.
		if told, err := c.ask(ctx, p.dir, name, t); told {
			return err
		}
	}
	if err != nil {
		return err
	}
	f, err := newOffice(ctx, officeOptions{
		engine: engine, files: openFiles(p.dir, wallClock{}), clock: wallClock{}, location: p.location, language: c.language, override: p.override, log: discard(),
	})
	if err != nil {
		return errors.Join(err, engine.Close())
	}
	return errors.Join(t.run(ctx, c, f), f.close())
}

// engine opens the store of a data directory.
func (c *console) engine(dir string, without absence) (store.Engine, error) {
	_, err := os.Stat(filepath.Join(dir, databaseName))
	if !errors.Is(err, os.ErrNotExist) {
		return opened(openEngine(dir))
	}
	switch without {
	case noStore:
		return mem.New(), nil
	case needStore:
		return nil, failed("cli.data.none", reminders.Args{"Path": reminders.Text(dir)}, nil)
	}
	if err := privateDir(dir); err != nil {
		return nil, err
	}
	return opened(openEngine(dir))
}

// opened gives no engine at all, rather than one that is none, after an error.
func opened(engine *bolt.Engine, err error) (store.Engine, error) {
	if err != nil {
		return nil, err
	}
	return engine, nil
}

// decodeTask makes the task of a request.
func decodeTask(name string, body json.RawMessage) (task, error) {
	makeTask, known := tasks[name]
	if !known {
		return nil, failed("cli.socket.versions", nil, nil)
	}
	t := makeTask()
	if err := json.Unmarshal(body, t); err != nil {
		return nil, failed("cli.socket.versions", nil, err)
	}
	return t, nil
}
