package people

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// How long a code is good for unless somebody says otherwise.
const (
	InvitationTTL = 7 * 24 * time.Hour
	AdminTTL      = 24 * time.Hour
)

// InvitationKind says what a code is for.
type InvitationKind string

// The kinds of invitation.
const (
	ForPerson InvitationKind = "person" // binds a chat to a person
	ForAdmin  InvitationKind = "admin"  // makes whoever uses it the first admin
)

// Invitation is a one-time code as the store knows it (邀请): its hash, never the
// code itself.
type Invitation struct {
	Hash       string             `json:"hash"` // SHA-256 of the code in hex
	Kind       InvitationKind     `json:"kind"`
	Person     reminders.PersonID `json:"person"` // Placeholder for ForAdmin
	CreatedAt  time.Time          `json:"created_at"`
	ExpiresAt  time.Time          `json:"expires_at"`
	UsedAt     time.Time          `json:"used_at,omitzero"`
	ReplacedAt time.Time          `json:"replaced_at,omitzero"` // a newer code was made
}

// NewCode makes a code of 128 random bits: 26 letters and digits, fit for the
// start parameter of a link and for typing by hand.
func NewCode() string {
	var bits [16]byte
	_, _ = rand.Read(bits[:]) // never fails, by its documentation
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(bits[:]))
}

// hashOf is the hash under which a code is stored. Space and case, which typing
// by hand brings along, do not count.
func hashOf(code string) string {
	hash := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(code))))
	return hex.EncodeToString(hash[:])
}

// opens compares the hash of a code in constant time.
func (i Invitation) opens(hash string) bool {
	return subtle.ConstantTimeCompare([]byte(i.Hash), []byte(hash)) == 1
}
