package wire

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The forms on the wire, as narrow as our needs: what is not named here is
// passed over, whatever it looks like.
type (
	wireUpdate struct {
		ID       json.RawMessage `json:"update_id"` // a number of another type would become zero
		Message  *wireMessage    `json:"message"`
		Edited   *wireMessage    `json:"edited_message"`
		Callback *wireCallback   `json:"callback_query"`
		Member   *wireMember     `json:"my_chat_member"`
	}
	wireMessage struct {
		ID              int          `json:"message_id"`
		Chat            wireChat     `json:"chat"`
		From            wireUser     `json:"from"`
		Date            int64        `json:"date"`
		Text            string       `json:"text"`
		Entities        []Entity     `json:"entities"`
		Caption         string       `json:"caption"`
		CaptionEntities []Entity     `json:"caption_entities"`
		Document        *wireFile    `json:"document"`
		Photo           []*wirePhoto `json:"photo"`
		Album           string       `json:"media_group_id"`
		MigrateTo       int64        `json:"migrate_to_chat_id"`
		Origin          *wireOrigin  `json:"forward_origin"`
	}
	wireOrigin struct {
		Type string `json:"type"`
		Chat struct {
			Title    string `json:"title"`
			Username string `json:"username"`
		} `json:"chat"`
		Post int `json:"message_id"`
	}
	wireCallback struct {
		ID      string       `json:"id"`
		From    wireUser     `json:"from"`
		Data    string       `json:"data"`
		Message *wireMessage `json:"message"`
	}
	wireMember struct {
		Chat wireChat `json:"chat"`
		From wireUser `json:"from"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	}
	wireChat struct {
		ID   int64  `json:"id"`
		Type string `json:"type"`
	}
	wireUser struct {
		ID        int64  `json:"id"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Username  string `json:"username"`
		Language  string `json:"language_code"`
		IsBot     bool   `json:"is_bot"`
	}
	wireFile struct {
		ID   string `json:"file_id"`
		Name string `json:"file_name"`
		MIME string `json:"mime_type"`
		Size int64  `json:"file_size"`
	}
	wirePhoto struct {
		ID     string `json:"file_id"`
		Size   int64  `json:"file_size"`
		Width  int64  `json:"width"`
		Height int64  `json:"height"`
	}
)

// Decode reads one raw update. Unknown fields, unknown kinds and fields of an
// unexpected type are passed over; the only errors are bytes that are no JSON
// object and an update without a number.
func Decode(raw json.RawMessage) (Update, error) {
	var w wireUpdate
	if err := json.Unmarshal(raw, &w); err != nil {
		// A field of another type is skipped by the decoder, which goes on with
		// the rest; everything else means that there is nothing to read.
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
			return Update{}, errors.New("the update is not JSON")
		}
	}
	id, err := strconv.ParseInt(string(w.ID), 10, 64)
	if err != nil {
		return Update{}, errors.New("the update has no update_id")
	}
	u := Update{ID: id}
	switch {
	case w.Message != nil:
		u.message(w.Message, false)
	case w.Edited != nil:
		u.message(w.Edited, true)
	case w.Callback != nil:
		u.callback(w.Callback)
	case w.Member != nil:
		u.place(w.Member.Chat, w.Member.From)
		u.Member = &Member{Status: w.Member.New.Status}
	}
	return u, nil
}

func (u *Update) place(chat wireChat, from wireUser) {
	u.Chat, u.ChatType, u.From = reminders.ChatID(chat.ID), chat.Type, User(from)
}

func (u *Update) message(m *wireMessage, edited bool) {
	u.place(m.Chat, m.From)
	u.Message = &Incoming{
		ID: m.ID, Text: m.Text, Caption: m.Caption, Entities: m.Entities,
		MigrateTo: reminders.ChatID(m.MigrateTo), Edited: edited,
		Document: (*File)(m.Document), Photo: largest(m.Photo), Album: m.Album,
		Forward: m.Origin.public(),
	}
	if m.Text == "" {
		u.Message.Entities = m.CaptionEntities
	}
	if m.Date > 0 {
		u.Message.Date = time.Unix(m.Date, 0).UTC()
	}
}

// publicName is what the service allows as a public name.
var publicName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{2,31}$`)

// public gives the origin of a forwarded message if anyone can look it up. Where a
// private message comes from is nobody's business.
func (o *wireOrigin) public() *Forward {
	if o == nil || o.Type != "channel" || o.Post <= 0 || !publicName.MatchString(o.Chat.Username) {
		return nil
	}
	return &Forward{Title: o.Chat.Title, Channel: o.Chat.Username, Post: o.Post}
}

// callback takes the chat from the message with the button; a message that is no
// longer known leaves the private chat of who tapped.
func (u *Update) callback(c *wireCallback) {
	u.place(wireChat{ID: c.From.ID, Type: PrivateChat}, c.From)
	u.Callback = &Callback{ID: c.ID, Data: c.Data}
	if c.Message != nil && c.Message.Chat.ID != 0 {
		u.place(c.Message.Chat, c.From)
		u.Callback.MessageID = c.Message.ID
	}
}

func largest(sizes []*wirePhoto) *File {
	var best *wirePhoto
	for _, s := range sizes {
		if s != nil && (best == nil || s.Width > best.Width) {
			best = s
		}
	}
	if best == nil {
		return nil
	}
	return &File{ID: best.ID, Size: best.Size, MIME: "image/jpeg"}
}
