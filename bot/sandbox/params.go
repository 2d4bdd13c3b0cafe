package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// call is one call with its parameters. Parameters come in the query, as a form,
// as JSON or as multipart; those of the body win.
type call struct {
	ctx    context.Context //nolint:containedctx // a call lasts as long as its request
	method string
	params []param // of the method; nil if it is unknown
	values map[string]string
	files  map[string]attachment
}

// attachment is a file that came with a call.
type attachment struct {
	name    string
	content []byte
}

// parse reads the parameters of a request.
func parse(r *http.Request, body []byte) (*call, error) {
	c := &call{values: map[string]string{}, files: map[string]attachment{}}
	c.take(r.URL.Query())
	kind, options, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch {
	case len(body) == 0:
	case kind == "multipart/form-data":
		err = c.takeForm(multipart.NewReader(bytes.NewReader(body), options["boundary"]))
	case kind == jsonType:
		err = c.takeJSON(body)
	default:
		var form url.Values
		form, err = url.ParseQuery(string(body))
		c.take(form)
	}
	if err != nil {
		return nil, badRequest("can't parse request body")
	}
	for _, value := range c.values {
		if !utf8.ValidString(value) {
			return nil, badRequest("strings must be encoded in UTF-8")
		}
	}
	return c, nil
}

func (c *call) take(form url.Values) {
	for name := range form {
		c.values[name] = form.Get(name)
	}
}

// takeJSON keeps texts as they are meant and everything else as its JSON.
func (c *call) takeJSON(body []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return err
	}
	for name, raw := range fields {
		var s string
		switch {
		case json.Unmarshal(raw, &s) != nil:
			c.values[name] = string(raw)
		case string(raw) != "null":
			c.values[name] = s
		}
	}
	return nil
}

func (c *call) takeForm(form *multipart.Reader) error {
	for {
		part, err := form.NextPart()
		if err == io.EOF { //nolint:errorlint // a wrapped one says that the form was cut short
			return nil
		}
		if err != nil {
			return err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() != "" {
			c.files[part.FormName()] = attachment{name: part.FileName(), content: content}
		} else {
			c.values[part.FormName()] = string(content)
		}
	}
}

// check refuses a call that lacks a parameter or has one of the wrong type.
func (c *call) check() error {
	for _, p := range c.params {
		value, given := c.values[p.name]
		if _, isFile := c.files[p.name]; isFile {
			if p.kind != upload {
				return badRequest("invalid %s specified", p.name)
			}
			continue
		}
		empty := !given || value == "" && p.kind != address
		if empty && p.required {
			return missing(p.name)
		}
		if !empty && !p.kind.fits(value) {
			return wrong(p)
		}
	}
	return nil
}

// missing says it as the service does, which has its own words for most.
func missing(name string) error {
	switch name {
	case "chat_id", "from_chat_id":
		return badRequest("%s is empty", name)
	case "text":
		return badRequest("message text is empty")
	case "message_id":
		return badRequest("message identifier is not specified")
	case "document", "photo", "media":
		return badRequest("there is no %s in the request", name)
	case "action":
		return badRequest("wrong parameter action in request")
	}
	return badRequest("parameter %q is required", name)
}

func wrong(p param) error {
	if p.kind == object {
		return badRequest("can't parse %s JSON object", strings.ReplaceAll(p.name, "_", " "))
	}
	return badRequest("invalid %s specified", p.name)
}

// fits reports whether a value that is not empty can be of the kind.
func (k kind) fits(value string) bool {
	switch k {
	case integer:
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil
	case boolean:
		_, err := strconv.ParseBool(strings.ToLower(value))
		return err == nil
	case object:
		return json.Valid([]byte(value)) && strings.ContainsAny(value[:1], "[{")
	}
	return true
}

// ignored are the parameters that the method does not have. Like the service the
// sandbox does not refuse them; a test can look at Call.Ignored.
func (c *call) ignored() []string {
	var names []string
	for name := range c.values {
		known := func(p param) bool { return p.name == name }
		if !slices.ContainsFunc(c.params, known) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// chatID is the chat of the call; zero if it has none.
func (c *call) chatID() int64 { return c.idOf("chat_id") }

// idOf gives the id of a chat; zero, which is no chat, if it is absent or a
// username, of which the sandbox has none.
func (c *call) idOf(name string) int64 {
	id, _ := strconv.ParseInt(c.values[name], 10, 64)
	return id
}

// number gives an integer that has been checked; zero if it is absent.
func (c *call) number(name string) int {
	n, _ := strconv.Atoi(c.values[name])
	return n
}

// flag gives a boolean that has been checked; false if it is absent.
func (c *call) flag(name string) bool {
	b, _ := strconv.ParseBool(strings.ToLower(c.values[name]))
	return b
}

// decode reads a JSON parameter and reports whether it was given.
func (c *call) decode(name string, into any) (bool, error) {
	value := c.values[name]
	if value == "" {
		return false, nil
	}
	if err := json.Unmarshal([]byte(value), into); err != nil {
		return false, wrong(param{name: name, kind: object})
	}
	return true, nil
}
