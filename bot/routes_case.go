package bot

// caseCommands are the rows of public cases.
func caseCommands() []command {
	return []command{
		{name: "cases", roles: everyone, run: (*Turn).casesCommand},
		{name: "case", roles: office, run: (*Turn).caseCommand},
	}
}

// caseReplies take texts as answers of the dialogs of public cases.
func caseReplies() map[string]reply {
	return map[string]reply{
		askedCase:    (*Turn).caseText,
		askedCaseWhy: (*Turn).caseReason,
	}
}

// casePlaces are the pages of public cases, by the word before the first '-' of the
// object. Steps inside of /case are page buttons that begin with placeCase; the place
// looks at the role.
func casePlaces() map[string]place {
	return map[string]place{
		placeCases: (*Turn).casesPlace,
		placeCase:  (*Turn).casePlace,
	}
}
