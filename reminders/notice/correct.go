package notice

import (
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Change is the whole new state of what was sent: what it says, the files that go along,
// each in the place of the one before, and for readers what was changed.
type Change struct {
	Bodies   map[reminders.Language]Body
	Files    []reminders.File
	Material bool
	Notes    map[reminders.Language]string // of a material one; that of the lead must be there
}

// Correct writes a new text and new files for what was sent already (更正), which waits for
// a second person. A material one asks for the acknowledgement once more, and needs a note
// that says what was changed. It fails with Closed for what was not sent or was recalled,
// and while another correction is under way; with Invalid as Submit does, and for files
// that the chat service does not let stand in the place of those that were sent.
func (p *Press) Correct(tx reminders.Tx, handle string, by reminders.PersonID, c Change) (Publication, error) {
	of, err := p.Find(tx, handle)
	if err != nil {
		return of, err
	}
	if err := of.Correctable(); err != nil {
		return of, err
	}
	if err := replaceable(of.Files, c.Files); err != nil {
		return of, err
	}
	correction := Correction{
		By: by, At: tx.Now(), Bodies: maps.Clone(c.Bodies), Files: slices.Clone(c.Files), Material: c.Material, Notes: c.notes(), State: Awaiting,
	}
	if hits := of.remaining(p.faultsOf(of, correction)); len(hits) > 0 {
		return of, refused("notice.correct", hits[0])
	}
	of.Correction = &correction
	if err := p.Store.SavePublication(tx, of); err != nil {
		return of, err
	}
	err = p.Desk.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.Submitted, Object: of.NoticeID(), Reason: ReasonCorrection,
		TextHash: HashBodies(correction.Bodies), Attrs: filesChanged(nil, of.Files, correction.Files),
	})
	if err != nil {
		return of, err
	}
	return of, p.tellApprovers(tx, of, by, "publication.correction_submitted", "publication.correction_lone")
}

// Correctable says why a publication cannot be corrected now: it fails with Closed for what
// was not sent or was recalled, and while another correction is under way.
func (p Publication) Correctable() error {
	switch {
	case p.State != Released:
		return reminders.Fail(reminders.Closed, "notice.correct", "publication.not_sent", nil)
	case p.correcting() || p.Correction != nil && p.Correction.State == Awaiting:
		return reminders.Fail(reminders.Closed, "notice.correct", "publication.correcting", nil)
	}
	return nil
}

// notes are what a material change says for its readers, without languages in which it
// says nothing.
func (c Change) notes() map[reminders.Language]string {
	if !c.Material {
		return nil
	}
	notes := maps.Clone(c.Notes)
	maps.DeleteFunc(notes, func(_ reminders.Language, note string) bool { return strings.TrimSpace(note) == "" })
	return notes
}

// faultsOf lists what is missing in a correction, and what the guard and the lint object to.
func (p *Press) faultsOf(of Publication, c Correction) []reminders.Hit {
	hits := faults(of.Kind, of.Lead, c.Bodies)
	if c.Material && c.Notes[of.Lead] == "" {
		hits = append(hits, lacking(RuleNoNote))
	}
	hits = append(hits, p.screen(Publication{Bodies: c.Bodies, Files: c.Files})...)
	for _, language := range slices.Sorted(maps.Keys(c.Notes)) {
		hits = append(hits, p.Screen(c.Notes[language])...)
	}
	return hits
}

// ReasonCorrection is why something is sent or asked anew: what was sent was corrected.
const ReasonCorrection = "correction"

// DecideCorrection approves a correction or returns it, as Decide does for drafts. From
// the commit on every copy that is put into words has the new text; the copies that were
// delivered follow in bounded pieces.
func (p *Press) DecideCorrection(tx reminders.Tx, handle string, approve bool, reason string, by reminders.PersonID, lone bool) (Publication, error) {
	of, err := p.Find(tx, handle)
	if err != nil {
		return of, err
	}
	if of.Correction == nil || of.State != Released {
		return of, reminders.Fail(reminders.Closed, "notice.decide", "publication.decided", nil)
	}
	correction := new(*of.Correction)
	if err := p.mayDecide(correction.State, correction.By, approve, reason, by, lone); err != nil {
		return of, err
	}
	correction.Decision = Verdict{By: by, At: tx.Now(), Lone: correction.By == by, Reason: reason}
	of.Correction = correction
	if !approve {
		correction.State = SentBack
		return of, p.decided(tx, of, correction.By, correction.Decision, ledger.Rejected, "publication.correction_returned")
	}
	correction.State, correction.Way = Cleared, Passage{Phase: correctLines, Round: of.Round}
	if err := p.replace(tx, &of); err != nil {
		return of, err
	}
	crashpoint.Pass(crashpoint.Decide)
	return of, p.decided(tx, of, correction.By, correction.Decision, ledger.Approved, "publication.correction_approved")
}

// replace puts the new text and files in the place of the old ones, and new terms in the place of
// those that a material correction asks anew.
func (p *Press) replace(tx reminders.Tx, of *Publication) error {
	correction := of.Correction
	was := HashBodies(of.Bodies)
	of.Past = append(slices.Clone(of.Past), Version{Version: of.Version, Bodies: of.Bodies, Files: of.Files, Replaced: tx.Now()})
	attrs := filesChanged(map[string]string{"was": was}, of.Files, of.CorrectedFiles())
	if err := p.changeFiles(tx, of, of.CorrectedFiles()); err != nil {
		return err
	}
	of.Bodies, of.Version = correction.Bodies, of.Version+1
	if correction.Material {
		attrs["material"] = "yes"
	}
	if correction.Material && of.Expects.Obliges() {
		of.Round++
		if err := p.askAnew(tx, *of); err != nil {
			return err
		}
	}
	return p.Desk.Ledger.Append(tx, ledger.Entry{
		Actor: string(correction.By), Verb: ledger.Corrected, Object: of.NoticeID(), Reason: of.Notes()[of.Lead],
		TextHash: HashBodies(of.Bodies), Attrs: attrs,
	})
}

// askAnew lets the notice expect an answer to the new text: within as many workdays as
// the first, counted from today.
func (p *Press) askAnew(tx reminders.Tx, of Publication) error {
	n, found, err := p.Desk.Store.Notice(tx, of.Notice)
	if err != nil || !found {
		return err
	}
	n.Terms = of.Expected(p.Desk.Calendar(), p.begins(of, tx.Now()))
	n.Due, n.Until = n.Terms.Due, n.Terms.Due
	if err := p.Desk.Store.SaveNotice(tx, n); err != nil {
		return err
	}
	return p.Desk.Book.Expect(tx, *n.Terms, nil)
}
