package main

// The part of the table that is about themes. There is none in the scene, so whoever may do
// something is told so with a text of its own; everybody else learns nothing.

var themeCommandRoles = []commandRole{
	{"/theme", "staff head"},
}

var themeButtonRoles = []buttonRole{
	{"open", "theme", overseers},
	{"page", "theme-1", overseers},
	{"page", "theme-new", "staff head"},
	{"open", "theme-2026-Q3", overseers},
	{"open", "theme-2026-Q3.F", overseers},
	{"open", "theme-2026-Q3.f.1", overseers},
	{"open", "theme-2026-Q3.x", overseers},
	{"page", "theme-2026-Q3.c", "staff head"},
	{"page", "theme-2026-Q3.O.OWN", "staff head"},
	{"page", "theme-2026-Q3.u.OTHER", "staff head"},
	{"page", "theme-2026-Q3.e.title", "staff head"},
	{"page", "theme-mine", "liaison leader"},
	{"assign", "theme-2026-Q3.1", "staff head"},
	{"assign", "x", ""},
	{"submit", "theme-2026-Q3", "staff head"},
	{"submit", "theme-2026-Q3.1", ""},
	{"accept", "theme-2026-Q3.1", "staff head"},
	{"return", "theme-2026-Q3.1", "staff head"},
	{"close", "theme-2026-Q3", "staff head"},
}
