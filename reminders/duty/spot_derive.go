package duty

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// # How the moment of a spot check follows
//
// Before rosters are filed, a secret is made for the block: 32 random bytes, written as
// 64 lower-case hexadecimal digits. The commitment is the SHA-256 of these 64 digits; it
// is in the ledger and is shown to whoever asks:
//
//	printf '%s' SECRET | sha256sum
//
// The roster of a unit counts as it was last filed before the first instant of the block
// (00:00 of its first day on the clock of the place). Whatever is filed, swapped or
// cancelled from then on changes nothing about the moment. A unit that had filed nothing
// by then counts as having filed the roster without shifts, so that nobody gets out of
// the draw by filing late. ROSTER is the SHA-256 of the canonical text (see Canonical).
//
// The window is the list of spans in which the check may come (see spotWindow), of M
// whole minutes together. The moment is minute n of them, counted from 0 through the
// spans in their order, where n is the number made of the first 15 hexadecimal digits of
//
//	printf '%s %s' SECRET ROSTER | sha256sum
//
// taken modulo M. 15 digits are 60 bits, which a shell can still reckon with:
//
//	echo $(( 0xDIGITS % M ))
//
// # Why nobody can steer it
//
// The unit chooses the roster and does not know the secret. The office made the secret
// before it knew any roster, and cannot change it, since the commitment is in the ledger;
// neither can it change the hours of the day, which are committed to at the same time. A
// roster filed before the commitment is not drawn from. A unit that files again and again
// throws the dice without seeing them; what it files once they could be guessed from
// what happens, in the block, does not count. Whoever reads the data file on the machine
// of the service can know the secret, and so can whoever reads a backup: both are to be
// kept accordingly. Who knows it could file rosters until one suits; the ledger shows each
// filing and who did it.

// SpotSecret is the secret of the draw of one block, as 64 lower-case hexadecimal
// digits. It stays in the store until the block is over and does not print itself.
type SpotSecret string

// hiddenSecret is what a secret shows of itself.
const hiddenSecret = "(secret)"

// String keeps the secret out of every text that is made of it by accident.
func (SpotSecret) String() string { return hiddenSecret }

// GoString keeps it out of dumps.
func (SpotSecret) GoString() string { return hiddenSecret }

// NewSpotSecret makes a secret of 32 random bytes.
func NewSpotSecret() SpotSecret {
	raw := make([]byte, sha256.Size)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	return SpotSecret(hex.EncodeToString(raw))
}

// Commitment is the hash that is published before the rosters are filed.
func (s SpotSecret) Commitment() string { return reminders.HashText(string(s)) }

// Verify recomputes the moment of a drawn spot check from what is public once the block
// is over: the commitment and the roster's hash, which were in the ledger before, the
// secret that was revealed, and the window. Hashes and secret are 64 lower-case
// hexadecimal digits. It is an Invalid error if the secret is not the one committed to,
// and if the window is empty.
func Verify(commitment string, secret SpotSecret, rosterHash string, window SpotWindow) (time.Time, error) {
	if !isHash(string(secret)) || secret.Commitment() != commitment {
		return time.Time{}, reminders.Fail(reminders.Invalid, "duty.verify", "spot.wrong_secret", nil)
	}
	return spotMoment(secret, rosterHash, window)
}

// spotMoment is the derivation itself.
func spotMoment(secret SpotSecret, rosterHash string, window SpotWindow) (time.Time, error) {
	minutes := window.Minutes()
	if minutes == 0 || !isHash(rosterHash) {
		return time.Time{}, reminders.Fail(reminders.Invalid, "duty.verify", "spot.wrong_window", nil)
	}
	const digits = 15
	n, err := strconv.ParseInt(reminders.HashText(string(secret) + " " + rosterHash)[:digits], 16, 64)
	if err != nil {
		return time.Time{}, reminders.Wrap("duty.verify", err)
	}
	return window.at(int(n % int64(minutes))), nil
}

// isHash reports whether s is a SHA-256 as we write it.
func isHash(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == s
}

func itoa(n int) string { return strconv.Itoa(n) }
