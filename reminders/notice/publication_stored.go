package notice

import (
	"encoding/json"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// UnmarshalJSON reads a publication as it is stored. A correction that was written before
// notes had a language and files could be replaced has one note, which is that of the
// lead, and leaves the files as they are.
func (p *Publication) UnmarshalJSON(stored []byte) error {
	type plain Publication
	read := plain{}
	if err := json.Unmarshal(stored, &read); err != nil {
		return err
	}
	if *p = Publication(read); p.Correction == nil {
		return nil
	}
	if len(p.Correction.Files) != len(p.Files) {
		p.Correction.Files = p.Files
	}
	if !p.Correction.Material || len(p.Correction.Notes) > 0 {
		return nil
	}
	var before struct {
		Correction struct {
			Note string `json:"note"`
		} `json:"correction"`
	}
	if err := json.Unmarshal(stored, &before); err != nil {
		return err
	}
	p.Correction.Notes = map[reminders.Language]string{p.Lead: before.Correction.Note}
	return nil
}
