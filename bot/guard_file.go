package bot

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// FileHit is a row of a file to which a rule objects. It never carries what stands there.
type FileHit struct {
	Row  int // as the spreadsheet program numbers it, or the line of a text
	Rule string
}

// InFile looks through a file that is to be imported, by its ending: every cell of a
// table, every value of JSON, every line of any other text. It names each row to which a
// rule objects, hard or soft, once, by its first rule. A file that cannot be read has no
// hits: whoever imports it says what is wrong.
func (g *Guard) InFile(name string, file []byte) []FileHit {
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
		return g.inJSON(file)
	case ".ics", ".yaml", ".yml":
		return g.inLines(strings.Split(strings.NewReplacer("\r\n ", "", "\n ", "").Replace(string(file)), "\n"))
	}
	sheets, err := sheet.ReadSheets(name, file)
	if err != nil {
		return nil
	}
	var hits []FileHit
	for _, s := range sheets {
		hits = append(hits, g.inRows(s.Rows)...)
	}
	slices.SortFunc(hits, func(a, b FileHit) int { return a.Row - b.Row })
	return slices.CompactFunc(hits, func(a, b FileHit) bool { return a.Row == b.Row })
}

// inRows looks at all cells at once, and only if something is found at each row.
func (g *Guard) inRows(rows []sheet.Row) []FileHit {
	texts := make([]string, len(rows))
	for i, row := range rows {
		cells := make([]string, row.Len())
		for c := range cells {
			cells[c] = row.TextAt(c)
		}
		texts[i] = strings.Join(cells, "\n")
	}
	hits := g.inLines(texts)
	for i := range hits {
		hits[i].Row = rows[hits[i].Row-1].Number
	}
	return hits
}

// inLines numbers lines from 1.
func (g *Guard) inLines(lines []string) []FileHit {
	if len(g.any(strings.Join(lines, "\n"))) == 0 {
		return nil
	}
	var hits []FileHit
	for i, line := range lines {
		if rules := g.any(line); len(rules) > 0 {
			hits = append(hits, FileHit{i + 1, rules[0]})
		}
	}
	return hits
}

// inJSON looks at every text of a JSON value; its rows are not numbered.
func (g *Guard) inJSON(file []byte) []FileHit {
	var value any
	if json.Unmarshal(file, &value) != nil {
		return nil
	}
	var texts []string
	var walk func(value any)
	walk = func(value any) {
		switch v := value.(type) {
		case string:
			texts = append(texts, v)
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case map[string]any:
			for name, inner := range v {
				texts = append(texts, name)
				walk(inner)
			}
		}
	}
	walk(value)
	if rules := g.any(strings.Join(texts, "\n")); len(rules) > 0 {
		return []FileHit{{Row: 1, Rule: rules[0]}}
	}
	return nil
}

// any names all rules that a text hits, hard ones first.
func (g *Guard) any(text string) []string {
	return append(find(g.hard, text), find(g.soft, text)...)
}

// RowErrors says of each row what was found and which way works.
func RowErrors(hits []FileHit) []sheet.RowError {
	wrong := make([]sheet.RowError, len(hits))
	for i, hit := range hits {
		wrong[i] = sheet.RowError{Row: hit.Row, Message: Refusal(hit.Rule)}
	}
	return wrong
}
