package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// offence is a text that does not belong here: what of it may be kept nowhere, the rule,
// and what the refusal says.
type offence struct{ kind, mark, rule, says string }

var offences = []offence{
	{"hard", "990101199003070015", "identity-number", "身份证号，没有保存"},
	{"soft", "13900000001", "mobile-number", "手机号码，没有保存"},
}

// every is one person with all roles, so that no way in is closed by a role.
const every = "M1,全角色,样例局,科员,liaison;leader;staff;head;admin;auditor,zh-Hans\n"

// guarded plays a scene in which what is logged, at every level, is read too.
func guarded(t *testing.T, story func(s *scene, log *bytes.Buffer)) {
	t.Helper()
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		var log bytes.Buffer
		s.end()
		s.start(func(live *service) {
			live.bot.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		s.settle()
		s.enrol(small + every)
		story(s, &log)
		for _, o := range offences {
			if strings.Contains(log.String(), o.mark) {
				t.Errorf("the log holds %s", o.mark)
			}
			if found := s.kept(o.mark); len(found) > 0 {
				t.Errorf("%s is kept in %v", o.mark, found)
			}
		}
		if !strings.Contains(log.String(), "refused by the guard") {
			t.Error("the log does not hold the fact")
		}
		s.balanced()
	})
}

// refuses fails unless what somebody sends is answered with the refusal of its rule, is
// kept nowhere, and stands in the ledger as a fact.
func (s *scene) refuses(way string, o offence, id reminders.PersonID, send func(text string)) {
	s.t.Helper()
	before := len(s.entries(ledger.Refused))
	send("附 " + o.mark)
	s.settle()
	if got := s.last(id).Text; !strings.Contains(got, o.says) {
		s.t.Errorf("%s, %s: %s reads %q", way, o.kind, id, got)
	}
	if found := s.kept(o.mark); len(found) > 0 {
		s.t.Errorf("%s, %s: it is kept in %v", way, o.kind, found)
	}
	entries := s.entries(ledger.Refused)
	if len(entries) != before+1 {
		s.t.Errorf("%s, %s: %d entries, want one more than %d", way, o.kind, len(entries), before)
		return
	}
	if e := entries[before]; e.Actor != string(id) || e.Reason != o.rule || e.TextHash != "" || !strings.HasPrefix(e.Object, "guard/") {
		s.t.Errorf("%s, %s: the ledger holds %+v", way, o.kind, e)
	}
}

// named finds words in the sources of the bot, so that what is added later is tried too.
func named(t *testing.T, pattern string) (words []string) {
	t.Helper()
	files, err := filepath.Glob("../../bot/*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			if !seen[match[1]] && !strings.HasSuffix(file, "_test.go") {
				seen[match[1]] = true
				words = append(words, match[1])
			}
		}
	}
	return words
}

// Behind every command, in both kinds.
func TestGuardBehindCommands(t *testing.T) {
	guarded(t, func(s *scene, _ *bytes.Buffer) {
		commands := named(t, `\{name: "([a-z]+)"`)
		if len(commands) < 18 {
			t.Fatalf("only %v", commands)
		}
		for _, command := range commands {
			for _, o := range offences {
				if command == "start" && o.kind == "soft" {
					continue // a code, of which nothing is kept
				}
				before := s.received("M1")
				s.types("M1", "/"+command+" "+o.mark)
				if got := s.last("M1").Text; got != notYours && !strings.Contains(got, o.says) || s.received("M1") != before+1 {
					t.Errorf("/%s, %s: M1 reads %q", command, o.kind, got)
				}
			}
		}
	})
}

