package sandbox

import (
	"strconv"
	"strings"
)

func (s *Server) sendDocument(c *call) (any, error) { return s.sendFile(c, "document") }

func (s *Server) sendPhoto(c *call) (any, error) { return s.sendFile(c, "photo") }

// sendFile sends one file of the type, which is also the name of its parameter.
func (s *Server) sendFile(c *call, kind string) (any, error) {
	shown, err := c.caption()
	if err != nil {
		return nil, err
	}
	if err := s.checkSource(c, kind, kind, c.values[kind]); err != nil {
		return nil, err
	}
	to, m, err := s.draft(c, 1)
	if err != nil {
		return nil, err
	}
	m.Text, m.Entities = shown.text, shown.entities
	if err := s.attach(c, m, kind, kind, c.values[kind]); err != nil {
		return nil, err
	}
	return s.fromBot(to, m), nil
}

// checkSource refuses files that are too large, empty, unknown or elsewhere.
func (s *Server) checkSource(c *call, kind, field, source string) error {
	sent, ok := c.files[fieldOf(field, source)]
	limit := maxUpload
	if kind == "photo" {
		limit = maxPhoto
	}
	switch {
	case ok && len(sent.content) == 0:
		return badRequest("file must be non-empty")
	case ok && len(sent.content) > limit:
		return errTooLarge
	case ok:
		return nil
	case strings.HasPrefix(source, "http://"), strings.HasPrefix(source, "https://"):
		return badRequest("failed to get HTTP URL content") // the sandbox has no network
	}
	if known := s.files[source]; known == nil || known.photo != (kind == "photo") {
		return badRequest("wrong remote file identifier specified: Wrong string length")
	}
	return nil
}

// fieldOf is the part of the form that holds the file.
func fieldOf(field, source string) string {
	if name, ok := strings.CutPrefix(source, "attach://"); ok {
		return name
	}
	return field
}

// attach puts a file that has been checked into a message.
func (s *Server) attach(c *call, m *Message, kind, field, source string) error {
	f := s.files[source]
	if sent, ok := c.files[fieldOf(field, source)]; ok {
		var err error
		if f, err = s.keepAs(kind, sent.name, sent.content); err != nil {
			return err
		}
	}
	m.show(f)
	return nil
}

func (s *Server) keepAs(kind, name string, content []byte) (*file, error) {
	if kind == "photo" {
		return s.keepPhoto(content)
	}
	return s.keep(name, content), nil
}

// show lets the message show the file.
func (m *Message) show(f *file) {
	m.FileID, m.Photo, m.Width, m.Height = f.id, f.photo, f.width, f.height
	if m.Document = nil; !f.photo {
		m.Document = &File{Name: f.name, Size: f.size()}
	}
}

// wireMedia is one item of an album.
type wireMedia struct {
	Type            string   `json:"type"`
	Media           string   `json:"media"`
	Caption         string   `json:"caption"`
	ParseMode       string   `json:"parse_mode"`
	CaptionEntities []Entity `json:"caption_entities"`
}

// caption reads the caption of the item.
func (item wireMedia) caption() (formatted, error) {
	shown, err := format(item.Caption, item.ParseMode, item.CaptionEntities)
	if err == nil && units(shown.text) > maxCaption {
		err = badRequest("message caption is too long")
	}
	return shown, err
}

// sendMediaGroup sends an album of photos or of documents.
func (s *Server) sendMediaGroup(c *call) (any, error) {
	var items []wireMedia
	if _, err := c.decode("media", &items); err != nil {
		return nil, err
	}
	captions, err := s.checkAlbum(c, items)
	if err != nil {
		return nil, err
	}
	to, first, err := s.draft(c, len(items))
	if err != nil {
		return nil, err
	}
	s.lastAlbum++
	messages := make([]*Message, len(items))
	for i, item := range items {
		m := &Message{ReplyTo: first.ReplyTo, Album: strconv.Itoa(s.lastAlbum), Text: captions[i].text, Entities: captions[i].entities}
		if err := s.attach(c, m, item.Type, "", item.Media); err != nil {
			return nil, err
		}
		messages[i] = m
	}
	sent := make([]*wireMessage, len(items))
	for i, m := range messages {
		sent[i] = s.fromBot(to, m)
	}
	return sent, nil
}

// checkAlbum refuses what an album may not hold and reads its captions.
func (s *Server) checkAlbum(c *call, items []wireMedia) ([]formatted, error) {
	if len(items) < 2 || len(items) > 10 {
		return nil, badRequest("media group must include 2-10 items")
	}
	captions := make([]formatted, len(items))
	for i, item := range items {
		switch {
		case item.Type != "photo" && item.Type != "document":
			return nil, badRequest("can't parse InputMedia: type must be photo or document") // what this project sends
		case item.Type != items[0].Type:
			return nil, badRequest("document can't be mixed with other media types")
		}
		if err := s.checkSource(c, item.Type, "", item.Media); err != nil {
			return nil, err
		}
		shown, err := item.caption()
		if err != nil {
			return nil, err
		}
		captions[i] = shown
	}
	return captions, nil
}
