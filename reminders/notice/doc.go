// Package notice decides what is said to whom around a holiday.
//
// The programme is data: rows such as "three days before the block or the last
// workday before it, whichever is earlier, at 09:00, to every official". Plan
// turns it, together with a calendar, into items: instants with a reason and a
// key that never changes. Planning is pure. It neither knows nor asks what was
// already done, so a restart, a missed hour or a second process changes nothing
// in the rules: whoever carries items out remembers their keys.
//
// Restraint is part of the plan. A row cannot name a quiet hour, a ladder step
// joins what its readers receive that day, and CheckBudget proves that a
// programme stays inside the push budget that it declares.
//
// Read programme.go, programme_day.go, programme_file.go, programme_row.go,
// programme_order.go, plan.go, plan_row.go, plan_ladder.go, plan_recurring.go,
// plan_why.go, budget.go, budget_quiet.go and budget_check.go for what should
// be said; then notice.go, draft.go, compose.go, compose_duty.go, burden.go, cases.go, figures.go, publish.go, publish_group.go, publish_told.go, show.go, place.go,
// warning.go, redate.go, passover.go and desk.go for how it is; copies.go, halt.go,
// takeback.go, estimate.go, progress.go, progress_show.go and follow.go for what whoever
// sends it can see and do meanwhile. What the office itself says is in publication.go,
// publication_terms.go, press.go, press_problems.go, press_submit.go, press_anew.go,
// press_reach.go, press_release.go, show_publication.go, correct.go, correct_files.go, correct_carry.go, recall.go, recall_news.go,
// press_settled.go, fate.go, fate_copy.go and press_standing.go; gate.go is how other systems bring drafts.
package notice