// As the answer of every dialog: reasons, notes, reports, leave, own texts, cases, themes,
// feedback. A dialog whose desk screens what it takes, as that of publications, leaves soft
// hits to the head; hard ones it never sees.
func TestGuardInDialogs(t *testing.T) {
	guarded(t, func(s *scene, _ *bytes.Buffer) {
		dialogs := named(t, `\basked[A-Z]\w*\s*= "([a-z-]+)"`)
		if len(dialogs) < 10 {
			t.Fatalf("only %v", dialogs)
		}
		for _, asked := range dialogs {
			if asked == "import" {
				continue // a text is no answer to it
			}
			for _, o := range offences {
				s.dialog("M1", bot.Dialog{Asked: asked, Files: true})
				s.refuses("dialog "+asked, o, "M1", func(text string) { s.phone("M1").Type(text) })
				s.refuses("caption in "+asked, o, "M1", func(text string) { s.phone("M1").SendPhoto(shot(t, 1), text) })
				s.refuses("file name in "+asked, o, "M1", func(text string) { s.phone("M1").SendDocument(text+".pdf", []byte("%PDF-1.7"), "") })
				if n := len(s.held()); n > 1 {
					t.Errorf("%s: %d files are kept", asked, n)
				}
			}
			s.dialog("M1", bot.Dialog{Asked: asked, Screened: true})
			s.refuses("screened dialog "+asked, offences[0], "M1", func(text string) { s.phone("M1").Type(text) })
		}
		s.dialog("M1", bot.Dialog{})
	})
}

// dialog puts a person into a dialog.
func (s *scene) dialog(id reminders.PersonID, d bot.Dialog) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		return s.live.store.SaveDialog(tx, reminders.ChatID(s.phone(id).ID()), d)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// imports are files in which something stands in a cell, a value or a line.
func imports(t *testing.T, text string) map[string][]byte {
	t.Helper()
	var book bytes.Buffer
	if err := sheet.WriteXLSX(&book, "people", []string{"工号", "姓名", "单位"}, [][]string{{"P9", "新样例", "样例局"}, {"P10", text, "样例局"}}); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"people.csv":  []byte("工号,姓名,单位,职务\nP9,新样例,样例局," + text + "\n"),
		"people.xlsx": book.Bytes(),
		"units.csv":   []byte("单位,上级\n" + text + ",\n"),
		"roster.csv":  []byte("日期,开始,结束,单位,值班员,带班领导,备注\n2026-10-01,08:00,08:00,样例局,P1,B1," + text + "\n"),
		"leave.csv":   []byte("工号,开始,结束,原因\nP1,2026-10-01,2026-10-02," + text + "\n"),
		"2027.csv":    []byte("名称,日期,放假\n" + text + ",2027-01-01,是\n"),
		"2027.json":   []byte(`{"year":2027,"days":[{"name":"` + text + `","date":"2027-01-01","isOffDay":true}]}`),
		"2027.ics":    []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nSUMMARY:" + text + "\nEND:VEVENT\nEND:VCALENDAR\n"),
	}
}

// In what is imported: by chat as a name, a caption or a cell, and at the command line,
// where the row is named.
func TestGuardInImports(t *testing.T) {
	guarded(t, func(s *scene, _ *bytes.Buffer) {
		for _, o := range offences {
			s.refuses("file name", o, "M1", func(text string) { s.phone("M1").SendDocument(text+".csv", []byte("工号,姓名\n"), "") })
			s.refuses("caption", o, "M1", func(text string) { s.phone("M1").SendDocument("people.csv", []byte("工号,姓名\n"), text) })
			for name, file := range imports(t, "附 "+o.mark) {
				s.refuses(name, o, "M1", func(string) { s.phone("M1").SendDocument(name, file, "") })
				for key, record := range s.dump() {
					if strings.HasPrefix(key, "dialog/") && strings.Contains(record, `"file":`) {
						t.Errorf("%s, %s: the file is kept in %s", name, o.kind, key)
					}
				}
				before := len(s.entries(ledger.Refused))
				err := (&importTask{Name: name, File: file}).screened(context.Background(), s.live.office)
				if err == nil || strings.Contains(err.Error(), o.mark) || len(s.entries(ledger.Refused)) != before+1 {
					t.Errorf("%s, %s: the command line says %v", name, o.kind, err)
				}
			}
		}
		for name, file := range imports(t, "样例") {
			if err := (&importTask{Name: name, File: file}).screened(context.Background(), s.live.office); err != nil {
				t.Errorf("%s without anything: %v", name, err)
			}
		}
	})
}

