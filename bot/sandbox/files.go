package sandbox

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // so that photos of the usual kinds are recognised
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"
	"path/filepath"
	"slices"
	"strings"
)

// The sizes in bytes that the service allows.
const (
	maxUpload   = 50 << 20
	maxPhoto    = 10 << 20
	maxDownload = 20 << 20
)

// What a photo may measure: width and height together in pixels, and how many times
// one may be the other.
const (
	maxSides = 10_000
	maxRatio = 20
)

// file is something that was sent.
type file struct {
	id            string
	name          string
	content       []byte
	photo         bool
	width, height int // of a photo
}

func (f *file) size() int64 { return int64(len(f.content)) }

func (f *file) unique() string { return "u" + f.id }

// path is where the file is downloaded.
func (f *file) path() string {
	folder := "documents"
	if f.photo {
		folder = "photos"
	}
	return folder + "/" + f.id + strings.ToLower(filepath.Ext(f.name))
}

// keep stores a document.
func (s *Server) keep(name string, content []byte) *file {
	s.lastFile++
	f := &file{id: fmt.Sprintf("file%d", s.lastFile), name: name, content: slices.Clone(content)}
	s.files[f.id] = f
	return f
}

// keepPhoto stores a picture; anything else is refused.
func (s *Server) keepPhoto(content []byte) (*file, error) {
	config, kind, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return nil, badRequest("IMAGE_PROCESS_FAILED")
	}
	if wide, high := config.Width, config.Height; wide+high > maxSides || wide > maxRatio*high || high > maxRatio*wide {
		return nil, badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	f := s.keep("photo."+kind, content)
	f.photo, f.width, f.height = true, config.Width, config.Height
	return f, nil
}

// Content gives the bytes of a document or photo of any size by its FileID.
func (s *Server) Content(fileID string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[fileID]
	if f == nil {
		return nil, false
	}
	return slices.Clone(f.content), true
}

func (s *Server) getFile(c *call) (any, error) {
	f := s.files[c.values["file_id"]]
	switch {
	case f == nil:
		return nil, badRequest("invalid file_id")
	case f.size() > maxDownload:
		return nil, badRequest("file is too big")
	}
	return wireFile{FileID: f.id, FileUniqueID: f.unique(), FileSize: f.size(), FilePath: f.path()}, nil
}

// download answers /file/bot<TOKEN>/PATH.
func (s *Server) download(path string) (answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	base := filepath.Base(path)
	f := s.files[strings.TrimSuffix(base, filepath.Ext(base))]
	if f == nil || f.path() != path || f.size() > maxDownload {
		return refuse(notFound("Not Found"))
	}
	return answer{status: http.StatusOK, kind: "application/octet-stream", body: f.content}, nil
}

// mimeType goes by the ending, for the kinds of files that an office sends.
func mimeType(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".csv":
		return "text/csv"
	case ".json":
		return jsonType
	case ".ics":
		return "text/calendar"
	case ".pdf":
		return "application/pdf"
	case ".txt":
		return "text/plain"
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	}
	return "application/octet-stream"
}
