package main

// The part of the table that is about public cases: everyone reads them, the office keeps
// them. CASE stands for the handle of a shipped sample.

var caseCommandRoles = []commandRole{
	{"/cases", enrolled},
	{"/cases 张三", enrolled},
	{"/case", "staff head"},
}

var caseButtonRoles = []buttonRole{
	{"page", "cases", enrolled},
	{"open", "cases-g.H", enrolled},
	{"page", "cases-f", enrolled},
	{"page", "cases-l.all.0", enrolled},
	{"page", "cases-c.CASE.all.0", enrolled},
	{"page", "case-home", "staff head"},
	{"open", "case-home", "staff head"},
	{"page", "case-l.open.0", "staff head"},
	{"page", "case-v.CASE", "staff head"},
	{"page", "case-e.CASE", "staff head"},
	{"page", "case-gd.CASE", "staff head"},
	{"page", "case-ok.CASE", "staff head"},
	{"page", "case-no.CASE", "staff head"},
	{"page", "case-fix.CASE", "staff head"},
	{"page", "case-wd.CASE", "staff head"},
	{"page", "case-drop.CASE", "staff head"},
	{"page", "case-pass.CASE.0", "head"},
	{"page", "case-new", "staff head"},
	{"page", "case-s.0.none", "staff head"},
	{"page", "case-keep", "staff head"},
	{"page", "case-send", "staff head"},
}
