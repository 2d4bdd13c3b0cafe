package notice

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Scope says what a token allows.
type Scope string

// The scopes. A draft waits for a person of the office; with ScopeSend what comes may go
// out without one, which an admin decides when the token is made.
const (
	ScopeDraft Scope = "draft"
	ScopeSend  Scope = "send"
)

// Token lets a system that the city already runs bring drafts (接口令牌), as the store
// knows it: its hash, never the token itself.
type Token struct {
	Name      string             `json:"name"` // of the other system: small letters, digits, hyphens
	Scope     Scope              `json:"scope"`
	Hash      string             `json:"hash"` // SHA-256 in hex
	MadeBy    reminders.PersonID `json:"made_by"`
	MadeAt    time.Time          `json:"made_at"`
	RevokedBy reminders.PersonID `json:"revoked_by,omitempty"`
	RevokedAt time.Time          `json:"revoked_at,omitzero"`
}

// Actor is how the ledger and the drafts name the other system.
func (t Token) Actor() string { return system + t.Name }

// Valid reports whether the token opens anything.
func (t Token) Valid() bool { return t.Hash != "" && t.RevokedAt.IsZero() }

// Request is a request that was taken (幂等记录): the same key brings the same answer,
// and no second draft.
type Request struct {
	Token       string    `json:"token"`
	Key         string    `json:"key"`  // SHA-256 of what the other system calls it
	Body        string    `json:"body"` // SHA-256 of what it said
	Publication string    `json:"publication"`
	At          time.Time `json:"at"`
}

// GateStore keeps tokens and requests.
type GateStore interface {
	TokenByHash(tx reminders.Tx, hash string) (Token, bool, error)
	Tokens(tx reminders.Tx) ([]Token, error)
	SaveToken(tx reminders.Tx, t Token) error
	Request(tx reminders.Tx, token, key string) (Request, bool, error)
	SaveRequest(tx reminders.Tx, r Request) error
}

// Gate is where other systems bring drafts (外部系统接口).
type Gate struct {
	store  GateStore
	press  *Press
	ledger ledger.Book
}

// NewGate joins the gate to what it needs.
func NewGate(store GateStore, press *Press, book ledger.Book) *Gate {
	return &Gate{store: store, press: press, ledger: book}
}

// tokenName keeps names fit for keys, for the ledger and for button data.
var tokenName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,19}$`)

// tokenPrefix lets scanners of secrets recognise a token that was left lying about.
const tokenPrefix = "qf_"

// Make makes a token with 160 random bits and gives it, this once. A name that is in use
// is a Conflict, an unfit one or an unknown scope Invalid.
func (g *Gate) Make(tx reminders.Tx, name string, scope Scope, by reminders.PersonID) (secret string, err error) {
	if !tokenName.MatchString(name) || scope != ScopeDraft && scope != ScopeSend {
		return "", reminders.Fail(reminders.Invalid, "notice.token", "gate.name", nil)
	}
	tokens, err := g.store.Tokens(tx)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(tokens, func(t Token) bool { return t.Name == name }) {
		return "", reminders.Fail(reminders.Conflict, "notice.token", "gate.taken", reminders.Args{"Name": reminders.Text(name)})
	}
	var bits [20]byte
	_, _ = rand.Read(bits[:]) // never fails, by its documentation
	secret = tokenPrefix + strings.ToLower(base32.StdEncoding.EncodeToString(bits[:]))
	made := Token{Name: name, Scope: scope, Hash: hashSecret(secret), MadeBy: by, MadeAt: tx.Now()}
	if err := g.store.SaveToken(tx, made); err != nil {
		return "", err
	}
	return secret, g.note(tx, ledger.TokenMade, made, by)
}

// Revoke ends a token at once. Ending it twice changes nothing; NotFound for a name that
// no token has.
func (g *Gate) Revoke(tx reminders.Tx, name string, by reminders.PersonID) error {
	tokens, err := g.store.Tokens(tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(tokens, func(t Token) bool { return t.Name == name })
	switch {
	case at < 0:
		return reminders.Fail(reminders.NotFound, "notice.token", "error.not_found", nil)
	case !tokens[at].Valid():
		return nil
	}
	ended := tokens[at]
	ended.RevokedBy, ended.RevokedAt = by, tx.Now()
	if err := g.store.SaveToken(tx, ended); err != nil {
		return err
	}
	return g.note(tx, ledger.TokenRevoked, ended, by)
}

// Tokens lists the tokens by name, revoked ones last.
func (g *Gate) Tokens(tx reminders.Tx) ([]Token, error) {
	tokens, err := g.store.Tokens(tx)
	slices.SortFunc(tokens, func(a, b Token) int {
		if a.Valid() != b.Valid() {
			return map[bool]int{true: -1, false: 1}[a.Valid()]
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return tokens, err
}

// Open gives the token that a secret is; false if it is none, or a revoked one. It is
// found by its hash, so nothing is compared whose time would tell.
func (g *Gate) Open(tx reminders.Tx, secret string) (Token, bool, error) {
	token, found, err := g.store.TokenByHash(tx, hashSecret(secret))
	return token, found && token.Valid(), err
}

// Receive takes a draft under a key of the other system. The same key with the same
// words gives what became of it, and repeated; with other words it is a Conflict. With
// release the draft goes out by the token's right, Denied without that.
func (g *Gate) Receive(tx reminders.Tx, token Token, key, said string, draft Publication, release bool) (p Publication, repeated bool, err error) {
	key, said = hashSecret(key), hashSecret(said)
	before, found, err := g.store.Request(tx, token.Name, key)
	switch {
	case err != nil:
		return Publication{}, false, err
	case found && before.Body != said:
		return Publication{}, false, reminders.Fail(reminders.Conflict, "notice.gate", "gate.key_used", nil)
	case found:
		p, _, err = g.press.Store.Publication(tx, before.Publication)
		return p, true, err
	case release && token.Scope != ScopeSend:
		return Publication{}, false, reminders.Fail(reminders.Denied, "notice.gate", "gate.scope", nil)
	}
	draft.Origin = token.Actor()
	if p, err = g.press.Receive(tx, draft, reminders.PersonID(token.Actor())); err != nil {
		return Publication{}, false, err
	}
	if release {
		if p, err = g.press.Release(tx, p.Handle(), token.Actor()); err != nil {
			return Publication{}, false, err
		}
	}
	return p, false, g.store.SaveRequest(tx, Request{Token: token.Name, Key: key, Body: said, Publication: p.ID, At: tx.Now()})
}

// note writes down who made or revoked a token.
func (g *Gate) note(tx reminders.Tx, verb ledger.Verb, t Token, by reminders.PersonID) error {
	return g.ledger.Append(tx, ledger.Entry{Actor: string(by), Verb: verb, Object: t.Actor(), Reason: string(t.Scope)})
}

// hashSecret is what is kept of a secret.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
