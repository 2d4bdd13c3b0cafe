package main

import (
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// The part of the table that is about duty. Places on a shift are no roles: those who
// have one can use what stands here by it, and whether it is their shift is for the
// domain to say, with a text of its own.

// onRoster are those with a place in duty.
const onRoster = `
D1,程示例,样例局,科员,official,zh-Hans
D2,冯样稿,样例局,科员,official,zh-Hans
D3,褚例证,样例局,科员,official,zh-Hans
D4,卫示范,样例局,副局长,official,zh-Hans
`

// byPlace are those who have a place in duty.
const byPlace = " shift backup asked"

var dutyCommandRoles = []commandRole{
	{"/duty", "liaison leader staff head auditor" + byPlace},
	{"/handover", "shift backup asked"},
	{"/swap", "liaison staff head" + byPlace},
	{"/roster", "liaison staff head"},
	{"/leave", enrolled},
	{"/leave 10-09", enrolled},
	{"/spotcheck", "staff head"},
}

// In an object SHIFT stands for the shift of the scene, SWAP for the swap that was asked,
// ROSTER for the handle of what asks for the roster.
var dutyButtonRoles = []buttonRole{
	{"takeover", "SHIFT", byPlace},
	{"takeover", "page.SHIFT", byPlace},
	{"handover", "begin.SHIFT", byPlace},
	{"handover", "send.SHIFT", byPlace},
	{"handover", "matter.OWN", ""}, // no shift runs
	{"present", "NOTICE", byPlace},
	{"close", "OWN-1", "liaison staff head"},
	{"close", "OTHER-1", "staff head"},
	{"swap", "give.SHIFT", "liaison staff head" + byPlace},
	{"swap", "shift.SHIFT", "liaison staff head"},
	{"swap", "unit.OWN.0", "liaison staff head"},
	{"swap", "unit.OTHER.0", "staff head"},
	{"calendar", "", "liaison leader staff head auditor" + byPlace},
	{"calendar", "unit.OWN", "liaison staff head"},
	{"calendar", "file.unit.OTHER", "staff head"},
	{"template", "ROSTER.OWN", "liaison staff head"},
	{"template", "ROSTER.OTHER", "staff head"},
	{"leave", "mine", enrolled},
	{"leave", "who", "liaison staff head"},
	{"leave", "save", enrolled}, // of the own dialog
	{"spot", "units.0", "staff head"},
	{"spot", "unit.OWN", "staff head"},
	{"override", "OWN", "head"},
	{"page", "shifts", enrolled},
	{"page", "onduty-0", overseers},
	{"page", "rosters-0-0", "liaison staff head"},
	{"page", "roster-OWN-0", "liaison staff head"},
	{"page", "roster-OTHER-0-0", "staff head"},
	{"open", "swaps", enrolled},
	{"page", "swap-SWAP", "liaison staff head shift asked"},
	{"page", "leaves", enrolled},
	{"page", "spots-0", "staff head"},
	{"ack", "ROSTER.OWN", "liaison"}, // who is told that a tap is no answer
}

// rosterOfRoles files the roster of one unit and lets a shift be asked to be covered.
func (s *scene) rosterOfRoles() {
	s.t.Helper()
	s.dutyUnits("样例局", "示例委")
	s.sends("L1", "roster.csv", "日期,开始,结束,值班员,带班领导,备班\n2026-10-01,08:00,08:00,D1,D4,D2\n")
	s.tap("L1", "仍要报送")
	s.types("D1", "/swap")
	s.tap("D1", "10月1日 08:00 值班员")
	s.tap("D1", "请人替班")
	s.tap("D1", "褚例证")
	s.tap("D1", "提出换班")
}

// swapOfRoles is the swap that was asked.
func (s *scene) swapOfRoles() string {
	s.t.Helper()
	for _, swap := range listOf[duty.Swap](s, "swap/") {
		return string(swap.ID)
	}
	s.t.Fatal("no swap was asked")
	return ""
}
