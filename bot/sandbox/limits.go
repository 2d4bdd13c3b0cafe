package sandbox

// Limits are how many messages a bot may send; zero means without limit. Only new
// messages count, as the service documents it, each item of an album as one.
type Limits struct {
	PerSecond         int // of the whole bot
	PerChatPerSecond  int // to one chat
	PerGroupPerMinute int // to one group
}

// DocumentedLimits gives the limits of the service's FAQ: 30 a second, 1 a second
// to a chat, 20 a minute to a group.
func DocumentedLimits() Limits {
	return Limits{PerSecond: 30, PerChatPerSecond: 1, PerGroupPerMinute: 20}
}
