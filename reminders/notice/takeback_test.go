package notice_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// What waits in one message with a notice that is taken back goes without the files of
// that, whether it was the host of the message or joined it, also if they were corrected
// meanwhile; the files of the other stay, even the same one.
func TestFilesOfWhatIsTakenBack(t *testing.T) {
	for name, row := range map[string]struct {
		corrected bool
		takes     int // which of the two is taken back
		want      []reminders.File
	}{
		"the host":             {takes: 0, want: []reminders.File{paper("b.pdf"), paper("both.pdf")}},
		"the guest":            {takes: 1, want: []reminders.File{paper("a.pdf"), paper("both.pdf")}},
		"the host, corrected":  {corrected: true, takes: 0, want: []reminders.File{paper("b.pdf"), paper("both.pdf")}},
		"the guest, corrected": {corrected: true, takes: 1, want: []reminders.File{paper("a.pdf"), paper("both.pdf")}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newNewsroom(t, 4)
			r.sent(func(p *notice.Publication) { p.Bodies = said("of the day") })
			r.deliver(100)
			var handles []string
			for _, own := range []string{"a.pdf", "b.pdf"} {
				handle, _ := r.sent(func(p *notice.Publication) {
					p.Bodies, p.Files = said(own), []reminders.File{paper(own), paper("both.pdf")}
				})
				handles = append(handles, handle)
			}
			r.work()
			if row.corrected {
				r.do(func(tx reminders.Tx) error {
					change := notice.Change{Bodies: said("new"), Files: []reminders.File{paper("new.pdf"), paper("both.pdf")}}
					if _, err := r.press.Correct(tx, handles[row.takes], "S001", change); err != nil {
						return err
					}
					_, err := r.press.DecideCorrection(tx, handles[row.takes], true, "", "S002", false)
					return err
				})
			}
			r.recall(handles[row.takes])
			r.work()
			waiting := 0
			for _, d := range r.waiting() {
				if d.Person != "G0001" || len(d.Files) == 0 {
					continue
				}
				waiting++
				if diff := cmp.Diff(row.want, d.Files); diff != "" {
					t.Errorf("%s goes with (-want +got):\n%s", d.Key, diff)
				}
			}
			if waiting != 1 {
				t.Errorf("%d messages with files wait for G0001", waiting)
			}
		})
	}
}
