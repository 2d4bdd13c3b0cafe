package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// keeps keeps a document with a content.
func (s *scene) keeps(name, content string) reminders.File {
	s.t.Helper()
	file, err := s.files.Put(context.Background(), name, bytes.NewReader([]byte(content)))
	if err != nil {
		s.t.Fatal(err)
	}
	return file
}

// replaces lets S2 replace the files of what was sent, and S1 approve it.
func (s *scene) replaces(handle string, files ...reminders.File) {
	s.t.Helper()
	s.inTurn(func(tx reminders.Tx) error {
		p, err := s.live.press.Find(tx, handle)
		if err != nil {
			return err
		}
		_, err = s.live.press.Correct(tx, handle, "S2", notice.Change{Bodies: p.Bodies, Files: files})
		return err
	}, func(tx reminders.Tx) error {
		_, err := s.live.press.DecideCorrection(tx, handle, true, "", "S1", false)
		return err
	})
}

// papers names the documents and photos of the bot in a chat, in their order.
func papers(messages []sandbox.Message) string {
	var names []string
	for _, m := range messages {
		switch {
		case !m.FromBot || m.Deleted:
		case m.Document != nil:
			names = append(names, m.Document.Name)
		case m.Photo:
			names = append(names, "photo")
		}
	}
	return strings.Join(names, " ")
}

// uploads counts the calls of a method that carried bytes, and those that named a file
// that the service had.
func (s *scene) uploads(method string) (carried, named int) {
	for _, c := range s.server.Calls() {
		switch {
		case c.Method != method || c.Status != http.StatusOK:
		case strings.Contains(c.Params["media"], "attach://"):
			carried++
		default:
			named++
		}
	}
	return carried, named
}

// A wrong attachment, the commonest mistake of an office: it is replaced in the chat, in
// every message that was sent. What changed is said in both languages; whoever had
// acknowledged is asked once more; the button stays below the file.
func TestWrongAttachmentIsReplaced(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		s.types("S2", "/notice")
		s.tap("S2", "新建")
		s.tap("S2", "公告")
		s.phone("S2").SendDocument("封存登记表-草稿.txt", []byte("draft"), "公车封存登记\n请于周五前填好登记表，交车辆管理员。")
		s.settle()
		s.tap("S2", "补充英文")
		s.types("S2", "Register of sealed cars\nPlease fill in the form by Friday and hand it to the car officer.")
		s.everyone("S2")
		s.tap("S2", "已阅要求")
		s.tap("S2", "每人已阅")
		s.tap("S2", "3 个工作日")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 10:00")
		s.tap("P1", "已阅")

		s.types("S2", "/notice")
		s.tap("S2", "1. 公车封存登记")
		s.tap("S2", "更正")
		s.tap("S2", "换附件")
		s.types("S2", "新的登记表") // a file is asked for
		s.sends("S2", "封存登记表.txt", "final")
		s.tap("S2", "实质性更正")
		s.types("S2", "登记表换成正式稿。")
		s.types("S2", "The form is now the final one.")
		s.reads("S2", "附件“封存登记表-草稿.txt”换为“封存登记表.txt”")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "预览更正稿")
		if got := papers(s.phone("S3").Messages()); strings.Count(got, "封存登记表.txt") != 2 { // one for each language
			t.Errorf("the preview shows %s", got)
		}
		s.tap("S3", "批准")
		s.until("2026-11-11 10:00")
		for _, id := range []reminders.PersonID{"P1", "P2", "P3", "L1"} {
			if got := papers(s.phone(id).Messages()); got != "封存登记表.txt" {
				t.Errorf("%s has %s", id, got)
			}
		}
		s.reads("P1", "登记表换成正式稿。")
		s.reads("P3", "The form is now the final one.")
		if carried, named := s.uploads("editMessageMedia"); carried != 0 || named == 0 {
			t.Errorf("%d edits carried the file, %d named it: the preview had brought it there", carried, named)
		}
		s.tap("P1", "已阅") // below the message of the change
		entries := s.entries(ledger.Corrected)
		if attrs := entries[0].Attrs; attrs["files"] == "" || attrs["files"] == attrs["files_were"] {
			t.Errorf("the ledger has not both files: %v", attrs)
		}
		s.recorded("S2", "correct-file-drafter")
		s.recorded("S3", "correct-file-approver")
		s.recorded("P1", "correct-file-official")
		s.recorded("P3", "correct-file-english")
		s.balanced()
	})
}

