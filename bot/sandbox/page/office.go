package page

import "time"

// Office is the invented office behind the phones (示例办公室): its people, its
// clock and its plan. Every method may be called at any time from several
// goroutines at once.
type Office interface {
	// People lists everyone whose phone can be shown, in the order of the list.
	People() []Card
	// Clock tells how the clock stands, with its texts in the language lang.
	Clock(lang string) ClockState
	// Play lets the clock run quickly to the next event, also from a pause.
	Play()
	// Pause stops the clock where it is.
	Pause()
	// SetSpeed sets how many simulated seconds pass in a second while the clock
	// runs quickly. The page offers and accepts 60 to 86,400.
	SetSpeed(n int)
	// Upcoming gives the next n rows of the plan, the earliest first, in the
	// language lang.
	Upcoming(lang string, n int) []PlanRow
	// Sample gives the content of a sample file that the card of a phone offers.
	Sample(chat int64, name string) (content []byte, found bool)
}

// Card is one person of the office as the page's list shows them (人员卡片).
type Card struct {
	Chat       int64    `json:"chat"` // of the person's phone in the sandbox
	StaffNo    string   `json:"staffNo"`
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	Unit       string   `json:"unit"`
	Roles      []string `json:"roles"`    // in the words of the contract: official, liaison, ...
	OnDuty     bool     `json:"onDuty"`   // has a shift on the roster that is filed
	Language   string   `json:"language"` // zh-Hans or en: that of the bot's messages
	Bound      bool     `json:"bound"`    // the chat belongs to the person already
	InviteCode string   `json:"inviteCode,omitempty"`
	Yours      bool     `json:"yours"`             // waits for the visitor; the others act by themselves
	Samples    []string `json:"samples,omitempty"` // names of files that can be sent with one tap
}

// ClockState is how the clock of the office stands (时钟).
type ClockState struct {
	Now      time.Time `json:"now"`      // simulated
	Zone     string    `json:"zone"`     // IANA name, in which the page shows every instant
	Running  bool      `json:"running"`  // quickly, towards NextAt
	Paused   bool      `json:"paused"`   // does not move at all
	Speed    int       `json:"speed"`    // simulated seconds a second while running
	Rate     float64   `json:"rate"`     // simulated seconds a second now; less than Speed while the service is busy
	NextAt   time.Time `json:"nextAt"`   // of the next event; zero if there is none
	NextWhat string    `json:"nextWhat"` // what happens then, in the visitor's language
}

// PlanRow is one line of what the plan holds next (计划事项).
type PlanRow struct {
	At          time.Time `json:"at"`
	Kind        string    `json:"kind"` // of the plan, such as holiday-reminder
	What        string    `json:"what"`
	Audience    string    `json:"audience"`
	Recipients  int       `json:"recipients"`
	Reason      string    `json:"reason"`      // a sentence: why at this instant
	Provisional bool      `json:"provisional"` // rests on dates that are not official yet
}
