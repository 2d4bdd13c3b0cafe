package page_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestFirstScreen(t *testing.T) {
	tests := []struct {
		name, target, accept string
		lang, says           string
	}{
		{"chinese comes first", "/", "", "zh-Hans", "人员均为虚构"},
		{"what the browser prefers", "/", "en-GB,en;q=0.8", "en", "invented people"},
		{"any kind of chinese", "/", "zh-TW", "zh-Hans", "涉密"},
		{"a choice goes before the browser", "/?lang=en", "zh-CN", "en", "Nothing classified"},
		{"an unknown language", "/?lang=xx", "", "zh-Hans", "涉密"},
		{"a malformed language", "/?lang=%3Cb%3E", "", "zh-Hans", "涉密"},
	}
	f := newFixture(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, tt.target, nil)
			r.Header.Set("Accept-Language", tt.accept)
			res := f.ask(r)
			page := body(t, res)
			if res.StatusCode != http.StatusOK || !strings.Contains(page, `<html lang="`+tt.lang+`">`) {
				t.Errorf("status %d, not in %s", res.StatusCode, tt.lang)
			}
			// The first screen says what the office is and what may not be typed.
			if !strings.Contains(page, tt.says) {
				t.Errorf("the first screen does not say %q", tt.says)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	f := newFixture(t)
	for _, target := range []string{"/", "/static/main.js", "/api/state", "/nowhere"} {
		res := f.ask(httptest.NewRequest(http.MethodGet, target, nil))
		policy := res.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", target, policy)
		}
		if got := res.Header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options %q", target, got)
		}
	}
}

func TestStatic(t *testing.T) {
	tests := []struct {
		name, path string
		status     int
		kind       string
	}{
		{"script", "/static/main.js", http.StatusOK, "text/javascript; charset=utf-8"},
		{"style", "/static/base.css", http.StatusOK, "text/css; charset=utf-8"},
		{"picture", "/static/mark.svg", http.StatusOK, "image/svg+xml"},
		{"not there", "/static/none.js", http.StatusNotFound, "text/plain; charset=utf-8"},
		{"no listing of the folder", "/static/", http.StatusNotFound, "text/plain; charset=utf-8"},
		{"nothing outside the folder", "/static/..%2findex.html", http.StatusNotFound, "text/plain; charset=utf-8"},
	}
	f := newFixture(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := f.ask(httptest.NewRequest(http.MethodGet, tt.path, nil))
			if res.StatusCode != tt.status || res.Header.Get("Content-Type") != tt.kind {
				t.Errorf("got %d %q, want %d %q", res.StatusCode, res.Header.Get("Content-Type"), tt.status, tt.kind)
			}
		})
	}
}

// Nothing is loaded from elsewhere and nothing runs that stands in the page: the
// policy would refuse both, and the page would be broken.
func TestPageKeepsItsPolicy(t *testing.T) {
	page := body(t, newFixture(t).ask(httptest.NewRequest(http.MethodGet, "/", nil)))
	for _, forbidden := range []string{`\son[a-z]+="`, `\sstyle="`, `(src|href)="(https?:)?//`, `<style`, `<script>`} {
		if found := regexp.MustCompile(forbidden).FindString(page); found != "" {
			t.Errorf("the page contains %q", found)
		}
	}
}

var braces = regexp.MustCompile(`\{\w+\}`)

// Both languages have the same keys with the same placeholders, and nobody
// shouts.
func TestTexts(t *testing.T) {
	chinese, english := locale(t, "zh-Hans"), locale(t, "en")
	for key, text := range chinese {
		if _, ok := english[key]; !ok {
			t.Errorf("%s is not in English", key)
		}
		want, got := braces.FindAllString(text, -1), braces.FindAllString(english[key], -1)
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: placeholders (-zh-Hans +en)\n%s", key, diff)
		}
		if strings.ContainsAny(text+english[key], "!！") {
			t.Errorf("%s has an exclamation mark", key)
		}
	}
	for key := range english {
		if _, ok := chinese[key]; !ok {
			t.Errorf("%s is not in Chinese", key)
		}
	}
}

// Every text of the catalogue is used, and every key that the page asks for
// reaches the browser.
func TestTextsAreUsed(t *testing.T) {
	f := newFixture(t)
	page := body(t, f.ask(httptest.NewRequest(http.MethodGet, "/?lang=en", nil)))
	for key := range locale(t, "en") {
		if !strings.Contains(page, `"`+key+`":`) {
			t.Errorf("%s does not reach the browser", key)
		}
	}
	literal := regexp.MustCompile("[\"`](page\\.[a-z.]+[a-z])[\"`]")
	texts := locale(t, "en")
	for _, name := range []string{"texts", "message", "menu", "phone", "clock", "plan", "main"} {
		script := body(t, f.ask(httptest.NewRequest(http.MethodGet, "/static/"+name+".js", nil)))
		for _, found := range literal.FindAllStringSubmatch(script, -1) {
			if _, ok := texts[found[1]]; !ok {
				t.Errorf("%s.js asks for %s, which has no text", name, found[1])
			}
		}
	}
}
