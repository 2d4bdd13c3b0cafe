// Command qingfeng is the one binary of the service and the operator's interface
// to it. It is the only place that reads flags, the environment and the wall
// clock, and the place where the packages are joined.
//
// Read main.go, root.go, settings.go, config.go, exit.go, console.go and output.go
// for what a command is and how it speaks; office.go, register.go, groups.go, directory.go,
// library.go, theme.go and years.go for how the domain is joined, closing.go (with closing_gaps.go,
// closing_chart.go and closing_book.go) for what notices tell of duty and reports, burden.go and
// burden_text.go for what they tell of the service itself; api.go and api_notice.go for other systems; clock.go for the times it may run on;
// service.go, intake.go, http.go, feed.go, metrics.go, counters.go, space.go, files.go and
// redact.go for the running service, mute.go for one that was restored;
// casefeed.go for the feeds of authorities (with casefeed_fetch.go, what goes out to the web,
// casefeed_item.go and casefeed_text.go, what is read, casefeed_flag.go, which they are) and casefeed_page.go for the pages of cases;
// socket.go and task.go for how a command reaches it; heap.go for its memory; crash.go for
// tests that kill it.
//
// Each command has a file of its name: serve.go, demo.go (with demo_clock.go, its clock,
// demo_cast.go, who plays, demo_act.go, demo_duty.go and demo_roster.go, what they do,
// demo_event.go, where the clock stops, and demo_page.go, what the page shows), plan.go (with
// plan_duty.go), check.go (with check_forms.go), import.go
// (with import_duty.go, rosters and leave, import_cases.go, public cases, and import_open.go, what a kill leaves of one),
// export.go (with export_kinds.go, export_rows.go, export_copies.go, export_duty.go, export_cases.go
// and, for those asked for in the chat, export_chat.go), responsible.go, invite.go, token.go, backup.go,
// restore.go (with archive.go, a backup with photos and documents), verify.go (with
// verify_spot.go) and version.go.
package main
