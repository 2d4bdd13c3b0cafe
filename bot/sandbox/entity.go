package sandbox

import (
	"cmp"
	"slices"
)

// Entity is a part of a text with a meaning: bold, a link, a command. Offset and
// Length count UTF-16 units. Types are those of the Bot API.
type Entity struct {
	Type          string `json:"type"`
	Offset        int    `json:"offset"`
	Length        int    `json:"length"`
	URL           string `json:"url,omitempty"`
	Language      string `json:"language,omitempty"`
	CustomEmojiID string `json:"custom_emoji_id,omitempty"`
}

func (e Entity) end() int { return e.Offset + e.Length }

// within cuts entities to a text of the given length, drops those without length
// and those inside code, which holds nothing else, and puts them in order: by
// offset, the longer first. The result is nil if none is left.
func within(entities []Entity, length int) []Entity {
	var kept []Entity
	for _, e := range entities {
		from, to := max(0, e.Offset), min(e.end(), length)
		if from < to {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	slices.SortStableFunc(kept, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
	all := slices.Clone(kept)
	return slices.DeleteFunc(kept, func(e Entity) bool { return insideCode(e, all) })
}

func insideCode(e Entity, all []Entity) bool {
	return slices.ContainsFunc(all, func(outer Entity) bool {
		return (outer.Type == "code" || outer.Type == "pre") && outer != e &&
			outer.Offset <= e.Offset && e.end() <= outer.end()
	})
}
