package casebook

import (
	"cmp"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Query says which cases a reader looks at. There is no search for words: nobody looks
// people up here.
type Query struct {
	Category string            // a code, which stands for what lies below it too; a group F or H; empty: all
	Festival calendar.Festival // empty: all
	After    string            // the Next of the page before; empty: the first page
	Limit    int
}

// Page is one page of cases, the newest first.
type Page struct {
	Cases []Case
	Next  string // the After of the next page; empty: this is the last one
}

// Browse gives a page of what readers see today.
func (d *Desk) Browse(tx reminders.Tx, q Query) (Page, error) {
	shown, err := d.shown(tx)
	if err != nil {
		return Page{}, err
	}
	var page Page
	for _, entry := range shown {
		if !entry.fits(q) || q.After != "" && entry.Place() <= q.After {
			continue
		}
		if len(page.Cases) == q.Limit {
			page.Next = EntryOf(page.Cases[q.Limit-1]).Place()
			break
		}
		c, found, err := d.byID(tx, entry.ID)
		if err != nil {
			return Page{}, err
		}
		if found {
			page.Cases = append(page.Cases, c)
		}
	}
	return page, nil
}

// Shelf counts what readers see today.
type Shelf struct {
	Total      int
	Categories map[string]int // by code; H9a counts under H9 too
	Festivals  map[calendar.Festival]int
}

// Shelf counts what readers see today by category and by festival.
func (d *Desk) Shelf(tx reminders.Tx) (Shelf, error) {
	shown, err := d.shown(tx)
	s := Shelf{Total: len(shown), Categories: map[string]int{}, Festivals: map[calendar.Festival]int{}}
	for _, entry := range shown {
		s.Categories[entry.Category]++
		if top := topOf(entry.Category); top != entry.Category {
			s.Categories[top]++
		}
		for _, festival := range entry.Festivals {
			s.Festivals[festival]++
		}
	}
	return s, err
}

// CategoriesIn gives the taxonomy in its official order, labelled in a language: code and
// label.
func (d *Desk) CategoriesIn(language reminders.Language) [][2]string {
	var all [][2]string
	for _, k := range d.Categories {
		all = append(all, [2]string{k.Code, k.Label(language)})
	}
	return all
}

// Label is the name of the category in a language, or in Chinese.
func (k Category) Label(language reminders.Language) string {
	return cmp.Or(k.Labels[language], k.Labels[reminders.Chinese])
}

// CategoryOf gives the category with a code.
func (d *Desk) CategoryOf(code string) (Category, bool) {
	at := slices.IndexFunc(d.Categories, func(k Category) bool { return k.Code == code })
	if at < 0 {
		return Category{}, false
	}
	return d.Categories[at], true
}

// shown lists what readers see today, the newest first: what the office has published,
// and the library. The samples of the library go as soon as the office has published a
// case of its own.
func (d *Desk) shown(tx reminders.Tx) ([]Entry, error) {
	entries, err := d.Store.ShownCases(tx)
	if err != nil {
		return nil, err
	}
	own, err := d.Store.OwnCases(tx)
	if err != nil {
		return nil, err
	}
	for _, c := range d.Library {
		if !own || !c.Sample() {
			entries = append(entries, EntryOf(c))
		}
	}
	today := d.today(tx)
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return today.Before(e.Issued) || !today.Before(e.Expires) })
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Place(), b.Place()) })
	return entries, nil
}

// byID gives a case of the office or of the library.
func (d *Desk) byID(tx reminders.Tx, id string) (Case, bool, error) {
	c, found, err := d.Store.Case(tx, id)
	if err != nil || found {
		return c, found, err
	}
	at := slices.IndexFunc(d.Library, func(c Case) bool { return c.ID == id })
	if at < 0 {
		return Case{}, false, nil
	}
	return d.Library[at], true, nil
}

// Place orders entries: the newest first, then by id. It sorts as text.
func (e Entry) Place() string {
	return calendar.Date{Year: 9999 - e.Issued.Year, Month: 13 - e.Issued.Month, Day: 32 - e.Issued.Day}.String() + "/" + e.ID
}

// fits reports whether the entry is among what a query asks for.
func (e Entry) fits(q Query) bool {
	return strings.HasPrefix(e.Category, q.Category) && (q.Festival == "" || slices.Contains(e.Festivals, q.Festival))
}

// topOf is the category of the official table to which a sub-code belongs: H9a is H9.
func topOf(code string) string { return strings.TrimRight(code, "abcdefg") }
