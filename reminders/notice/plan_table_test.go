package notice_test

// programmeOf is one occasion, resolved by hand from the product page and the
// arrangement. Hours are those of the product page unless an instant names its
// own: 09:00 for what is sent, 18:00 for what is due, 10:00 for steps and closing.
type programmeOf struct {
	block                   string
	review, reviewDue       string
	unit, unitDue           string
	unitChase, unitLeader   string
	ready, readyLast        string
	reminder, chase, closes string
}

// The dates below were worked out with the arrangement's notice and a wall
// calendar, not with the program. A comment stands where a rule other than plain
// counting applies.
var byHand = []programmeOf{
	// 2025: make-up workdays are 26 Jan, 8 Feb, 27 Apr, 28 Sep and 11 Oct.
	{
		block: "2025-new-year", review: "2024-12-18", reviewDue: "2024-12-23",
		unit: "2024-12-25", unitDue: "2024-12-30", unitChase: "2024-12-30", unitLeader: "2024-12-31",
		ready: "2024-12-27", readyLast: "2024-12-31",
		reminder: "2024-12-27", // three days before is Sunday 29 Dec
		chase:    "2024-12-31", closes: "2025-01-02",
	},
	{
		block: "2025-spring-festival", review: "2025-01-14", reviewDue: "2025-01-17",
		unit: "2025-01-21", unitDue: "2025-01-24",
		unitChase:  "2025-01-24 09:00", // joins the reminder of that day
		unitLeader: "2025-01-26",       // Sunday, but a make-up workday
		ready:      "2025-01-23", readyLast: "2025-01-27",
		reminder: "2025-01-24", // three days before is Saturday 25 Jan
		chase:    "2025-01-27", closes: "2025-02-05",
	},
	{
		block: "2025-qingming", review: "2025-03-21", reviewDue: "2025-03-26",
		unit: "2025-03-28", unitDue: "2025-04-02", unitChase: "2025-04-02", unitLeader: "2025-04-03",
		ready:     "2025-03-28", // five days before is Sunday 30 Mar
		readyLast: "2025-04-03", reminder: "2025-04-01", chase: "2025-04-03", closes: "2025-04-07",
	},
	{
		block: "2025-labour-day", review: "2025-04-17", reviewDue: "2025-04-22",
		unit:       "2025-04-24",
		unitDue:    "2025-04-28",       // Sunday 27 Apr counts as the second workday
		unitChase:  "2025-04-28 09:00", // joins the reminder of that day
		unitLeader: "2025-04-29",
		ready:      "2025-04-25", // five days before is Saturday 26 Apr
		readyLast:  "2025-04-30", reminder: "2025-04-28", chase: "2025-04-30", closes: "2025-05-06",
	},
	{
		block:  "2025-dragon-boat",
		review: "2025-05-16", reviewDue: "2025-05-21", // 14 days before is a Saturday
		unit:    "2025-05-23", // so is 7 days before
		unitDue: "2025-05-28", unitChase: "2025-05-28 09:00", unitLeader: "2025-05-29",
		ready: "2025-05-26", readyLast: "2025-05-30", reminder: "2025-05-28", chase: "2025-05-30", closes: "2025-06-03",
	},
	{
		block: "2025-mid-autumn+national-day", review: "2025-09-17", reviewDue: "2025-09-22",
		unit: "2025-09-24", unitDue: "2025-09-28", unitChase: "2025-09-28 09:00", unitLeader: "2025-09-29",
		ready: "2025-09-26", readyLast: "2025-09-30",
		reminder: "2025-09-28", // Sunday, but a make-up workday
		chase:    "2025-09-30", closes: "2025-10-09",
	},

	// 2026: make-up workdays are 4 Jan, 14 and 28 Feb, 9 May, 20 Sep and 10 Oct.
	{
		block: "2026-new-year", review: "2025-12-18", reviewDue: "2025-12-23",
		unit: "2025-12-25", unitDue: "2025-12-30", unitChase: "2025-12-30", unitLeader: "2025-12-31",
		ready:     "2025-12-26", // five days before is Saturday 27 Dec
		readyLast: "2025-12-31", reminder: "2025-12-29", chase: "2025-12-31",
		closes: "2026-01-04", // Sunday, but a make-up workday
	},
	{
		block:  "2026-spring-festival",
		review: "2026-01-30", reviewDue: "2026-02-04", // 14 days before is Sunday 1 Feb
		unit:    "2026-02-06", // 7 days before is Sunday 8 Feb
		unitDue: "2026-02-11", unitChase: "2026-02-11",
		unitLeader: "2026-02-12 09:00", // joins the leader's own reminder of that day
		ready:      "2026-02-10",
		readyLast:  "2026-02-14", // Saturday, but a make-up workday
		reminder:   "2026-02-12", chase: "2026-02-14", closes: "2026-02-24",
	},
	{
		block: "2026-qingming", review: "2026-03-20", reviewDue: "2026-03-25",
		unit: "2026-03-27", unitDue: "2026-04-01", unitChase: "2026-04-01 09:00", unitLeader: "2026-04-02",
		ready: "2026-03-30", readyLast: "2026-04-03", reminder: "2026-04-01", chase: "2026-04-03", closes: "2026-04-07",
	},
	{
		block: "2026-labour-day", review: "2026-04-17", reviewDue: "2026-04-22",
		unit: "2026-04-24", unitDue: "2026-04-29", unitChase: "2026-04-29", unitLeader: "2026-04-30",
		ready:     "2026-04-24", // five days before is Sunday 26 Apr
		readyLast: "2026-04-30", reminder: "2026-04-28", chase: "2026-04-30", closes: "2026-05-06",
	},
	{
		block: "2026-dragon-boat", review: "2026-06-05", reviewDue: "2026-06-10",
		unit: "2026-06-12", unitDue: "2026-06-17", unitChase: "2026-06-17", unitLeader: "2026-06-18",
		ready:     "2026-06-12", // five days before is Sunday 14 Jun
		readyLast: "2026-06-18", reminder: "2026-06-16", chase: "2026-06-18", closes: "2026-06-22",
	},
	{
		// Two blocks with three days between them have one programme: before the
		// first, closing after the second.
		block: "2026-mid-autumn+national-day", review: "2026-09-11", reviewDue: "2026-09-16",
		unit: "2026-09-18", unitDue: "2026-09-22", unitChase: "2026-09-22 09:00", unitLeader: "2026-09-23",
		ready:     "2026-09-20", // Sunday, but a make-up workday
		readyLast: "2026-09-24", reminder: "2026-09-22", chase: "2026-09-24", closes: "2026-10-08",
	},

	// 2027: statutory days and the weekends that adjoin them; no make-up workdays.
	{
		block: "2027-new-year", review: "2026-12-18", reviewDue: "2026-12-23",
		unit: "2026-12-25", unitDue: "2026-12-30", unitChase: "2026-12-30", unitLeader: "2026-12-31",
		ready: "2026-12-25", readyLast: "2026-12-31", reminder: "2026-12-29", chase: "2026-12-31", closes: "2027-01-04",
	},
	{
		block: "2027-spring-festival", review: "2027-01-22", reviewDue: "2027-01-27",
		unit: "2027-01-29", unitDue: "2027-02-03", unitChase: "2027-02-03", unitLeader: "2027-02-04",
		ready: "2027-01-29", readyLast: "2027-02-04", reminder: "2027-02-02", chase: "2027-02-04", closes: "2027-02-09",
	},
	{
		block:  "2027-qingming", // Monday, hence from Saturday 3 Apr
		review: "2027-03-19", reviewDue: "2027-03-24",
		unit: "2027-03-26", unitDue: "2027-03-31", unitChase: "2027-03-31 09:00", unitLeader: "2027-04-01",
		ready: "2027-03-29", readyLast: "2027-04-02", reminder: "2027-03-31", chase: "2027-04-02", closes: "2027-04-06",
	},
	{
		block: "2027-labour-day", review: "2027-04-16", reviewDue: "2027-04-21",
		unit: "2027-04-23", unitDue: "2027-04-28", unitChase: "2027-04-28 09:00", unitLeader: "2027-04-29",
		ready: "2027-04-26", readyLast: "2027-04-30", reminder: "2027-04-28", chase: "2027-04-30", closes: "2027-05-03",
	},
	{
		block: "2027-dragon-boat", review: "2027-05-26", reviewDue: "2027-05-31",
		unit: "2027-06-02", unitDue: "2027-06-07", unitChase: "2027-06-07", unitLeader: "2027-06-08",
		ready: "2027-06-04", readyLast: "2027-06-08",
		reminder: "2027-06-04", // three days before is Sunday 6 Jun
		chase:    "2027-06-08", closes: "2027-06-10",
	},
	{
		block: "2027-mid-autumn", review: "2027-09-01", reviewDue: "2027-09-06",
		unit: "2027-09-08", unitDue: "2027-09-13", unitChase: "2027-09-13", unitLeader: "2027-09-14",
		ready: "2027-09-10", readyLast: "2027-09-14", reminder: "2027-09-10", chase: "2027-09-14", closes: "2027-09-16",
	},
	{
		block: "2027-national-day", review: "2027-09-17", reviewDue: "2027-09-22",
		unit: "2027-09-24", unitDue: "2027-09-29", unitChase: "2027-09-29", unitLeader: "2027-09-30",
		ready: "2027-09-24", readyLast: "2027-09-30", reminder: "2027-09-28", chase: "2027-09-30", closes: "2027-10-04",
	},
}
