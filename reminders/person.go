package reminders

import (
	"slices"
	"strings"
)

// PersonID is the staff number (工号) under which the office knows a person. It
// consists of 1 to 24 letters, digits, '-', '_' or '.', so that it fits into
// keys and exports as it stands.
type PersonID string

// UnitID names a unit. It is derived from the unit's name when the unit is
// first imported and never changes afterwards.
type UnitID string

// ChatID is the address of a private chat or of a group at the chat service.
type ChatID int64

// Language is the tag of a language in which the service speaks.
type Language string

// The languages that ship with the program. More are added by adding a file to
// content/locales.
const (
	Chinese Language = "zh-Hans"
	English Language = "en"
)

// Person is somebody enrolled (在册人员): name, unit, title, roles and language,
// and nothing else about them.
type Person struct {
	ID       PersonID `json:"staff_no"`
	Name     string   `json:"name"`
	Unit     UnitID   `json:"unit"`
	Title    string   `json:"title,omitempty"`
	Roles    Roles    `json:"roles,omitempty"`
	Language Language `json:"language,omitempty"` // empty: the default of the service
}

// Unit is a unit of the administration (单位). Units form a tree.
type Unit struct {
	ID     UnitID `json:"id"`
	Name   string `json:"name"`
	Parent UnitID `json:"parent,omitempty"`
	Duty   bool   `json:"duty,omitempty"` // keeps a duty roster
}

// Role is what a person may do (角色). Everyone enrolled is an official, also
// without saying so.
type Role string

// The roles, from the product's table of people.
const (
	Official Role = "official" // 公职人员
	Liaison  Role = "liaison"  // 联络员
	Leader   Role = "leader"   // 单位负责人
	Staff    Role = "staff"    // 室工作人员
	Head     Role = "head"     // 室负责人
	Admin    Role = "admin"    // 管理员
	Auditor  Role = "auditor"  // 审计
)

// The places on a shift, by which messages are addressed as by a role. Who holds one
// follows from the roster and the instant; no person has it as a role.
const (
	DutyOfficer Role = "duty-officer"  // 值班员
	DutyLeader  Role = "duty-leader"   // 带班领导
	DutyBackup  Role = "duty-backup"   // 备班
	StaffOnDuty Role = "staff-on-duty" // 本室值班人员
)

// AllRoles lists the roles in the order in which lists show them.
func AllRoles() []Role {
	return []Role{Official, Liaison, Leader, Staff, Head, Admin, Auditor}
}

// Roles is the set of roles of one person, without Official, which is implied.
type Roles []Role

// Has reports whether the set allows what role may do: everyone is an official,
// and the head of the office may do what staff may.
func (r Roles) Has(role Role) bool {
	switch role {
	case Official:
		return true
	case Staff:
		return slices.Contains(r, Staff) || slices.Contains(r, Head)
	default:
		return slices.Contains(r, role)
	}
}

// ParseRoles reads roles separated by ';' (also '；', ',' or '、'). Official may
// be named and is left out of the result. An unknown word is an Invalid error
// with the word as detail.
func ParseRoles(text string) (Roles, error) {
	var roles Roles
	words := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(";；,，、", c) })
	for _, word := range words {
		role := Role(strings.ToLower(strings.TrimSpace(word)))
		if role == "" || role == Official {
			continue
		}
		if !slices.Contains(AllRoles(), role) {
			return nil, Fail(Invalid, "roles", "error.role", Args{"Word": Text(strings.TrimSpace(word))})
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles, nil
}
