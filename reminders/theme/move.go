package theme

// Move is what can be done to a finding (处理步骤).
type Move string

// The moves. What each needs beside them stands with the method of the desk.
const (
	Record  Move = "recorded"  // it was found
	Suggest Move = "suggested" // the unit is told what to put right, and until when
	PutIn   Move = "reported"  // the unit, or the office for it, reports what was done
	Return  Move = "returned"  // the report is not enough, for a reason
	Confirm Move = "confirmed" // somebody else than the reporter finds it put right
	Refer   Move = "referred"
	Dismiss Move = "dismissed" // it is not established, for a reason
)

// moves is the table of what is legal: a move that a state has no line for is refused.
// Something that is put right on the spot (立行立改) is reported without a suggestion.
var moves = map[FindingState]map[Move]FindingState{
	Found:      {Suggest: Suggested, PutIn: InProgress, Refer: Referred, Dismiss: NotEstablished},
	Suggested:  {PutIn: InProgress, Refer: Referred, Dismiss: NotEstablished},
	InProgress: {PutIn: InProgress, Return: InProgress, Confirm: PutRight, Refer: Referred, Dismiss: NotEstablished},
}

// After gives the state to which a move leads, and whether it is legal.
func (s FindingState) After(m Move) (FindingState, bool) {
	to, legal := moves[s][m]
	return to, legal
}
