package reminders

import "slices"

// Audience says for whom something is meant (对象): everyone; or whoever is in one of
// the units, if units are given, and has one of the roles, if roles are given; and
// whoever is named; minus the exceptions. The zero value is nobody.
type Audience struct {
	Everyone bool       `json:"everyone,omitempty"`
	Roles    []Role     `json:"roles,omitempty"`
	Units    []UnitID   `json:"units,omitempty"` // the unit itself; whoever chooses expands the tree
	People   []PersonID `json:"people,omitempty"`
	Except   []PersonID `json:"except,omitempty"`
	// Groups says that a unit that has a group chat is told there once, instead of each
	// of its people.
	Groups bool `json:"groups,omitempty"`
}

// Includes reports whether p belongs to the audience.
func (a Audience) Includes(p Person) bool {
	switch {
	case slices.Contains(a.Except, p.ID):
		return false
	case a.Everyone, slices.Contains(a.People, p.ID):
		return true
	case len(a.Units) == 0 && len(a.Roles) == 0:
		return false
	}
	return (len(a.Units) == 0 || slices.Contains(a.Units, p.Unit)) &&
		(len(a.Roles) == 0 || slices.ContainsFunc(a.Roles, p.Roles.Has))
}

// Nobody reports whether the audience names nobody at all.
func (a Audience) Nobody() bool {
	return !a.Everyone && len(a.Roles) == 0 && len(a.Units) == 0 && len(a.People) == 0
}
