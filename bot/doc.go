// Package bot is the conversation: it carries what the domain wants to say to
// people and brings back what they answer.
//
// What a person can do is one table, routes.go: commands and buttons, each with
// the roles that may use it. The role is checked again at every use. A handler
// parses, calls a desk of the domain and says the answer; rules live below
// reminders.
//
// One update is one unit of work: its effect, its answers and the removal of its
// row from the inbox are committed together or not at all. Answers go through
// the same outbox as everything else, in the fastest lane.
//
// Read bot.go, intake.go, fetch.go, turn.go, routes.go and menu.go for what comes in;
// words.go, words_export.go, page.go, sender.go, topic.go, attach.go and witness.go for what goes
// out;
// dialog.go and then the handlers, one file for each subject: start.go,
// acknowledge.go, outstanding.go, settings.go, feedback.go, feedback_thread.go, board.go (with
// board_watch.go, board_days.go and board_day.go: duty and reports), unit.go, chase.go,
// review.go, progress.go, people.go, invite.go, office.go, token.go, restore.go, file.go, case_file.go, and
// chore.go for what takes longer than one unit of work. The codecs are command.go,
// button.go, markup.go, guard.go (with guard_turn.go and guard_file.go) and screen.go.
//
// Public cases: routes_case.go; case_browse.go (everyone's), case_work.go, case_show.go and
// case_step.go (the office's), case_enter.go and case_ask.go (entering one), case_feed.go.
//
// Groups: group.go (what happens in one), group_show.go (what is shown there),
// group_tell.go (what is told about one) and group_unit.go (the liaison's page).
//
// Duty: routes_duty.go; answering.go and duty_answers.go (how what is expected is
// answered), duty.go, duty_now.go, duty_calendar.go; handover.go and handover_matter.go;
// roster.go and roster_file.go; leave.go, leave_enter.go and leave_days.go; swap.go,
// swap_make.go and swap_show.go; spot.go and spot_ask.go.
//
// Publishing: routes_publish.go, publish.go (the list and the way to each step),
// publish_again.go (what was given up, to be drafted again) and publish_steps.go (the steps); publish_form.go (the one message of a draft),
// publish_content.go, publish_format.go and publish_prompt.go (what it says),
// publish_audience.go, publish_units.go and publish_people.go (for whom),
// publish_terms.go and publish_when.go (what it asks, and when it goes);
// publish_preview.go, publish_decide.go, publish_board.go, publish_fates.go,
// publish_correct.go, publish_correct_file.go, publish_correct_note.go,
// publish_correct_show.go and publish_export.go (what follows).
//
// Reports: routes_report.go; report.go (a unit's), report_form.go, report_show.go,
// report_step.go and report_file.go (filling one in), report_nil.go, incident.go,
// report_page.go and review_report.go (the office's).
//
// Themes: routes_theme.go; theme.go (the list, and the message that follows a theme),
// theme_page.go, theme_new.go, theme_words.go and theme_units.go (drafting one), theme_check.go (checking
// units), theme_finding.go and theme_move.go (findings), theme_file.go (the register).
package bot
