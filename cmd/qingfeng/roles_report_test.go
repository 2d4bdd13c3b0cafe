package main

// The part of the table that is about reports. Those on a shift can use what stands here
// by it; whether the report is theirs is for the domain to say, with a text of its own.

var reportCommandRoles = []commandRole{
	{"/report", "liaison leader " + overseers + byPlace},
	{"/incident", "liaison leader" + byPlace},
}

var reportButtonRoles = []buttonRole{
	{"nil", "NOTICE.OWN", byPlace},
	{"report", "incident.OWN", "liaison leader" + byPlace},
	{"submit", "x", "liaison leader" + byPlace},
	{"page", "review", overseers},
	{"page", "reports-OWN", "liaison leader shift backup " + overseers},
	{"page", "reports-OTHER", overseers},
	{"files", "raaaaaaaaaaaaa", "liaison leader " + overseers + byPlace},
	{"accept", "raaaaaaaaaaaaa.1.0", "staff head"},
	{"accept", "nil.0.00000000", "staff head"},
	{"return", "raaaaaaaaaaaaa.1.0", "staff head"},
	{"overturn", "raaaaaaaaaaaaa", "staff head"},
}
