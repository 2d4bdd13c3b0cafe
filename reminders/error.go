package reminders

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is what went wrong, as far as a caller can act on it. The list is closed
// and only ever appended to.
type Kind string

// The kinds of error.
const (
	Invalid  Kind = "invalid"   // the input is wrong; the text says how
	NotFound Kind = "not_found" // there is no such thing
	Conflict Kind = "conflict"  // somebody else changed it meanwhile
	Denied   Kind = "denied"    // this person may not
	Closed   Kind = "closed"    // too late: the thing has ended
	Busy     Kind = "busy"      // try again later
	Gone     Kind = "gone"      // this person cannot be reached this way
	Internal Kind = "internal"  // our fault
)

// Error is the one error type of the domain. People are shown the text of
// Message in their language; operators are shown the chain.
type Error struct {
	Kind    Kind
	Op      string  // the operation, such as "people.bind"
	Message Message // for people; an empty key means the general text of the kind
	Err     error   // cause, may be nil
}

// Fail makes an error that a person can understand.
func Fail(kind Kind, op, key string, args Args) *Error {
	return &Error{Kind: kind, Op: op, Message: Line(key, args)}
}

// Wrap adds the operation to a cause, keeping its kind and message.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: KindOf(err), Op: op, Message: MessageOf(err), Err: err}
}

// Error gives the chain for operators. It names keys and arguments, so put no
// text of a person into the arguments of an error.
func (e *Error) Error() string {
	parts := []string{e.Op, string(e.Kind)}
	if e.Message.Key != "" && e.Err == nil {
		parts = append(parts, e.Message.Key)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of the first Error in the chain; anything foreign is
// Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// MessageOf gives the text for people of the first Error in the chain that has
// one, and an empty message otherwise.
func MessageOf(err error) Message {
	for e, ok := errors.AsType[*Error](err); ok; e, ok = errors.AsType[*Error](e.Err) {
		if e.Message.Key != "" {
			return e.Message
		}
	}
	return Message{}
}

// Internalf is an error of ours, for operators only.
func Internalf(op, format string, args ...any) error {
	return &Error{Kind: Internal, Op: op, Err: fmt.Errorf(format, args...)}
}