// The note in another language may be skipped: its readers see that of the lead. A stale
// button to skip it skips nothing any more.
func TestNoteInOneLanguage(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.announce("公车封存", func(p *notice.Publication) {
			p.Bodies[reminders.English] = notice.Body{Title: "Sealed cars", Text: "Sample: cars are sealed on Thursday."}
		})
		s.until("2026-11-10 10:00")
		s.types("S2", "/notice")
		s.tap("S2", "1. 公车封存")
		s.tap("S2", "更正")
		s.tap("S2", "英文（改写）")
		s.types("S2", "Sealed cars\nSample: cars are sealed on Friday.")
		s.tap("S2", "实质性更正")
		s.types("S2", "封存改在周五。")
		skip, data := s.last("S2").ID, s.data("S2", "跳过")
		s.tap("S2", "跳过")
		s.reads("S2", "说明：封存改在周五。")
		s.tap("S2", "送审")
		s.stale("S2", skip, data)
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 11:00")
		s.reads("P3", "What has changed: 封存改在周五。")
		if p := s.phone("P3").Messages(); !strings.Contains(p[len(p)-2].Text, "sealed on Friday") {
			t.Errorf("P3 reads %q", p[len(p)-2].Text)
		}
		s.balanced()
	})
}

// A correction that was returned is improved, not written once more: the text, the file and
// the notes are still there, under the reason. A note is one sentence, whatever is pasted.
func TestReturnedCorrectionIsImproved(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.announce("公车封存", func(p *notice.Publication) {
			p.Bodies[reminders.English] = notice.Body{Title: "Sealed cars", Text: "Sample: cars are sealed on Thursday."}
			p.Files = []reminders.File{s.keeps("登记表-草稿.txt", "1")}
		})
		s.until("2026-11-10 10:00")
		s.types("S2", "/notice")
		s.tap("S2", "1. 公车封存")
		s.tap("S2", "更正")
		s.tap("S2", "中文（改写）")
		s.types("S2", "公车封存\n样例：周五封存公务用车。")
		s.tap("S2", "再改一处")
		s.tap("S2", "换附件")
		s.sends("S2", "登记表.txt", "2")
		s.tap("S2", "实质性更正")
		s.types("S2", strings.Repeat("封存改在周五。", 40))
		s.reads("S2", "现有 280 字，请压到 200 字以内")
		s.types("S2", "封存改在周五。")
		s.tap("S2", "跳过")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "退回")
		s.types("S3", "请补一句英文说明。")
		s.tap("S2", "查看")
		s.tap("S2", "修改更正稿")
		s.reads("S2", "徐试题退回更正：请补一句英文说明。")
		s.reads("S2", "附件“登记表-草稿.txt”换为“登记表.txt”")
		s.tap("S2", "改写说明")
		s.types("S2", "封存改在周五。")
		s.types("S2", "Cars are sealed on Friday.")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 11:00")
		s.reads("P3", "What has changed: Cars are sealed on Friday.")
		if got := papers(s.phone("P1").Messages()); got != "登记表.txt" {
			t.Errorf("P1 has %s", got)
		}
		s.recorded("S2", "correct-returned")
		s.balanced()
	})
}

