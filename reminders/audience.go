package reminders

import "slices"

// Audience says for whom something is meant (对象): everyone, or everyone who has
// one of the roles or is in one of the units or is named, minus the exceptions.
// The zero value is nobody.
type Audience struct {
	Everyone bool       `json:"everyone,omitempty"`
	Roles    []Role     `json:"roles,omitempty"`
	Units    []UnitID   `json:"units,omitempty"` // the unit itself; callers expand the tree
	People   []PersonID `json:"people,omitempty"`
	Except   []PersonID `json:"except,omitempty"`
}

// Includes reports whether p belongs to the audience.
func (a Audience) Includes(p Person) bool {
	if slices.Contains(a.Except, p.ID) {
		return false
	}
	return a.Everyone ||
		slices.ContainsFunc(a.Roles, p.Roles.Has) ||
		slices.Contains(a.Units, p.Unit) ||
		slices.Contains(a.People, p.ID)
}
