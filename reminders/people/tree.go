package people

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// UnitIDOf derives the identifier of a unit from its name: "u" and the first 8
// characters of the SHA-256 of the trimmed name in lower-case base32. A unit is
// therefore the same one in every file that names it alike.
func UnitIDOf(name string) reminders.UnitID {
	hash := sha256.Sum256([]byte(strings.TrimSpace(name)))
	return reminders.UnitID("u" + strings.ToLower(base32.StdEncoding.EncodeToString(hash[:5])))
}

// Descendants gives a unit and all units below it, the unit first, then level by
// level in the order of their names. An unknown unit gives itself. A tree with
// a cycle, as it may exist between two chunks of an import, ends all the same.
func Descendants(units []reminders.Unit, id reminders.UnitID) []reminders.UnitID {
	sorted := slices.SortedFunc(slices.Values(units), func(a, b reminders.Unit) int { return cmp.Compare(a.Name, b.Name) })
	below := map[reminders.UnitID][]reminders.UnitID{}
	for _, u := range sorted {
		below[u.Parent] = append(below[u.Parent], u.ID)
	}
	found, seen := []reminders.UnitID{id}, map[reminders.UnitID]bool{id: true}
	for i := 0; i < len(found); i++ {
		for _, child := range below[found[i]] {
			if !seen[child] {
				seen[child] = true
				found = append(found, child)
			}
		}
	}
	return found
}

// cycleThrough gives the units of a cycle that contains id, beginning and ending
// with it, or nothing.
func cycleThrough(parents map[reminders.UnitID]reminders.UnitID, id reminders.UnitID) []reminders.UnitID {
	path, seen := []reminders.UnitID{id}, map[reminders.UnitID]bool{}
	for at := parents[id]; at != "" && !seen[at]; at = parents[at] {
		seen[at] = true
		path = append(path, at)
		if at == id {
			return path
		}
	}
	return nil
}
