package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// errDamaged is found where bbolt itself sees nothing wrong.
var errDamaged = errors.New("the file is damaged or cut off")

// fault is a way in which a disk fails its store: the errors that show it and the
// text that tells the operator what to do.
type fault struct {
	key    string
	kind   reminders.Kind
	causes []error
}

// faults lists them; the first that fits counts.
var faults = []fault{
	{"error.store.locked", reminders.Busy, []error{berrors.ErrTimeout}},
	{"error.store.quota", reminders.Internal, []error{berrors.ErrMaxSizeReached}},
	{"error.store.full", reminders.Internal, []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}},
	{"error.store.readonly", reminders.Denied, []error{
		syscall.EROFS, fs.ErrPermission, berrors.ErrDatabaseReadOnly,
	}},
	{"error.store.damaged", reminders.Internal, []error{
		errDamaged, berrors.ErrInvalid, berrors.ErrChecksum, berrors.ErrVersionMismatch, berrors.ErrInvalidMapping,
	}},
}

// explain gives err the text of its remedy. Errors of ours pass as they are.
func explain(op, path string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*reminders.Error](err); ok {
		return err
	}
	if errors.Is(err, berrors.ErrDatabaseNotOpen) || errors.Is(err, berrors.ErrTxClosed) {
		return store.ErrClosed(op)
	}
	for _, f := range faults {
		if f.shows(err) {
			e := reminders.Fail(f.kind, op, f.key, reminders.Args{"Path": reminders.Text(path)})
			e.Err = err
			return e
		}
	}
	return reminders.Wrap(op, err)
}

// shows reports whether err is this fault. Where bbolt grows its file it passes
// on only the text of the system's error, so the text is compared as well.
func (f fault) shows(err error) bool {
	for _, cause := range f.causes {
		number, ok := errors.AsType[syscall.Errno](cause)
		if errors.Is(err, cause) || ok && strings.HasSuffix(err.Error(), number.Error()) {
			return true
		}
	}
	return false
}

// rescue turns a panic of bbolt into an error: it panics over pages that are not
// what they should be. The service goes on answering from what is sound.
func rescue(op, path string, err *error) {
	if p := recover(); p != nil {
		*err = explain(op, path, fmt.Errorf("%w: %v", errDamaged, p))
	}
}
