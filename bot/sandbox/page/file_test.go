package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// drawing is a picture.
func drawing(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Pictures are shown by the browser; everything else is handed over under its name and
// never shown, whatever it contains.
func TestDownload(t *testing.T) {
	f := newFixture(t)
	person := f.person(t, 11)
	for _, row := range []struct {
		name              string
		id                int
		kind, disposition string
	}{
		{"a table", person.SendDocument("people.csv", []byte("staff_no\n"), "").ID, "application/octet-stream", "attachment; filename=people.csv"},
		{"a page", person.SendDocument("网页.html", []byte("<script>alert(1)</script>"), "").ID, "application/octet-stream", "attachment; filename*=utf-8''%E7%BD%91%E9%A1%B5.html"},
		{"a picture", person.SendPhoto(drawing(t), "").ID, "image/png", ""},
		{"a picture as a document", person.SendDocument("图.png", drawing(t), "").ID, "application/octet-stream", "attachment; filename*=utf-8''%E5%9B%BE.png"},
	} {
		res := f.ask(httptest.NewRequest(http.MethodGet, "/api/file?chat=11&message="+jsonOf(t, row.id), nil))
		if got := res.Header.Get("Content-Disposition"); got != row.disposition || res.Header.Get("Content-Type") != row.kind {
			t.Errorf("%s: %s, %q", row.name, res.Header.Get("Content-Type"), got)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || body(t, res) == "" {
			t.Errorf("%s: %v", row.name, res.Header)
		}
	}
}

// The browser learns the measures of a picture and which pictures belong together.
func TestPicturesAreDescribed(t *testing.T) {
	f := newFixture(t)
	ask(t, f, "/api/album?chat=11&caption=x", form(t, part{"picture", "a.png", drawing(t)}, part{"picture", "b.png", drawing(t)}))
	var conversation struct {
		Messages []struct {
			Album string                      `json:"album"`
			Photo struct{ Width, Height int } `json:"photo"`
		} `json:"messages"`
	}
	res := f.ask(httptest.NewRequest(http.MethodGet, "/api/chat?chat=11", nil))
	if err := json.Unmarshal([]byte(body(t, res)), &conversation); err != nil {
		t.Fatal(err)
	}
	if m := conversation.Messages; len(m) != 2 || m[0].Album == "" || m[0].Album != m[1].Album || m[0].Photo.Width != 30 || m[0].Photo.Height != 20 {
		t.Errorf("%+v", m)
	}
}

// part is a file of a form.
type part struct {
	field, name string
	content     []byte
}

// form is a request that carries files.
func form(t *testing.T, parts ...part) *http.Request {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for _, p := range parts {
		file, err := w.CreateFormFile(p.field, p.name)
		if err == nil {
			_, err = file.Write(p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", &out)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// ask sends a request to an address of the page and fails unless it was done.
func ask(t *testing.T, f *fixture, address string, r *http.Request) {
	t.Helper()
	if res := f.ask(aimed(address, r)); res.StatusCode != http.StatusNoContent {
		t.Fatalf("%s: status %d", address, res.StatusCode)
	}
}

// aimed gives the request another address.
func aimed(address string, r *http.Request) *http.Request {
	made := httptest.NewRequest(http.MethodPost, address, r.Body)
	made.Header = r.Header
	return made
}

// seen describes the messages of a phone.
func seen(t *testing.T, f *fixture, chat int64) []string {
	t.Helper()
	var all []string
	for _, m := range f.person(t, chat).Messages() {
		what := "photo"
		if m.Document != nil {
			what = m.Document.Name
		}
		all = append(all, fmt.Sprintf("%s %q album %v", what, m.Text, m.Album != ""))
	}
	return all
}

// A visitor sends a document under its name, a picture, and several of both at once:
// pictures and documents become albums of their own.
func TestUpload(t *testing.T) {
	plain := func(content []byte) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(content))
		r.Header.Set("Content-Type", "application/octet-stream")
		return r
	}
	image, table := part{"picture", "a.png", drawing(t)}, part{"document", `C:\台账.csv`, []byte("a,b")}
	for _, row := range []struct {
		name, address string
		request       *http.Request
		want          []string
	}{
		{"a document; browsers may report a path", "/api/file?chat=12&name=C%3A%5Croster.csv&caption=10%E6%9C%88", plain([]byte("x")), []string{`roster.csv "10月" album false`}},
		{"a picture", "/api/file?chat=12&picture=1&caption=x", plain(drawing(t)), []string{`photo "x" album false`}},
		{"a picture that is none", "/api/file?chat=12&picture=1", plain([]byte("text")), []string{`photo "" album false`}},
		{"an album", "/api/album?chat=12&caption=x", form(t, image, image), []string{`photo "x" album true`, `photo "" album true`}},
		{
			"both kinds", "/api/album?chat=12&caption=x", form(t, table, image, table),
			[]string{`photo "x" album false`, `台账.csv "" album true`, `台账.csv "" album true`},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := newFixture(t)
			ask(t, f, row.address, row.request)
			if diff := cmp.Diff(row.want, seen(t, f, 12)); diff != "" {
				t.Errorf("the phone shows (-want +got)\n%s", diff)
			}
		})
	}
}

// Too many, too large, cut off or for nobody: refused, and nothing arrives.
func TestUploadRefused(t *testing.T) {
	f := newFixture(t)
	eleven := make([]part, 11)
	for i := range eleven {
		eleven[i] = part{"document", "a.csv", []byte("a")}
	}
	cut := form(t, eleven[:2]...)
	cut.Body = http.MaxBytesReader(nil, cut.Body, 200)
	long := fmt.Sprintf("%01025d", 0)
	for _, row := range []struct {
		name, address string
		request       *http.Request
		status        int
	}{
		{"eleven files", "/api/album?chat=12", form(t, eleven...), http.StatusBadRequest},
		{"no file", "/api/album?chat=12", form(t), http.StatusBadRequest},
		{"nobody", "/api/album?chat=99", form(t, eleven[:2]...), http.StatusNotFound},
		{"a long caption", "/api/album?chat=12&caption=" + long, form(t, eleven[:2]...), http.StatusBadRequest},
		{"no form", "/api/album?chat=12", post("/", "x"), http.StatusBadRequest},
		{"cut off", "/api/album?chat=12", cut, http.StatusRequestEntityTooLarge},
		{"a file over 20 MB", "/api/album?chat=12", form(t, eleven[0], part{"document", "b.csv", make([]byte, 20<<20+1)}), http.StatusRequestEntityTooLarge},
		{"alone over 20 MB", "/api/file?chat=12&picture=1", form(t, part{"x", "x", make([]byte, 20<<20)}), http.StatusRequestEntityTooLarge},
	} {
		if res := f.ask(aimed(row.address, row.request)); res.StatusCode != row.status {
			t.Errorf("%s: status %d, want %d", row.name, res.StatusCode, row.status)
		}
	}
	if got := seen(t, f, 12); len(got) != 0 {
		t.Errorf("the phone shows %v", got)
	}
}
