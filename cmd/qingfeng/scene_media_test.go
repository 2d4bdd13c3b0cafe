package main

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// shot is a picture that differs from others by its shade.
func shot(t *testing.T, shade byte) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 60, 40))
	for i := range m.Pix {
		m.Pix[i] = shade
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// puts keeps pictures (p) and documents (d), one for each letter.
func (s *scene) puts(letters string) (files []reminders.File) {
	s.t.Helper()
	for i, letter := range letters {
		name, content := "照片.jpg", shot(s.t, byte(i))
		if letter == 'd' {
			name, content = "名单.txt", []byte(strings.Repeat("x", i+1))
		}
		file, err := s.files.Put(context.Background(), name, bytes.NewReader(content))
		if err != nil {
			s.t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// mails sends a text of a length with files to somebody.
func (s *scene) mails(key reminders.DeliveryKey, id reminders.PersonID, units int, files []reminders.File, asks ...reminders.Ask) {
	s.t.Helper()
	d := reminders.Delivery{
		Key: key, Kind: "notice", Act: reminders.ActSend, Person: id, Lane: reminders.LaneDuty, Reason: "test", Files: files, Asks: asks,
	}
	if units > 0 {
		text := strings.Repeat("字", units)
		d.Lines = []reminders.Message{reminders.Line("series.titles", reminders.Args{"First": reminders.Text(""), "Second": reminders.Text(text)})}
	}
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error { return s.live.post.Enqueue(tx, d) })
	if err != nil {
		s.t.Fatal(err)
	}
}

// receipt gives what became of a message.
func (s *scene) receipt(key reminders.DeliveryKey) (r reminders.Receipt) {
	s.t.Helper()
	err := s.live.store.View(context.Background(), func(tx reminders.Tx) (err error) {
		r, _, err = s.live.store.Outbox().Receipt(tx, key)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// since describes the messages from the bot after the n-th: what they are, how long
// their text is, whether they have buttons.
func (s *scene) since(id reminders.PersonID, n int) (all []string) {
	s.t.Helper()
	for _, m := range s.phone(id).Messages() {
		if !m.FromBot {
			continue
		}
		if n--; n >= 0 {
			continue
		}
		what := "text"
		switch {
		case m.Photo:
			what = "photo"
		case m.Document != nil:
			what = m.Document.Name
		}
		if m.Album != "" {
			what += " in album"
		}
		switch {
		case len([]rune(m.Text)) > 10:
			what += ", long"
		case m.Text != "":
			what += ", short"
		}
		if len(m.Buttons) > 0 {
			what += ", buttons"
		}
		all = append(all, what)
	}
	return all
}

// clean fails if the chat service refused a call since the n-th, or asked to wait.
func (s *scene) clean(since int) {
	s.t.Helper()
	for _, call := range s.server.Calls()[since:] {
		unchanged := strings.Contains(call.Description, "message is not modified") // a part of a long text
		if (call.Status != 200 && !unchanged) || len(call.Ignored) > 0 {
			s.t.Errorf("%s: %d %s, ignored %v", call.Method, call.Status, call.Description, call.Ignored)
		}
	}
}

// owed gives what somebody is asked to answer.
func (s *scene) owed(id reminders.PersonID) []reminders.Ask {
	s.t.Helper()
	records, err := s.engine.List(context.Background(), "receipt/", "receipt0", 0)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, record := range records {
		var r reminders.Receipt
		if store.Decode(record.Value, &r) == nil && r.Person == id && len(r.Asks) > 0 {
			return r.Asks
		}
	}
	s.t.Fatalf("%s owes nothing", id)
	return nil
}

// Files arrive as the contract says: captions up to 1024 units, longer texts and the
// buttons of an album below the last text; and within the documented limits.
func TestFilesArrive(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		s.lives("2026-09-22 09:01")
		asks := s.owed("P1")
		for _, row := range []struct {
			name  string
			units int
			files string
			asks  []reminders.Ask
			want  []string
		}{
			{"a photo with a caption", 5, "p", nil, []string{"photo, short"}},
			{"without one", 0, "p", nil, []string{"photo"}},
			{"the longest caption", 1024, "p", nil, []string{"photo, long"}},
			{"one unit more", 1025, "p", nil, []string{"photo", "text, long"}},
			{"a photo that asks", 5, "p", asks, []string{"photo, short, buttons"}},
			{"that asks, and has no room for the answer", 900, "p", asks, []string{"photo", "text, long, buttons"}},
			{"a document", 5, "d", nil, []string{"名单.txt, short"}},
			{"an album", 5, "ppp", nil, []string{"photo in album, short", "photo in album", "photo in album"}},
			{"an album that asks", 5, "pp", asks, []string{"photo in album", "photo in album", "text, short, buttons"}},
			{"both kinds", 5, "pdpd", nil, []string{"photo in album, short", "photo in album", "名单.txt in album", "名单.txt in album"}},
			{"a text in two parts", 5000, "p", nil, []string{"photo", "text, long", "text, long"}},
		} {
			before, calls := s.received("P1"), len(s.server.Calls())
			key := reminders.DeliveryKey("test/" + row.name)
			s.mails(key, "P1", row.units, s.puts(row.files), row.asks...)
			time.Sleep(30 * time.Second)
			s.settle()
			if diff := cmp.Diff(row.want, s.since("P1", before)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", row.name, diff)
			}
			if r := s.receipt(key); r.Result != reminders.Sent || len(r.Parts) != len(row.want) || r.MessageID != r.Parts[len(r.Parts)-1] {
				t.Errorf("%s: receipt %+v", row.name, r)
			}
			s.clean(calls)
		}
		s.balanced()
	})
}

// An answer shows wherever the message asked: in the caption of a photo, in the text
// below an album, in the parts of a long text.
func TestAnswersShowWithFiles(t *testing.T) {
	for _, row := range []struct {
		name  string
		units int
		files string
	}{
		{"caption", 5, "p"}, {"text below an album", 5, "pp"}, {"text below a photo", 1000, "p"}, {"parts", 5000, ""}, {"parts below a photo", 5000, "p"},
	} {
		t.Run(row.name, func(t *testing.T) {
			play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
				s.enrol(small)
				s.lives("2026-09-22 09:01")
				s.mails("test/asks", "P1", row.units, s.puts(row.files), s.owed("P1")...)
				time.Sleep(20 * time.Second)
				s.settle()
				calls := len(s.server.Calls())
				s.tap("P1", "已阅")
				s.settle()
				s.clean(calls)
				if got := s.last("P1"); !strings.Contains(got.Text, "已阅 · 9月22日 09:0") {
					t.Errorf("the message shows …%s", string([]rune(got.Text)[max(0, len([]rune(got.Text))-60):]))
				}
				s.tap("P1", "撤回")
				if got := s.last("P1"); strings.Contains(got.Text, "已阅 ·") {
					t.Error("what was taken back shows still")
				}
				s.clean(calls)
				s.balanced()
			})
		})
	}
}

// However many receive a file, its bytes go to the chat service a few times at most:
// once for each message in flight before the first was there. A restart forgets nothing.
func TestUploadsAreReused(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		photo := s.puts("p")
		uploads := func(round string) (fresh, reused int) {
			before := len(s.server.Calls())
			for _, id := range everyone {
				for n := range 5 {
					s.mails(reminders.DeliveryKey("test/"+round+string(rune('a'+n))+"/"+string(id)), id, 5, photo)
				}
			}
			time.Sleep(time.Minute)
			s.settle()
			for _, call := range s.server.Calls()[before:] {
				switch {
				case call.Method != "sendPhoto" || call.Status != 200:
				case call.Params["photo"] == photo[0].Name:
					fresh++
				default:
					reused++
				}
			}
			return fresh, reused
		}
		if fresh, reused := uploads("first"); fresh > sendWorkers || fresh+reused != 5*len(everyone) {
			t.Errorf("%d uploads, %d by name", fresh, reused)
		}
		s.end()
		s.begin()
		if fresh, reused := uploads("second"); fresh != 0 || reused != 5*len(everyone) {
			t.Errorf("after a restart %d uploads, %d by name", fresh, reused)
		}
	})
}

