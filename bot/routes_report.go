package bot

// reportCommands are the rows of reports.
func reportCommands() []command { return nil }

// reportButtons are the rows of reports.
func reportButtons() []button { return nil }

// reportReplies take texts and files as answers of the dialogs of reports, by what was
// asked.
func reportReplies() map[string]reply { return nil }

// reportPlaces are the pages of reports to which open and page buttons lead, by the word
// before the first '-' of the object.
func reportPlaces() map[string]place { return nil }

// reportAnswers say how reports that are expected are answered, by the kind of terms.
func reportAnswers() map[string]answering { return nil }
