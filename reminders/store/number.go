package store

// Number gives the next number of a series, from 1 and without a gap: the counter
// is written in the same commit as what carries the number, so a unit that fails
// or runs again uses none up. Two units that number the same series are run one
// after the other; the sequencer sees to it that both get through.
func (u *Unit) Number(series string) (uint64, error) {
	key := "number/" + series
	last, _, err := Load[uint64](u, key)
	if err != nil {
		return 0, err
	}
	return last + 1, Save(u, key, last+1)
}
