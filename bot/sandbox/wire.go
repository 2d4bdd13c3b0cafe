package sandbox

import (
	"encoding/json"
	"time"
)

// The types below are objects of the Bot API, with the fields that the sandbox
// fills. A test holds them against the official description.

type wireUser struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	FirstName string `json:"first_name,omitempty"`
}

type wireChatFull struct {
	wireChat
	AccentColorID     int       `json:"accent_color_id"`
	MaxReactionCount  int       `json:"max_reaction_count"`
	AcceptedGiftTypes wireGifts `json:"accepted_gift_types"`
}

type wireGifts struct {
	Unlimited    bool `json:"unlimited_gifts"`
	Limited      bool `json:"limited_gifts"`
	Unique       bool `json:"unique_gifts"`
	Premium      bool `json:"premium_subscription"`
	FromChannels bool `json:"gifts_from_channels"`
}

type wireMessage struct {
	MessageID         int             `json:"message_id"`
	From              *wireUser       `json:"from,omitempty"`
	Chat              wireChat        `json:"chat"`
	Date              int64           `json:"date"`
	EditDate          int64           `json:"edit_date,omitempty"`
	MediaGroupID      string          `json:"media_group_id,omitempty"`
	Text              string          `json:"text,omitempty"`
	Entities          []Entity        `json:"entities,omitempty"`
	Caption           string          `json:"caption,omitempty"`
	CaptionEntities   []Entity        `json:"caption_entities,omitempty"`
	Document          *wireDocument   `json:"document,omitempty"`
	Photo             []wirePhotoSize `json:"photo,omitempty"`
	ReplyToMessage    *wireMessage    `json:"reply_to_message,omitempty"`
	ReplyMarkup       *wireMarkup     `json:"reply_markup,omitempty"`
	MigrateToChatID   int64           `json:"migrate_to_chat_id,omitempty"`
	MigrateFromChatID int64           `json:"migrate_from_chat_id,omitempty"`
}

type wireMessageID struct {
	MessageID int `json:"message_id"`
}

type wireDocument struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int64  `json:"file_size,omitempty"`
}

type wirePhotoSize struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	FileSize     int64  `json:"file_size,omitempty"`
}

type wireFile struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int64  `json:"file_size,omitempty"`
	FilePath     string `json:"file_path,omitempty"`
}

type wireMarkup struct {
	InlineKeyboard [][]wireButton `json:"inline_keyboard"`
}

type wireButton struct {
	Text         string `json:"text"`
	URL          string `json:"url,omitempty"`
	CallbackData string `json:"callback_data,omitempty"`
}

type wireCallback struct {
	ID           string       `json:"id"`
	From         wireUser     `json:"from"`
	Message      *wireMessage `json:"message,omitempty"`
	ChatInstance string       `json:"chat_instance"`
	Data         string       `json:"data,omitempty"`
}

type wireMember struct {
	Status    string   `json:"status"`
	User      wireUser `json:"user"`
	UntilDate *int64   `json:"until_date,omitempty"` // only of who is banned: zero is for ever
}

type wireMemberUpdated struct {
	Chat          wireChat   `json:"chat"`
	From          wireUser   `json:"from"`
	Date          int64      `json:"date"`
	OldChatMember wireMember `json:"old_chat_member"`
	NewChatMember wireMember `json:"new_chat_member"`
}

type wireWebhookInfo struct {
	URL                  string   `json:"url"`
	HasCustomCertificate bool     `json:"has_custom_certificate"`
	PendingUpdateCount   int      `json:"pending_update_count"`
	LastErrorDate        int64    `json:"last_error_date,omitempty"`
	LastErrorMessage     string   `json:"last_error_message,omitempty"`
	MaxConnections       int      `json:"max_connections,omitempty"`
	AllowedUpdates       []string `json:"allowed_updates,omitempty"`
}

// wireUpdate writes an update: its id and one field named like its kind.
func wireUpdate(id int64, kind string, payload json.RawMessage) json.RawMessage {
	return mustJSON(map[string]any{"update_id": id, kind: payload})
}

// unix is the date of the Bot API; zero if there is none.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// wire writes a message as the bot receives it.
func (s *Server) wire(c *chat, m *Message) *wireMessage {
	w := s.wireAlone(c, m)
	if reply := c.byID[m.ReplyTo]; reply != nil && !reply.Deleted {
		w.ReplyToMessage = s.wireAlone(c, reply)
	}
	return w
}

// wireAlone writes a message without the one that it answers.
func (s *Server) wireAlone(c *chat, m *Message) *wireMessage {
	w := &wireMessage{
		MessageID: m.ID, From: s.author(m), Chat: c.wire(), Date: m.Date.Unix(), EditDate: unix(m.EditedAt),
		MediaGroupID: m.Album, ReplyMarkup: wireKeyboard(m.Buttons),
	}
	f := s.files[m.FileID]
	switch {
	case f == nil:
		w.Text, w.Entities = m.Text, m.Entities
		return w
	case m.Photo:
		w.Photo = []wirePhotoSize{{f.id, f.unique(), f.width, f.height, f.size()}}
	default:
		w.Document = &wireDocument{f.id, f.unique(), f.name, mimeType(f.name), f.size()}
	}
	w.Caption, w.CaptionEntities = m.Text, m.Entities
	return w
}

func (s *Server) author(m *Message) *wireUser {
	if m.FromBot {
		return &s.bot
	}
	if c := s.chats[m.From]; c != nil && c.person != nil {
		user := c.person.wire()
		return &user
	}
	return nil
}
