package main

import (
	"net/url"
	"slices"
	"strings"
)

// feedAddresses reads the addresses of feeds from the settings.
func feedAddresses(texts []string) ([]string, error) {
	var addresses []string
	for _, text := range texts {
		if u, err := url.Parse(text); err != nil || !ofWeb(u) {
			return nil, badValue("case-feed", "…", "https://www.example.org/rss.xml")
		}
		if !slices.Contains(addresses, text) {
			addresses = append(addresses, text)
		}
	}
	return addresses, nil
}

// addressList is the value of a flag that can be given more than once, or once with
// several addresses.
type addressList []string

// String, Set and Type implement pflag.Value.
func (l *addressList) String() string { return strings.Join(*l, " ") }

func (l *addressList) Set(text string) error { *l = append(*l, strings.Fields(text)...); return nil }
func (l *addressList) Type() string          { return "addresses" }
