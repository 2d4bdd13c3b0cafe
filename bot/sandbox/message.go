package sandbox

import "time"

// Message is one message of a chat as people see it now (消息). Its slices are
// shared and are never changed; an edit replaces them.
type Message struct {
	ID       int
	Chat     int64
	FromBot  bool
	From     int64     // who wrote it: the id of a person or of the bot
	Date     time.Time // in the zone of Options.Now
	EditedAt time.Time // zero: never edited
	Text     string    // text or caption, without markup
	HTML     string    // the same made from Entities: safe to show, lines end in "\n"
	Entities []Entity
	Buttons  [][]Button // rows, top to bottom
	Document *File
	Photo    bool
	FileID   string // of the document or photo, for Server.Content
	Album    string // messages of one album share it
	ReplyTo  int    // id of the message that this one answers; zero: none
	Deleted  bool
}

// Entity is a part of a text with a meaning. Offset and Length count UTF-16 units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// Button is one button below a message: with Data it is tapped, with URL it opens an address.
type Button struct {
	Text string
	Data string
	URL  string
}

// File is a document as a message shows it. Size is in bytes.
type File struct {
	Name string
	Size int64
}
