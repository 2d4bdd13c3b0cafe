package reminders

// Midway is how far an edit has come that takes several steps, because what it edits
// is, or becomes, several messages.
type Midway struct {
	// Done counts the parts of the text that are as they are to be, from the first.
	Done int `json:"done,omitempty"`
	// Hash is the SHA-256 in hex of the text of which they are parts: where that has
	// changed meanwhile, the edit begins again with the messages that exist then.
	Hash string `json:"hash,omitempty"`
	// Sends says that the next step makes a new message. It is claimed like a send,
	// counts towards the limits of its chat, and can leave a duplicate behind.
	Sends bool `json:"sends,omitempty"`
	// Caption says that the text has left the caption of a file for messages of its own,
	// and that the caption is still to be emptied.
	Caption bool `json:"caption,omitempty"`
	// Files counts the messages that are files and were seen to, from the first: those in
	// whose place another stands now, and those of which the chat service refused that.
	Files int `json:"files,omitempty"`
	// Kept says that one of those still shows what it showed before.
	Kept bool `json:"kept,omitempty"`
}

// Makes reports whether the next step of the delivery makes a new message.
func (d Delivery) Makes() bool { return d.Act == ActSend || d.Midway.Sends }
