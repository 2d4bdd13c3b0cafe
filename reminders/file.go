package reminders

import "slices"

// File is a picture or document that is kept by its content (附件): the bytes are
// found by their hash, and the same bytes are kept once.
type File struct {
	Hash string `json:"hash"` // SHA-256 of the content in hex
	Name string `json:"name"` // as its sender called it
	Type string `json:"type"` // media type as its content shows it, such as image/jpeg
	Size int64  `json:"size"` // bytes
}

// The limits of the chat service for pictures and albums.
const (
	largestPicture = 10 << 20 // bytes; a larger one goes as a document
	fullAlbum      = 10       // files
)

// Picture reports whether the chat service shows the file as a picture.
func (f File) Picture() bool {
	return (f.Type == "image/jpeg" || f.Type == "image/png") && f.Size <= largestPicture
}

// Albums groups files as the chat service takes them together: pictures before all
// others, at most ten in a group, otherwise in their order.
func Albums(files []File) [][]File {
	var albums [][]File
	for _, pictures := range []bool{true, false} {
		var group []File
		for _, f := range files {
			if f.Picture() == pictures {
				group = append(group, f)
			}
		}
		albums = slices.AppendSeq(albums, slices.Chunk(group, fullAlbum))
	}
	return albums
}
