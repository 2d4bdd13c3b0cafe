package reminders

// File is a picture or document that is kept by its content (附件): the bytes are
// found by their hash, and the same bytes are kept once.
type File struct {
	Hash string `json:"hash"` // SHA-256 of the content in hex
	Name string `json:"name"` // as its sender called it
	Type string `json:"type"` // media type as its content shows it, such as image/jpeg
	Size int64  `json:"size"` // bytes
}

// Picture reports whether the chat service shows the file as a picture.
func (f File) Picture() bool { return f.Type == "image/jpeg" || f.Type == "image/png" }
