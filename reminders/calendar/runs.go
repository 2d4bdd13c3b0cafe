package calendar

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// runs finds the blocks: around each listed day off the contiguous rest days.
func (c *Calendar) runs() []Block {
	var blocks []Block
	for _, d := range slices.SortedFunc(maps.Keys(c.days), Date.Compare) {
		if !c.days[d].off || len(blocks) > 0 && !d.After(blocks[len(blocks)-1].Last) {
			continue
		}
		blocks = append(blocks, c.block(d))
	}
	distinguish(blocks)
	return blocks
}

// block describes the run around d, which is its first listed day off. The block
// belongs to the year that lists that day.
func (c *Calendar) block(d Date) Block {
	b := Block{
		Year:  c.days[d].year,
		First: c.LastWorkdayBefore(d).AddDays(1),
		Last:  c.FirstWorkdayAfter(d).AddDays(-1),
	}
	var names []string
	b.Confirmed = true
	for day := b.First; !day.After(b.Last); day = day.AddDays(1) {
		listed, ok := c.days[day]
		if !ok {
			continue
		}
		for _, name := range listed.names {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if a := c.years[listed.year]; a.Status == Provisional {
			b.Provisional = true
			b.Confirmed = b.Confirmed && a.Confirmed
		}
	}
	b.Confirmed = b.Confirmed && b.Provisional
	b.Festivals = festivalsIn(strings.Join(names, "、"))
	b.Name = heading(names)
	b.ID = short(fmt.Sprintf("%d-%s", b.Year, tag(b.Festivals, names)))
	return b
}

// heading joins the names of the days of a block, without those that another name
// contains: "国庆节" says nothing beside "国庆节、中秋节".
func heading(names []string) string {
	var kept []string
	for _, name := range names {
		inside := func(other string) bool { return other != name && strings.Contains(other, name) }
		if !slices.ContainsFunc(names, inside) {
			kept = append(kept, name)
		}
	}
	return strings.Join(kept, "、")
}

// tag is what an identifier calls a block: its festivals, else its own names.
func tag(festivals []Festival, names []string) string {
	var parts []string
	for _, f := range festivals {
		parts = append(parts, string(f))
	}
	if len(parts) > 0 {
		return strings.Join(parts, "+")
	}
	for _, name := range names {
		if s := slug(name); !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "+")
}

// slug makes a word for identifiers out of a name: its ASCII letters and digits in
// lower case, the rest as hyphens. A name with letters that this would lose gets a
// fingerprint instead, so that two such names stay apart.
func slug(name string) string {
	var b strings.Builder
	lost := false
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '\'' || r == '’':
		case r > 127:
			lost = true
		default:
			b.WriteByte('-')
		}
	}
	words := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '-' })
	if lost || len(words) == 0 {
		return "holiday-" + fingerprint(name)[:8]
	}
	return strings.Join(words, "-")
}

// distinguish adds its first day to the identifier of a block whose identifier an
// earlier one already has.
func distinguish(blocks []Block) {
	seen := map[string]bool{}
	for i := range blocks {
		b := &blocks[i]
		if seen[b.ID] {
			b.ID = short(b.ID + "-" + b.First.String())
		}
		seen[b.ID] = true
	}
}
