package wire

import (
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Kinds of chat, as the service names them.
const (
	PrivateChat = "private"
	GroupChat   = "group"
	SuperGroup  = "supergroup"
)

// Update is one thing that happened at the chat service, reduced to what we act
// on. At most one of Message, Callback and Member is set; none means that there
// is nothing to do.
type Update struct {
	ID       int64
	Chat     reminders.ChatID
	ChatType string
	From     User

	Message  *Incoming
	Callback *Callback
	Member   *Member
}

// User is who wrote or tapped. The names are what they call themselves.
type User struct {
	ID        int64
	FirstName string
	LastName  string
	Username  string // without '@', may be empty
	Language  string // of their phone, such as zh-hans; may be empty
	IsBot     bool
}

// Incoming is a message that somebody wrote or edited.
type Incoming struct {
	ID       int
	Text     string
	Caption  string   // of Document or Photo
	Entities []Entity // of Text, or of Caption where there is no text
	Document *File
	Photo    *File  // the largest size
	Album    string // messages with files that were sent together share it
	// MigrateTo is the new address of a group that became a supergroup.
	MigrateTo reminders.ChatID
	// Forward is the public channel from which the message was forwarded; nil if it was
	// not, or comes from a person, a group or a channel without a public name.
	Forward *Forward
	Date    time.Time // when it was written, in UTC
	Edited  bool
}

// Forward says where a forwarded message was published.
type Forward struct {
	Title   string // of the channel, as it calls itself
	Channel string // its public name, without '@'
	Post    int    // the number of the message there
}

// URL is the public address of the post.
func (f Forward) URL() string { return "https://t.me/" + f.Channel + "/" + strconv.Itoa(f.Post) }

// Entity marks a span of a text, such as a command or a link. Offset and Length
// count UTF-16 units and may be wrong: they come from outside.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url"`
}

// File is a document or a photo that can be fetched with Download.
type File struct {
	ID   string
	Name string // as the sender named it; empty for photos
	MIME string
	Size int64 // in bytes, as the service says; zero if it does not
}

// Callback is a tap on a button.
type Callback struct {
	ID        string
	Data      string
	MessageID int // of the message with the button; zero if the service forgot it
}

// Member is a change of what the bot is in the chat: member, administrator,
// kicked (for a private chat: blocked), left, restricted.
type Member struct {
	Status string
}
