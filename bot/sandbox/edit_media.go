package sandbox

// editMessageMedia lets a message show another file. A single message may become a photo
// or a document whatever it was; in an album its kind stays.
func (s *Server) editMessageMedia(c *call) (any, error) {
	in, m, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	var item wireMedia
	if _, err := c.decode("media", &item); err != nil {
		return nil, err
	}
	if item.Type != "photo" && item.Type != "document" {
		return nil, badRequest("can't parse InputMedia: type must be photo or document") // what this project sends
	}
	shown, err := item.caption()
	switch {
	case err != nil:
		return nil, err
	case m.Album != "" && (item.Type == "photo") != m.Photo:
		return nil, badRequest("can't change media type in the album")
	}
	if err := s.checkSource(c, item.Type, "", item.Media); err != nil {
		return nil, err
	}
	buttons, err := c.buttons()
	if err != nil {
		return nil, err
	}
	with := *m
	if err := s.attach(c, &with, item.Type, "", item.Media); err != nil {
		return nil, err
	}
	if with.FileID == m.FileID && same(m, shown, buttons) {
		return nil, errNotModified
	}
	m.FileID, m.Document, m.Photo, m.Width, m.Height = with.FileID, with.Document, with.Photo, with.Width, with.Height
	return s.change(in, m, shown, buttons), nil
}
