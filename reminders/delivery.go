package reminders

import "time"

// DeliveryKey names a delivery for ever. It is derived from what is said, to
// whom and at which step, so that saying it twice is impossible.
type DeliveryKey string

// Lane orders what waits to be sent: a lower lane goes first.
type Lane int

// The lanes. Answers and duty never wait behind a broadcast.
const (
	LaneAnswer    Lane = iota // the reply to something a person just did
	LaneDuty                  // people on duty, emergencies
	LanePersonal              // chases and digests for one person
	LaneBroadcast             // the same notice for many
)

// Act is what is done at the chat service.
type Act string

// The acts. Only what makes a new message can leave a duplicate behind (Delivery.Makes);
// everything else may be repeated.
const (
	ActSend   Act = "send"   // a new message
	ActEdit   Act = "edit"   // replace text and buttons of MessageID
	ActAnswer Act = "answer" // answer the tap Callback with a short text
	ActDelete Act = "delete" // delete MessageID, or every message of Original
)

// Delivery is one message for one chat (一次送达), waiting in the outbox.
type Delivery struct {
	Key    DeliveryKey `json:"key"`
	Kind   string      `json:"kind"` // of the plan: holiday-reminder, chase, ...; "answer" for replies
	Act    Act         `json:"act"`
	Person PersonID    `json:"person,omitempty"` // empty for a group and for a chat that is not enrolled
	// Group is the unit whose group chat it is for, wherever that is bound when it is
	// sent; Chat is where it was bound before, by which the limits of groups are kept.
	Group UnitID `json:"group,omitempty"`
	// Language is for a reader whose language the register does not know.
	Language Language `json:"language,omitempty"`
	Chat     ChatID   `json:"chat,omitempty"` // zero: the chat bound to Person when it is sent
	Lane     Lane     `json:"lane"`
	Block    string   `json:"block,omitempty"` // holiday block to whose push budget it counts
	As       Role     `json:"as,omitempty"`    // the capacity in which the person receives it
	Extra    bool     `json:"extra,omitempty"` // not reserved by the programme: waits if the push budget is spent
	Reason   string   `json:"reason"`          // the named reason of the rule that asked for it

	CreatedAt time.Time `json:"created_at"`
	NotBefore time.Time `json:"not_before"`
	Until     time.Time `json:"until,omitzero"` // worthless afterwards; zero: never

	// Lines are what is said. Several lines for one person on one day become
	// one message: a digest whose buttons are those of the lines, in order.
	Lines []Message `json:"lines,omitempty"`
	// Files go along with what is said: one as a message with a caption, several as
	// Albums groups them. They are for ActSend; in a receipt they are those that the
	// messages show now.
	Files     []File `json:"files,omitempty"`
	MessageID int    `json:"message_id,omitempty"` // for ActEdit and ActDelete
	Callback  string `json:"callback,omitempty"`   // for ActAnswer
	Alert     bool   `json:"alert,omitempty"`      // for ActAnswer: as a dialog, not a toast

	// Asks name what this message asks its reader to answer.
	Asks []Ask `json:"asks,omitempty"`

	// Original is the delivery whose message an ActEdit brings up to date, or an ActDelete
	// takes away; what an edit shows is worked out at that moment. The messages that the
	// original consists of, and the hash of what they say, stand in its receipt, which
	// the unit of work that settles the edit keeps true, whatever the edit was for.
	// What is aimed at a message in a group names its Chat too, for the limits there.
	Original DeliveryKey `json:"original,omitempty"`

	// Parts are the messages that files and a long text have already become; a send
	// that was interrupted goes on after them.
	Parts []int `json:"parts,omitempty"`
	// Midway is how far an edit in several steps has come.
	Midway Midway `json:"midway,omitzero"`

	ClaimedAt time.Time `json:"claimed_at,omitzero"` // in flight since
	Attempts  int       `json:"attempts,omitempty"`
	// Uncertain says that an earlier attempt may have arrived: the next one
	// may be a duplicate and is marked so in the ledger.
	Uncertain bool `json:"uncertain,omitempty"`
}

// Diary names the diary of pushes in which the delivery counts: that of its person, or
// that of the group of its unit, whose name no person can have. It is empty for one that
// counts in none.
func (d Delivery) Diary() PersonID {
	if d.Group != "" {
		return PersonID("group/" + d.Group)
	}
	return d.Person
}

