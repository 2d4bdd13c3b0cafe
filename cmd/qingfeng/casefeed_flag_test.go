package main

import (
	"slices"
	"testing"
)

// The addresses of feeds come from the command line, more than once or several at once,
// from the environment, or as a list from the file.
func TestWhereFeedsComeFrom(t *testing.T) {
	settle(t, "case-feed:\n  - https://a.example.org/rss.xml\n  - https://b.example.org/rss.xml\n")
	for name, row := range map[string]struct {
		env  string
		args []string
		want []string
	}{
		"file":         {"", nil, []string{"https://a.example.org/rss.xml", "https://b.example.org/rss.xml"}},
		"environment":  {"https://c.example.org/1 https://c.example.org/2", nil, []string{"https://c.example.org/1", "https://c.example.org/2"}},
		"command line": {"x", []string{"--case-feed", "https://d.example.org/1", "--case-feed", "https://d.example.org/2"}, []string{"https://d.example.org/1", "https://d.example.org/2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("QINGFENG_CASE_FEED", row.env)
			cmd := configured(t, "serve", row.args...)
			list, ok := cmd.Flags().Lookup("case-feed").Value.(*addressList)
			if !ok || !slices.Equal(*list, row.want) {
				t.Errorf("the feeds are %v", list)
			}
		})
	}
}

// An address that is none of the web, or has a password in it, is wrong usage; the same
// twice is one.
func TestFeedAddresses(t *testing.T) {
	for _, text := range []string{"x", "ftp://a.example.org/", "https://user:word@a.example.org/", "https://", "file:///etc/passwd"} {
		if _, err := feedAddresses([]string{text}); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	got, err := feedAddresses([]string{"https://a.example.org/", "https://a.example.org/"})
	if err != nil || len(got) != 1 {
		t.Errorf("%v %v", got, err)
	}
}