// In an album a file is replaced in its place; the others and the group of a unit are
// seen to as well. What waits is sent with the new file, also where several notices go in
// one message, and nobody is sent anything twice.
func TestFilesOfAlbumsGroupsAndWhatWaits(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		with := func(files ...reminders.File) func(p *notice.Publication) {
			return func(p *notice.Publication) { p.Files, p.Expects, p.Workdays = files, notice.ExpectNothing, 0 }
		}
		g := s.unitGroup("L1", "P1", "P2")
		form, plan, seal := s.keeps("表一.txt", "1"), s.keeps("表二.txt", "2"), s.keeps("表三.txt", "3")
		picture := s.puts("p")[0]
		first := s.announce("整改材料", with(form, plan, picture))
		s.until("2026-11-10 10:00")
		s.replaces(first, form, seal, picture)
		s.until("2026-11-10 11:00")
		for name, chat := range map[string][]sandbox.Message{"the group": g.Messages(), "P4": s.phone("P4").Messages()} {
			if got := papers(chat); got != "photo 表一.txt 表三.txt" {
				t.Errorf("%s has %s", name, got)
			}
		}

		// The day has had its push: two more wait for the next and become one message.
		others := []string{
			s.announce("第二件", with(s.keeps("第二件.txt", "4"))),
			s.announce("第三件", with(s.keeps("第三件.txt", "5"))),
		}
		s.replaces(others[1], s.keeps("第三件-改.txt", "6")) // while it waits
		s.until("2026-11-11 12:00")
		if got := papers(s.phone("P4").Messages()); got != "photo 表一.txt 表三.txt 第二件.txt 第三件-改.txt" {
			t.Errorf("P4 has %s", got)
		}
		if m := s.phone("P4").Messages(); m[len(m)-1].Album == "" || m[len(m)-2].Album != m[len(m)-1].Album {
			t.Errorf("the two are not one message:\n%s", s.server.Transcript(s.phone("P4")))
		}
		s.replaces(others[0], s.keeps("第二件-改.txt", "7")) // after it went
		s.until("2026-11-11 13:00")
		if got := papers(s.phone("P4").Messages()); got != "photo 表一.txt 表三.txt 第二件-改.txt 第三件-改.txt" {
			t.Errorf("P4 has %s", got)
		}
		s.balanced()
	})
}

// In the middle of a broadcast, whoever has the first file sees it replaced, and the
// others receive the new one; the bytes go once or, where several wait for the same, as
// often as they are sent at once.
func TestFileReplacedMidBroadcast(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.gathers(300)
		s.until("2026-11-10 10:00")
		handle := s.announce("封存登记", func(p *notice.Publication) { p.Files = []reminders.File{s.keeps("旧表.txt", "1")} })
		s.passes(4 * time.Second)
		had := 0
		for id := range s.phones {
			if papers(s.phone(id).Messages()) == "旧表.txt" {
				had++
			}
		}
		if had < 10 || had > 290 {
			t.Fatalf("%d have it already: not the middle", had)
		}
		s.replaces(handle, s.keeps("新表.txt", "2"))
		s.passes(2 * time.Minute)
		for id := range s.phones {
			if got := papers(s.phone(id).Messages()); got != "新表.txt" && s.received(id) > 1 {
				t.Errorf("%s has %q", id, got)
			}
		}
		if carried, named := s.uploads("editMessageMedia"); carried+named < had || carried > 64 {
			t.Errorf("%d edits carried the file and %d named it, %d had the first", carried, named, had)
		}
		s.balanced()
	})
}

// What cannot be replaced is said: another number or kind of files before it is asked for,
// and a message whose file the chat service does not let go on the board. Its text is
// corrected all the same.
func TestFilesThatCannotBeReplaced(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		files := []reminders.File{s.puts("p")[0], s.keeps("说明.txt", "1")}
		s.announce("节前检查安排", func(p *notice.Publication) { p.Files = files })
		s.until("2026-11-10 10:00")
		s.types("S2", "/notice")
		s.tap("S2", "1. 节前检查安排")
		s.tap("S2", "更正")
		s.tap("S2", "换附件")
		s.tap("S2", "1. 照片.jpg")
		s.sends("S2", "安排.txt", "2")
		s.reads("S2", "撤回后重新发布")
		s.phone("S2").SendPhoto(shot(t, 9), "")
		s.settle()
		s.tap("S2", "再改一处")
		s.types("S2", "节前检查安排\n样例：周三下午检查，样式见图。")
		s.tap("S2", "一般更正，不再提醒")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.refusing("P1", "editMessageMedia", 2, http.StatusBadRequest, "Bad Request: message media can't be edited")
		s.tap("S3", "批准")
		s.until("2026-11-10 11:00")
		for id, want := range map[reminders.PersonID]bool{"P1": false, "P2": true} {
			m := s.phone(id).Messages()
			for _, m := range m {
				if content, _ := s.server.Content(m.FileID); m.Photo && bytes.Equal(content, shot(t, 9)) != want {
					t.Errorf("%s shows the new picture: %v", id, !want)
				}
			}
			if text := s.last(id).Text; !strings.Contains(text, "周三下午") {
				t.Errorf("%s reads %q", id, text)
			}
		}
		s.types("S2", "/notice")
		s.tap("S2", "1. 节前检查安排")
		s.reads("S2", "附件没有换成")
		s.tap("S2", "附件未换（1）")
		s.reads("S2", "方样张（")
		s.balanced()
	})
}