// Next is how many messages the next step of sending makes: an album makes as many
// as it has files, everything else makes one.
func (d Delivery) Next() int {
	if len(d.Files) == 0 {
		return 1
	}
	done := len(d.Parts)
	for _, album := range Albums(d.Files) {
		if done < len(album) {
			return len(album)
		}
		done -= len(album)
	}
	return 1
}

// Queued is what the queue of the outbox says about a delivery without its being
// read: enough to keep the limits of chats.
type Queued struct {
	Key    DeliveryKey `json:"k"`
	Person PersonID    `json:"p,omitempty"`
	Group  UnitID      `json:"g,omitempty"`
	Chat   ChatID      `json:"c,omitempty"`
	Act    Act         `json:"a,omitempty"` // empty: ActSend
	Count  int         `json:"n,omitempty"` // messages that the next step makes; zero: one
	// Original names the message of an edit that names neither person nor chat.
	Original DeliveryKey `json:"o,omitempty"`
}

// Ask names one line of the book of obligations: terms, and who owes under them,
// a person or (with an empty Person) the unit as a whole.
type Ask struct {
	Terms  string   `json:"terms"`
	Person PersonID `json:"person,omitempty"`
	Unit   UnitID   `json:"unit"`
}

// ReasonFileKept is the reason of an edit that was Sent while a file which it was to replace
// stays in its place: the chat service refused that.
const ReasonFileKept = "file_kept"

// Result says how a send ended.
type Result string

// The results, a closed list. NotSent is certain to have left no message behind;
// Unknown may have.
const (
	Sent        Result = "sent"
	Partly      Result = "partly"      // Parts exist, and another step is to follow
	NotSent     Result = "not_sent"    // try again
	Unknown     Result = "unknown"     // time-out or reset after the request was written
	Joined      Result = "joined"      // merged into another message of the day
	Wait        Result = "wait"        // the service asks us to pause: RetryAfter
	Unreachable Result = "unreachable" // blocked, deactivated, chat not found
	Moved       Result = "moved"       // the group became a supergroup, MovedTo, into which its messages did not go along
	Refused     Result = "refused"     // our fault: the request will never be accepted
	Expired     Result = "expired"     // not sent any more: Until had passed
	Withdrawn   Result = "withdrawn"   // taken back before it was sent
)

// Outcome is what became of one attempt.
type Outcome struct {
	Result     Result
	MessageID  int           // of the message that now exists, for Sent: the last part
	Parts      []int         // messages of files and text that exist now, also when a later part failed
	Midway     Midway        // for Partly: how far an edit has come
	RetryAfter time.Duration // for Wait
	MovedTo    ChatID        // for Moved
	Reason     string        // short code for the ledger, such as "blocked"; never a text of the service
	Chat       ChatID        // where it was sent
	TextHash   string        // SHA-256 in hex of the exact text shown, see Receipt
	// Files are those that the messages show now, in the order of the delivery or the
	// receipt, where they are others than that has; otherwise nothing.
	Files []File
}

// Receipt is what remains of a delivery once it is settled (送达记录): enough to
// prove it, to bring the message up to date and to export it. MessageID and Parts are
// the messages that exist now: edits that need more or fewer of them change both.
type Receipt struct {
	Delivery
	Chat   ChatID    `json:"sent_chat,omitempty"`
	SentAt time.Time `json:"sent_at,omitzero"`
	Result Result    `json:"result"`
	Code   string    `json:"code,omitempty"` // reason of a failure
	// TextHash is the SHA-256 in hex of the text that the message shows now, without the
	// lines below it that say where its answers stand: of exactly what its reader sees
	// while nothing has been answered, so that an answer changes nothing and a correction
	// does. The ledger has an entry for each (sent, corrected).
	TextHash  string    `json:"text_hash,omitempty"`
	DeletedAt time.Time `json:"deleted_at,omitzero"` // the message was taken out of the chat
	Duplicate bool      `json:"possible_duplicate,omitempty"`
	// JoinedTo names the delivery into which this one was merged; it was then
	// never sent by itself.
	JoinedTo DeliveryKey `json:"joined_to,omitempty"`
}

// Push is one line of a person's diary of pushes, by which the push budget and
// the merging into one message a day are kept.
type Push struct {
	Key   DeliveryKey `json:"key"`
	At    time.Time   `json:"at"`
	Block string      `json:"block,omitempty"`
	As    Role        `json:"as,omitempty"` // empty: in several capacities, or in none
	Sent  bool        `json:"sent,omitempty"`
}
