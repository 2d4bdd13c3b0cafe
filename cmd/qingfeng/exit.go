package main

import (
	"errors"
	"io/fs"
	"net"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// The exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // unknown command or flag, bad value
	exitInput  = 3 // a file with wrong rows, or one that is not what it should be
	exitInUse  = 4 // the data directory is in use and nobody answers there
)

// usageError is a command line or a setting that is wrong.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// misused is the usage error of what the library that reads the command line
// found, which speaks English only.
func misused(cause error) error {
	return usage("cli.usage", reminders.Args{"Problem": reminders.Text(cause.Error())})
}

// usage is a usage error with a text of the catalogue.
func usage(key string, args reminders.Args) error {
	return &usageError{reminders.Fail(reminders.Invalid, "cli", key, args)}
}

// badValue is the usage error of a setting whose value does not do.
func badValue(name, value, wanted string) error {
	return usage("cli.value", reminders.Args{
		"Name": reminders.Text(name), "Value": reminders.Text(value), "Wanted": reminders.Text(wanted),
	})
}

// rowsError is a file in which rows are wrong.
type rowsError struct{ rows []sheet.RowError }

func (e *rowsError) Error() string { return "wrong rows" }

// inputError is a file that cannot be taken as a whole.
type inputError struct{ err error }

func (e *inputError) Error() string { return e.err.Error() }
func (e *inputError) Unwrap() error { return e.err }

// statedError ends a command that has said everything already.
type statedError struct{ code int }

func (e *statedError) Error() string { return "already told" }

// failed is an error of the command line with a text of the catalogue.
func failed(key string, args reminders.Args, cause error) error {
	e := reminders.Fail(reminders.Internal, "cli", key, args)
	e.Err = cause
	return e
}

// cause is what an error of the system says, without the path and the operation
// that stand in our own sentence.
func cause(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Err != nil {
		return op.Err.Error()
	}
	return err.Error()
}

// exitCode is the exit code of an error.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if stated, ok := errors.AsType[*statedError](err); ok {
		return stated.code
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	if _, ok := errors.AsType[*rowsError](err); ok {
		return exitInput
	}
	if _, ok := errors.AsType[*inputError](err); ok {
		return exitInput
	}
	if inUse(err) {
		return exitInUse
	}
	return exitFailed
}

// inUse reports whether another process holds the data directory.
func inUse(err error) bool { return reminders.MessageOf(err).Key == "error.store.locked" }

// tellRows names each wrong row with its column and the reason.
func (c *console) tellRows(e *rowsError) {
	for _, row := range e.rows {
		c.tell(c.say(row.Line()))
	}
	c.note("cli.import.refused", reminders.Args{"Count": reminders.Number(len(e.rows))})
}
