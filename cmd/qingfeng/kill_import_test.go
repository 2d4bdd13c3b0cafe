package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// The import of a register, at the command line and in the chat, and of a year are
// broken off at every point within them. What is there then is whole as far as it
// goes, check says what is missing, and doing it again, or the next start, brings it to
// its end, once.
func TestKillImport(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about half a minute")
	}
	t.Parallel()
	binary, hits := builtBinary(t), map[crashpoint.Point]int{}
	for _, row := range []struct {
		name string
		play func(p *pieces)
	}{
		{"command line", (*pieces).importsAtTheCommandLine},
		{"chat", (*pieces).importsInTheChat},
		{"year", (*pieces).importsAYear},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newPieces(t, binary, "2026-09-10T09:00:00+08:00")
			row.play(p)
			for point, n := range p.hits {
				hits[point] += n
			}
		})
	}
	wasHit(t, hits, importing)
}

// registered is how many people a register has that is imported, in units of ten.
const registered = 300

// register writes a file with many people, whose staff numbers begin with a letter.
func (p *pieces) register(letter string) (path string) {
	rows := "staff_no,name,unit,title,roles,language\n"
	for n := range registered {
		rows += fmt.Sprintf("%s%03d,样例%s%03d,示例单位%s%d,科员,,zh-Hans\n", letter, n+1, letter, n+1, letter, n/10)
	}
	p.write("people-"+letter+".csv", rows)
	return p.path("people-" + letter + ".csv")
}

// importsAtTheCommandLine imports into an empty directory, again and again.
func (p *pieces) importsAtTheCommandLine() {
	file := p.register("K")
	p.run("import", "people", file, "--data", p.path("whole"))
	whole := p.holds(p.path("whole"))
	if len(whole.people) != registered || whole.open.Name != "" {
		p.t.Fatalf("%d people, open: %+v", len(whole.people), whole.open)
	}
	ends := []string{"import:1", "import:8", "import:15", "apply:2", "applied:2", "applied:17", "apply:9", "", "", ""}
	for i, end := range ends {
		dir := p.path(fmt.Sprintf("data-%d", i))
		v := start(p.t, p.binary, end, "import", "people", file, "--data", dir)
		if end != "" {
			p.dies(v, end)
		} else {
			time.Sleep(time.Duration(p.rng.Int64N(int64(300 * time.Millisecond))))
			v.kill()
			<-v.dead
		}
		p.partOf(dir, whole)
		p.run("import", "people", file, "--data", dir)
		p.sameAs(dir, whole)
		p.run("import", "people", file, "--data", dir)
		p.sameAs(dir, whole)
		p.run("check", "--data", dir)
	}
}

// partOf wants a directory to hold some of a register, each person of it whole and
// with an entry, and check to say so unless nothing or everything is there.
func (p *pieces) partOf(dir string, whole held) {
	p.t.Helper()
	part := p.holds(dir)
	for id, person := range part.people {
		if diff := cmp.Diff(whole.people[id], person); diff != "" {
			p.t.Errorf("%s: %s", id, diff)
		}
	}
	if got := len(entriesOf(part, "people")); got != len(part.people) {
		p.t.Errorf("%d people and %d entries", len(part.people), got)
	}
	if got := len(entriesOf(part, "units")); got != part.units {
		p.t.Errorf("%d units and %d entries", part.units, got)
	}
	n := len(part.people)
	if n > 0 && n < len(whole.people) && part.open.Name == "" {
		p.t.Errorf("%d of %d people are there, and nothing says why", n, len(whole.people))
	}
	if part.open.Name != "" {
		if text := p.fails(exitFailed, "check", "--data", dir); !strings.Contains(text, part.open.Name) || !strings.Contains(text, "has not come to its end") {
			p.t.Errorf("check says:\n%s", text)
		}
	}
}

// sameAs wants a directory to hold what an import that was not broken off leaves.
func (p *pieces) sameAs(dir string, whole held) {
	p.t.Helper()
	got := p.holds(dir)
	if diff := cmp.Diff(whole.people, got.people); diff != "" || got.units != whole.units || got.open.Name != "" {
		p.t.Errorf("%d units, open: %q; people (-want +got):\n%s", got.units, got.open.Name, diff)
	}
	if people, units := len(entriesOf(got, "people")), len(entriesOf(got, "units")); people != len(whole.people) || units != whole.units {
		p.t.Errorf("%d entries about people, %d about units", people, units)
	}
}

// entriesOf lists the entries about an import of people or of units.
func entriesOf(h held, object string) (found []ledger.Entry) {
	for _, e := range h.entries[ledger.Imported] {
		if e.Object == object {
			found = append(found, e)
		}
	}
	return found
}

