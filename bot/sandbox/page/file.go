package page

import (
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// shown are the kinds of picture that the browser shows within the page. Whatever else
// somebody sends is handed over for keeping: it never runs as part of the page.
var shown = []string{"image/jpeg", "image/png", "image/gif"}

// download answers with the picture or document of a message.
func (s *server) download(w http.ResponseWriter, r *http.Request) {
	person := s.person(r.URL.Query().Get("chat"))
	id, err := strconv.Atoi(r.URL.Query().Get("message"))
	if person == nil || err != nil {
		refuse(w, http.StatusNotFound, "no such message")
		return
	}
	for _, m := range person.Messages() {
		if m.ID != id || m.Deleted {
			continue
		}
		if content, ok := s.chat.Content(m.FileID); ok {
			label(w.Header(), m, content)
			s.write(w, content)
			return
		}
	}
	refuse(w, http.StatusNotFound, "no such file")
}

// label says what the browser does with a file.
func label(h http.Header, m sandbox.Message, content []byte) {
	if kind := http.DetectContentType(content); m.Photo && slices.Contains(shown, kind) {
		h.Set("Content-Type", kind)
		return
	}
	name := map[string]string{}
	if m.Document != nil {
		name["filename"] = m.Document.Name
	}
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", name))
}

// upload lets the owner of a phone send the body of the request. The parameters are
// chat, name and caption, or chat, picture and caption where it is a picture.
func (s *server) upload(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	person, caption := s.person(query.Get("chat")), query.Get("caption")
	if person == nil {
		refuse(w, http.StatusNotFound, "no such phone")
		return
	}
	name, ok := fileName(query.Get("name"))
	picture := query.Get("picture") != ""
	if (!ok && !picture) || units(caption) > maxCaption {
		refuse(w, http.StatusBadRequest, "a file needs a name, and a caption has up to 1024 characters")
		return
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFile))
	if err != nil {
		refuse(w, statusOf(err), "the file was not received")
		return
	}
	if picture {
		person.SendPhoto(content, caption)
	} else {
		person.SendDocument(name, content, caption)
	}
	w.WriteHeader(http.StatusNoContent)
}

// fileName takes the folders off a name, and reports whether it is one.
func fileName(name string) (string, bool) {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return name, name != "." && name != "/" && len(name) <= 255
}

// album lets the owner of a phone send several files at once: the parts of a form, those
// named picture as one album and those named document as another. The parameters are
// chat and caption.
func (s *server) album(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	person, caption := s.person(query.Get("chat")), query.Get("caption")
	if person == nil {
		refuse(w, http.StatusNotFound, "no such phone")
		return
	}
	if units(caption) > maxCaption {
		refuse(w, http.StatusBadRequest, "a caption has up to 1024 characters")
		return
	}
	pictures, documents, err := uploads(w, r)
	if err != nil {
		refuse(w, statusOf(err), "the files were not received")
		return
	}
	if n := len(pictures) + len(documents); n < 1 || n > maxAlbum {
		refuse(w, http.StatusBadRequest, "an album has up to ten files")
		return
	}
	if len(pictures) > 0 {
		send(person, caption, pictures)
		caption = ""
	}
	send(person, caption, documents)
	w.WriteHeader(http.StatusNoContent)
}

// uploads reads the files of a form.
func uploads(w http.ResponseWriter, r *http.Request) (pictures, documents []sandbox.Upload, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxAlbum*(maxFile+1<<10))
	form, err := r.MultipartReader()
	if err != nil {
		return nil, nil, err
	}
	for {
		part, err := form.NextPart()
		if err == io.EOF { //nolint:errorlint // a wrapped one says that the form was cut short
			return pictures, documents, nil
		}
		if err != nil {
			return nil, nil, err
		}
		content, err := io.ReadAll(http.MaxBytesReader(w, part, maxFile))
		if err != nil {
			return nil, nil, err
		}
		if part.FormName() == "picture" {
			pictures = append(pictures, sandbox.Upload{Content: content})
		} else if name, ok := fileName(part.FileName()); ok {
			documents = append(documents, sandbox.Upload{Name: name, Content: content})
		}
	}
}

// send sends files as an album, or the only one as it is.
func send(person *sandbox.Person, caption string, files []sandbox.Upload) {
	switch {
	case len(files) > 1:
		person.SendAlbum(caption, files...)
	case len(files) == 1 && files[0].Name == "":
		person.SendPhoto(files[0].Content, caption)
	case len(files) == 1:
		person.SendDocument(files[0].Name, files[0].Content, caption)
	}
}