// What is no answer to anything leaves nothing behind: free text, an edited message, what is
// said in a group, quotes and forwards, polls, contacts and places, names and forged buttons.
func TestGuardBesideTheBot(t *testing.T) {
	guarded(t, func(s *scene, _ *bytes.Buffer) {
		group := s.server.Group(-1_000_000_000_123, "样例局工作群", s.phone("M1"))
		s.types("M1", "/feedback "+offences[1].mark) // the log holds one fact at least
		for i, o := range offences {
			s.phone("P1").Type("附 " + o.mark)
			group.Type(s.phone("M1"), "附 "+o.mark)
			for n, payload := range []string{
				`"text":"好","quote":{"text":%[1]q},"reply_to_message":{"message_id":1,"text":%[1]q}`,
				`"text":"好","forward_origin":{"type":"hidden_user","sender_user_name":%[1]q}`,
				`"poll":{"id":"1","question":%[1]q,"options":[{"text":%[1]q}]}`,
				`"contact":{"phone_number":%[1]q,"first_name":%[1]q,"vcard":%[1]q}`,
				`"venue":{"title":%[1]q,"address":%[1]q,"location":{"latitude":1,"longitude":2}}`,
				`"audio":{"file_id":"a","title":%[1]q,"performer":%[1]q}`,
				`"location":{"latitude":1,"longitude":2},"caption":%[1]q`,
			} {
				for _, kind := range []string{"message", "edited_message"} {
					s.server.Push(kind, raw(fmt.Sprintf(`{"message_id":%d,"date":1790000000,"from":{"id":%d,"first_name":%q},"chat":{"id":%[2]d,"type":"private"},%[4]s}`,
						900+10*i+n, s.phone("P1").ID(), "附 "+o.mark, fmt.Sprintf(payload, o.mark))))
					s.settle()
				}
			}
			s.stale("P1", s.last("P1").ID, "ack:"+o.mark+":AAAAAAAAAAA")
		}
	})
}

// A fault of ours does not keep what the guard would have refused: quarantine holds the
// number of the update alone.
func TestGuardInQuarantine(t *testing.T) {
	guard := compiled(t)
	for _, o := range offences[1:] {
		update := fmt.Sprintf(`{"update_id":7,"message":{"text":"附 %s"}}`, o.mark)
		kept := guard.Blank(7, update)
		if strings.Contains(kept, o.mark) || !json.Valid([]byte(kept)) || !strings.Contains(kept, o.rule) {
			t.Errorf("kept %s", kept)
		}
	}
	if plain := `{"update_id":7,"message":{"text":"好"}}`; guard.Blank(7, plain) != plain {
		t.Error("an ordinary update is not kept for the operator")
	}
}

// compiled is the guard that ships.
func compiled(t *testing.T) *bot.Guard {
	t.Helper()
	rules, err := os.ReadFile("../../content/guard.toml")
	if err != nil {
		t.Fatal(err)
	}
	guard, err := bot.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	return guard
}

// What somebody calls themselves is looked at before it can become a name of the register.
func TestGuardInNames(t *testing.T) {
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		stranger := s.server.Person(6888, "附 "+offences[0].mark, "zh-hans")
		stranger.Type("您好")
		s.settle()
		if found := s.kept(offences[0].mark); len(found) > 0 {
			t.Errorf("it is kept in %v", found)
		}
	})
}

// Brackets as the guard writes them, typed by a person, are ordinary text.
func TestTypedTokens(t *testing.T) {
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("P1", "⟦guard:nonsense⟧")
		s.reads("P1", "这句话没有保存")
	})
}