// dying sends until a call has arrived, and then nothing any more, as a process does
// that is killed before it knows.
type dying struct {
	dispatch.Sender
	after  func(o reminders.Outcome) bool
	killed func()
	dead   chan struct{}
}

func (d *dying) Send(ctx context.Context, one reminders.Delivery) reminders.Outcome {
	select {
	case <-d.dead:
		<-ctx.Done()
		return reminders.Outcome{Result: reminders.NotSent}
	default:
	}
	o := d.Sender.Send(ctx, one)
	if d.after(o) {
		d.killed()
		close(d.dead)
		<-ctx.Done()
	}
	return o
}

// A process that is killed between the parts of a message sends the part again that was
// in flight, and no other; the possible duplicate is marked.
func TestKilledBetweenParts(t *testing.T) {
	whole := []string{"photo in album", "photo in album", "photo in album", "名单.txt", "text, long"}
	for step, parts := range []int{3, 4, 5} { // messages that exist at the kill
		t.Run([]string{"album", "document", "text"}[step], func(t *testing.T) {
			play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
				s.enrol(small)
				before := s.received("P1")
				files := s.puts("pppd")
				s.end()
				var left store.Engine
				s.start(func(live *service) {
					live.work.Sender = &dying{
						Sender: live.bot, dead: make(chan struct{}), killed: func() { left = s.copied() },
						after: func(o reminders.Outcome) bool { return len(o.Parts) == parts },
					}
				})
				s.mails("test/parts", "P1", 1025, files)
				time.Sleep(20 * time.Second)
				s.end()
				s.engine = left
				s.begin()
				time.Sleep(20 * time.Second)
				s.settle()

				from := []int{0, 3, 4}[step]
				want := slices.Concat(whole[:parts], whole[from:])
				if diff := cmp.Diff(want, s.since("P1", before)); diff != "" {
					t.Errorf("P1 received (-want +got):\n%s", diff)
				}
				if r := s.receipt("test/parts"); len(r.Parts) != len(whole) || !r.Duplicate {
					t.Errorf("receipt %+v", r)
				}
				s.balanced()
			})
		})
	}
}
