package content

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// MaxItems is how many items a reminder has at most: more is not read.
const MaxItems = 4

// ErrNoItem says that the library has nothing to name for an occasion.
var ErrNoItem = errors.New("no item for this occasion")

// ReminderItem is one line of a reminder: what to keep in mind, and the public
// rule behind it.
type ReminderItem struct {
	Key       string // of the text: risk.<id>
	SourceKey string // of the rule's name: source.<id>; several items may share it
	Article   int    // of the rule, zero where it is not stated
}

// risks is library/risks.toml (节日廉洁风险).
type risks struct {
	Items   []risk            `toml:"item"`
	Sources map[string]source `toml:"sources"`
}

// risk is one item; without festivals it fits every occasion.
type risk struct {
	ID        string   `toml:"id"`
	Festivals []string `toml:"festivals"`
	Order     int      `toml:"order"`
	Source    string   `toml:"source"`
	Article   int      `toml:"article"`
	Covers    []string `toml:"covers"` // general items that say nothing new beside this one
}

// source is a public rule.
type source struct {
	Title string `toml:"title"`
	Since int    `toml:"since"`
}

// newRisks reads the file, orders the items and checks that each has texts and a
// source.
func newRisks(c *Content) (*risks, error) {
	const name = "library/risks.toml"
	data, err := c.must(name)
	if err != nil {
		return nil, err
	}
	r := &risks{}
	if err := decode(name, data, r); err != nil {
		return nil, err
	}
	for i, item := range r.Items {
		if err := r.valid(c.catalogue, i); err != nil {
			return nil, fmt.Errorf("%s: item %q: %w", name, item.ID, err)
		}
	}
	slices.SortStableFunc(r.Items, func(a, b risk) int { return cmp.Compare(a.Order, b.Order) })
	return r, nil
}

// valid checks item i against the texts, the sources and the other items.
func (r *risks) valid(k *Catalogue, i int) error {
	item := r.Items[i]
	named := func(id string) func(risk) bool { return func(o risk) bool { return o.ID == id } }
	switch {
	case slices.ContainsFunc(r.Items[:i], named(item.ID)):
		return errors.New("is there twice")
	case !k.Has("risk." + item.ID):
		return fmt.Errorf("there is no text risk.%s", item.ID)
	case r.Sources[item.Source].Title == "":
		return fmt.Errorf("source %q has no title", item.Source)
	case !k.Has("source." + item.Source):
		return fmt.Errorf("there is no text source.%s", item.Source)
	}
	for _, id := range item.Covers {
		if !slices.ContainsFunc(r.Items, named(id)) {
			return fmt.Errorf("covers %q, which does not exist", id)
		}
	}
	return nil
}

// Reminder chooses the items for an occasion of one or more festivals, by their
// ids in the order of the calendar: first what is special to each festival, one
// from each in turn, then what holds at any time, MaxItems in all. The same
// festivals always give the same items. A festival that the library does not
// know, such as one of another place, gets the general items. The error is
// ErrNoItem if there are none either.
func (c *Content) Reminder(festivals []string) ([]ReminderItem, error) {
	var queues [][]risk
	for _, festival := range festivals {
		queues = append(queues, c.risks.of(festival))
	}
	chosen := take(queues, MaxItems)
	for _, item := range c.risks.of("") {
		covers := func(other risk) bool { return slices.Contains(other.Covers, item.ID) }
		if len(chosen) < MaxItems && !slices.ContainsFunc(chosen, covers) {
			chosen = append(chosen, item)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("content: %q: %w", festivals, ErrNoItem)
	}
	items := make([]ReminderItem, len(chosen))
	for i, item := range chosen {
		items[i] = ReminderItem{"risk." + item.ID, "source." + item.Source, item.Article}
	}
	return items, nil
}

// of gives the items special to a festival in their order, the general ones for
// "".
func (r *risks) of(festival string) []risk {
	var items []risk
	for _, item := range r.Items {
		if slices.Contains(item.Festivals, festival) || festival == "" && len(item.Festivals) == 0 {
			items = append(items, item)
		}
	}
	return items
}

// take deals up to n items from the queues in turn, each item once.
func take(queues [][]risk, n int) []risk {
	var taken []risk
	for row := 0; ; row++ {
		more := false
		for _, queue := range queues {
			if row >= len(queue) {
				continue
			}
			more = true
			twice := slices.ContainsFunc(taken, func(t risk) bool { return t.ID == queue[row].ID })
			if !twice && len(taken) < n {
				taken = append(taken, queue[row])
			}
		}
		if !more || len(taken) == n {
			return taken
		}
	}
}
