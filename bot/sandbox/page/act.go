package page

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"unicode/utf16"
)

// The limits of what a visitor may send. Those of texts are those of the chat
// service: 4096 UTF-16 units for a message, 1024 for a caption; a bot may
// download files up to 20 MB, of which an album has up to ten.
const (
	maxBody    = 64 << 10
	maxFile    = 20 << 20
	maxAlbum   = 10
	maxText    = 4096
	maxCaption = 1024
	minSpeed   = 60
	maxSpeed   = 86400
)

// typed lets the owner of a phone write a message.
func (s *server) typed(w http.ResponseWriter, r *http.Request) {
	var act struct {
		Chat int64  `json:"chat"`
		Text string `json:"text"`
	}
	if !read(w, r, &act) {
		return
	}
	person := s.phone(act.Chat)
	if person == nil {
		refuse(w, http.StatusNotFound, "no such phone")
		return
	}
	text := strings.TrimSpace(act.Text)
	if text == "" || units(text) > maxText {
		refuse(w, http.StatusBadRequest, "a message has 1 to 4096 characters")
		return
	}
	person.Type(text)
	w.WriteHeader(http.StatusNoContent)
}

// tap lets the owner of a phone tap a button.
func (s *server) tap(w http.ResponseWriter, r *http.Request) {
	var act struct {
		Chat    int64  `json:"chat"`
		Message int    `json:"message"`
		Data    string `json:"data"`
	}
	if !read(w, r, &act) {
		return
	}
	person := s.phone(act.Chat)
	if person == nil {
		refuse(w, http.StatusNotFound, "no such phone")
		return
	}
	callback, err := person.Tap(act.Message, act.Data)
	if err != nil {
		refuse(w, http.StatusConflict, "the button is not there any more")
		return
	}
	s.reply(w, map[string]string{"callback": callback})
}

// sample lets the owner of a phone send a sample file that the office offers.
func (s *server) sample(w http.ResponseWriter, r *http.Request) {
	var act struct {
		Chat int64  `json:"chat"`
		Name string `json:"name"`
	}
	if !read(w, r, &act) {
		return
	}
	person := s.phone(act.Chat)
	if person == nil {
		refuse(w, http.StatusNotFound, "no such phone")
		return
	}
	content, found := s.office.Sample(act.Chat, act.Name)
	if !found {
		refuse(w, http.StatusNotFound, "no such sample")
		return
	}
	person.SendDocument(act.Name, content, "")
	w.WriteHeader(http.StatusNoContent)
}

// clock lets the visitor move the time of the office.
func (s *server) clock(w http.ResponseWriter, r *http.Request) {
	var act struct {
		Do    string `json:"do"` // play, pause or speed
		Speed int    `json:"speed"`
	}
	if !read(w, r, &act) {
		return
	}
	switch {
	case act.Do == "play":
		s.office.Play()
	case act.Do == "pause":
		s.office.Pause()
	case act.Do == "speed" && act.Speed >= minSpeed && act.Speed <= maxSpeed:
		s.office.SetSpeed(act.Speed)
	default:
		refuse(w, http.StatusBadRequest, "do is play, pause, or speed with 60 to 86400")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// read decodes the JSON body of a request, or refuses it and reports false. The
// content type keeps out forms of foreign pages even in old browsers.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "the body is not application/json")
		return false
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		refuse(w, statusOf(err), "the body does not have the expected shape")
		return false
	}
	return true
}

// statusOf tells a body that is too large from one that is wrong.
func statusOf(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// units counts as the chat service does.
func units(text string) int { return len(utf16.Encode([]rune(text))) }
