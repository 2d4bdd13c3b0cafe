package reminders

// Hit is one thing to which the input guard or the wording lint objects in a text
// (不合规内容). It never carries the text itself.
type Hit struct {
	Rule string  `json:"rule"` // by its name in the data file, such as "mobile-number"
	Hard bool    `json:"hard"` // nobody may let it pass
	Say  Message `json:"say"`  // what was found, and the way that works
}

// Override is the decision of the head of the office to let a soft hit pass, or to go
// beyond a budget (放行), with the reason that the summary of the month names.
type Override struct {
	Rule   string   `json:"rule"`
	By     PersonID `json:"by"`
	Reason string   `json:"reason"`
}
