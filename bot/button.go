package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Limits of button data, in bytes of ASCII. The chat service takes 64 in all.
const (
	buttonLimit = 64
	verbLimit   = 16
	objectLimit = 31
	sealBytes   = 8 // of the code; 11 characters when written
	sealLength  = 11
	secretSize  = 32
)

// What can be wrong with button data. Neither says anything about the thing
// behind the button.
var (
	// ErrButtonMalformed means that the data was not made by this program, or
	// by another version of it.
	ErrButtonMalformed = errors.New("button data is malformed")
	// ErrButtonForged means that the seal is not that of this person (or chat)
	// and object: the button is forged, altered, or somebody else's.
	ErrButtonForged = errors.New("button data is forged or foreign")
)

// Codec writes and reads the data of buttons (按钮数据): verb:object:seal. The seal
// is a truncated HMAC-SHA256 over verb, object and the person for whom the button
// was made, so that nobody can tap what was not shown to them. In a group, whose
// messages are everyone's, it is over the chat instead, and the person is checked
// at the tap. A codec is safe for concurrent use.
type Codec struct {
	secret []byte
}

// NewCodec makes a codec with a secret of 32 random bytes. All processes that
// serve one bot, now and later, need the same secret, or old buttons die.
func NewCodec(secret []byte) (*Codec, error) {
	if len(secret) != secretSize {
		return nil, reminders.Internalf("button.codec", "the secret has %d bytes, not %d", len(secret), secretSize)
	}
	return &Codec{secret: append([]byte(nil), secret...)}, nil
}

// Encode makes the data of a button for one person. The verb is 1 to 16 lower-case
// letters or '-', the object at most 31 printable characters of ASCII without ':';
// it may be empty. Anything else is an Internal error: labels and objects are ours.
func (c *Codec) Encode(verb, object string, person reminders.PersonID) (string, error) {
	return c.encode(verb, object, "person", string(person))
}

// Decode reads data that person sent. The error is ErrButtonMalformed or
// ErrButtonForged, and takes equally long for every seal.
func (c *Codec) Decode(data string, person reminders.PersonID) (verb, object string, err error) {
	return c.decode(data, "person", string(person))
}

// EncodeGroup makes the data of a button in a group.
func (c *Codec) EncodeGroup(verb, object string, chat reminders.ChatID) (string, error) {
	return c.encode(verb, object, "chat", strconv.FormatInt(int64(chat), 10))
}

// DecodeGroup reads data that was sent from a group. Whether the person who
// tapped may do so is not said by it.
func (c *Codec) DecodeGroup(data string, chat reminders.ChatID) (verb, object string, err error) {
	return c.decode(data, "chat", strconv.FormatInt(int64(chat), 10))
}

func (c *Codec) encode(verb, object, kind, owner string) (string, error) {
	if !validVerb(verb) || !validObject(object) || owner == "" {
		return "", reminders.Internalf("button.encode", "verb %q with an object of %d bytes does not fit", verb, len(object))
	}
	return verb + ":" + object + ":" + c.seal(verb, object, kind, owner), nil
}

func (c *Codec) decode(data, kind, owner string) (verb, object string, err error) {
	parts := strings.Split(data, ":")
	if len(data) > buttonLimit || len(parts) != 3 ||
		!validVerb(parts[0]) || !validObject(parts[1]) || len(parts[2]) != sealLength {
		return "", "", ErrButtonMalformed
	}
	want := c.seal(parts[0], parts[1], kind, owner)
	if owner == "" || !hmac.Equal([]byte(want), []byte(parts[2])) {
		return "", "", ErrButtonForged
	}
	return parts[0], parts[1], nil
}

// seal separates what it covers by a byte that none of it can contain.
func (c *Codec) seal(verb, object, kind, owner string) string {
	mac := hmac.New(sha256.New, c.secret)
	mac.Write([]byte(strings.Join([]string{verb, object, kind, owner}, "\x00")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:sealBytes])
}

func validVerb(verb string) bool {
	for _, r := range verb {
		if (r < 'a' || r > 'z') && r != '-' {
			return false
		}
	}
	return verb != "" && len(verb) <= verbLimit
}

func validObject(object string) bool {
	for _, r := range object {
		if r <= ' ' || r > '~' || r == ':' {
			return false
		}
	}
	return len(object) <= objectLimit
}