// importsInTheChat lets the admin send files; the service is killed after the tap.
func (p *pieces) importsInTheChat() {
	p.appoint()
	before := len(p.holds(p.path("data")).people)
	for i, end := range []string{"handled:1", "import:1", "import:9", "chore:1", "applied:6", ""} {
		letter := string(rune('P' + i))
		file := p.register(letter)
		name := "people-" + letter + ".csv"
		p.sends(file, name)

		v := p.lively(end)
		if err := p.admin.TapLabel("导入"); err != nil {
			p.t.Fatal(err)
		}
		if end != "" {
			p.dies(v, end)
		} else {
			time.Sleep(time.Duration(p.rng.Int64N(int64(300 * time.Millisecond))))
			v.kill()
			<-v.dead
			p.gate.drain(p.t)
		}
		broken := p.holds(p.path("data"))
		if end == "" && len(broken.chores) == 0 && len(broken.people) == before {
			p.t.Log("killed before the tap was handled")
		} else if len(broken.chores) == 1 {
			text := p.fails(exitFailed, "check", "--data", p.path("data"))
			if !strings.Contains(text, name) || !strings.Contains(text, "goes on when the service runs") {
				p.t.Errorf("check says:\n%s", text)
			}
		} else if end != "" {
			p.t.Errorf("after %s there are %d chores", end, len(broken.chores))
		}

		v = p.lively("")
		p.await(v, func() bool { return p.told(name+" 已导入") > 0 })
		p.stop(v)
		after := p.holds(p.path("data"))
		if before += registered; len(after.people) != before || len(after.chores) != 0 {
			p.t.Errorf("after %s: %d people, want %d; %d chores", end, len(after.people), before, len(after.chores))
		}
		most := 1
		if end == "" {
			most = 2 // a kill at any instant may hit the answer in flight, which then comes again (docs/adr/0002)
		}
		if got := p.told(name + " 已导入"); got < 1 || got > most {
			p.t.Errorf("after %q the admin was told %d times", end, got)
		}
		p.run("check", "--data", p.path("data"))
	}
	if got := len(entriesOf(p.holds(p.path("data")), "people")); got != before {
		p.t.Errorf("%d entries about %d people", got, before)
	}
}

// sends lets the admin send a file in a life of its own, which previews it.
func (p *pieces) sends(path, name string) {
	p.t.Helper()
	v := p.lively("")
	p.admin.SendDocument(name, read(p.t, path), "")
	p.await(v, func() bool { return p.told("〔核对结果〕"+name) > 0 })
	p.stop(v)
}

// importsAYear imports an arrangement by which a block begins a day earlier, after its
// reminder has gone out: the copies that people have are edited in pieces.
func (p *pieces) importsAYear() {
	data := p.path("data")
	p.turnTo(instant(p.t, "2026-09-21T09:00:00+08:00"))
	p.found()
	for chat, code := range p.codes {
		p.gate.Person(chat, string(p.phones.people[chat]), "zh-hans").Start(code)
	}
	p.stop(p.lively(""))
	p.turnTo(instant(p.t, "2026-09-22T08:59:50+08:00"))
	v := p.lively("")
	p.await(v, func() bool { return p.shown("请于 9月24日 18:00 前") == len(p.codes) })
	p.stop(v)

	year := strings.Replace(string(read(p.t, "../../content/calendars/2026.json")),
		`{"name": "中秋节", "date": "2026-09-25"`, `{"name": "中秋节", "date": "2026-09-24", "isOffDay": true}, {"name": "中秋节", "date": "2026-09-25"`, 1)
	p.write("2026.json", year)
	command := []string{"import", "holidays", p.path("2026.json"), "--data", data}

	p.dies(start(p.t, p.binary, "adopt:1", command...), "adopt:1")
	p.adopted(0)
	for _, row := range []struct {
		end   string
		years int
	}{{"adopt:1", 0}, {"adopted:1", 1}} { // the command asks a service, which is killed
		v := p.lively(row.end)
		p.fails(exitFailed, command...)
		p.dies(v, row.end)
		p.adopted(row.years)
	}
	for _, end := range []string{"publish:1", "edit:5"} {
		p.dies(p.start(fated(end)), end)
		p.adopted(1)
	}
	p.stop(p.lively(""))
	if got := p.shown("请于 9月23日 18:00 前"); got != len(p.codes) {
		p.t.Errorf("%d of %d people see the new date", got, len(p.codes))
	}
	if got := p.shown("请于 9月24日 18:00 前"); got != 0 {
		p.t.Errorf("%d people still see the old date", got)
	}
	p.run(command...)
	p.adopted(1)
	p.run("check", "--data", data)
}

// adopted wants so many imported years, and each notice to have moved once with them.
func (p *pieces) adopted(years int) {
	p.t.Helper()
	h := p.holds(p.path("data"))
	moved := map[string]int{}
	for _, e := range h.entries[ledger.Redated] {
		moved[e.Object]++
	}
	if h.years != years || (len(moved) > 0) != (years > 0) {
		p.t.Errorf("%d imported years, want %d; moved: %v", h.years, years, moved)
	}
	for key, n := range moved {
		if n != 1 {
			p.t.Errorf("%s moved %d times", key, n)
		}
	}
}

// shown counts the people whose chat shows a text in a message with the heading of the
// personal reminder.
func (p *pieces) shown(text string) (n int) {
	for chat := range p.codes {
		for _, m := range p.gate.Person(chat, "", "").Messages() {
			if m.FromBot && strings.Contains(m.Text, heading) && strings.Contains(m.Text, text) {
				n++
				break
			}
		}
	}
	return n
}
