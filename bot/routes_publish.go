package bot

// publishCommands are the rows of publishing.
func publishCommands() []command {
	return []command{
		{name: "notice", roles: office, run: (*Turn).noticeCommand},
		{name: "export", roles: readers, run: (*Turn).exportCommand},
	}
}

// publishButtons are the rows of publishing. Steps inside of /notice are page buttons
// that begin with placePress.
func publishButtons() []button {
	return []button{
		{verb: "correct", roles: office, run: (*Turn).correctButton},
		{verb: "withdraw", roles: office, run: (*Turn).withdrawButton},
	}
}

// publishReplies take texts and files as answers of the dialogs of publishing.
func publishReplies() map[string]reply {
	return map[string]reply{askedNotice: (*Turn).noticeReply}
}

// publishPlaces are the pages of publishing, by the word before the first '-' of the
// object.
func publishPlaces() map[string]place {
	return map[string]place{placePress: (*Turn).pressPlace, placeExport: (*Turn).exportPlace}
}

// ofPublication gives the handle of the publication that the object of a button is
// about, where other things have buttons with the same verb.
func ofPublication(object string) (handle string, ok bool) {
	return cutWord(object, placePress)
}
