package sandbox

import "time"

// Toast is the answer to a tap (弹出提示). An empty Text only ends the waiting.
type Toast struct {
	CallbackID string
	MessageID  int
	Text       string
	Alert      bool // shown as a dialog that must be closed
	At         time.Time
}

// Event is something that happened in a chat. Message and Toast are copies.
type Event struct {
	Kind    string // one of the kinds below
	Chat    int64  // zero for commands that are set for more than one chat
	Message *Message
	Toast   *Toast
}

// The kinds of events.
const (
	EventMessage  = "message"           // the bot sent Message
	EventEdited   = "edited"            // the bot edited Message
	EventDeleted  = "deleted"           // the bot deleted Message
	EventAnswered = "callback-answered" // the bot answered a tap with Toast
	EventTyped    = "typed"             // a person sent Message
	EventTapped   = "tapped"            // a person tapped a button below Message
	EventBlocked  = "blocked"           // a person blocked or unblocked the bot
	EventCommands = "commands"          // the menu of a chat changed
)
