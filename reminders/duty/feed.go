package duty

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Whose says whose shifts a feed shows: those of a person, or those of a unit.
type Whose struct {
	Person reminders.PersonID `json:"person,omitempty"`
	Unit   reminders.UnitID   `json:"unit,omitempty"`
}

// Feed is an address under which somebody's calendar can be subscribed to (日历订阅).
// Only the hash of its token is kept: who reads the store cannot read the calendar.
type Feed struct {
	Hash   string    `json:"hash"`
	Whose  Whose     `json:"whose"`
	MadeAt time.Time `json:"made_at"`
}

// NewToken makes a token of 128 random bits: 26 lower-case letters and digits, fit for
// an address.
func NewToken() string {
	var bits [16]byte
	_, _ = rand.Read(bits[:]) // never fails, by its documentation
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(bits[:]))
}

// hashOf is the hash under which a token is kept. Looking it up by hash takes the same
// time whatever part of a guess is right.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte("calendar/" + token))
	return hex.EncodeToString(sum[:])
}

// FeedToken makes the token of a new feed. The one before it, if there is one, does not
// open any more. The token is given once and cannot be read again. That the caller may
// have it is for the caller to see to: one's own, or for a unit its liaison.
func (d *Desk) FeedToken(tx reminders.Tx, who Whose) (string, error) {
	if (who.Person == "") == (who.Unit == "") {
		return "", reminders.Internalf("duty.feed", "a feed is of a person or of a unit")
	}
	if err := d.RevokeFeed(tx, who); err != nil {
		return "", err
	}
	token := d.NewToken()
	return token, d.Store.SaveFeed(tx, Feed{Hash: hashOf(token), Whose: who, MadeAt: tx.Now()})
}

// RevokeFeed closes a feed; without one it does nothing.
func (d *Desk) RevokeFeed(tx reminders.Tx, who Whose) error {
	f, found, err := d.Store.FeedFor(tx, who)
	if err != nil || !found {
		return err
	}
	return d.Store.DropFeed(tx, f)
}

// FeedOf gives whose calendar a token opens; false for a token that is unknown, was
// revoked, or belongs to somebody who has left.
func (d *Desk) FeedOf(tx reminders.Tx, token string) (Whose, bool, error) {
	f, found, err := d.Store.Feed(tx, hashOf(token))
	if err != nil || !found || f.Whose.Person == "" {
		return f.Whose, found, err
	}
	member, found, err := d.Register.Member(tx, f.Whose.Person)
	return f.Whose, found && member.Active, err
}
