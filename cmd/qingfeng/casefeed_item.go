package main

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html/charset"
)

// The limits of what is taken from one feed. The parser has none of its own: it goes
// down into nested elements by recursion and copies the names of namespaces with each
// element.
const (
	feedItems     = 50   // taken, the newest first
	feedDepth     = 64   // of elements in elements
	feedNames     = 64   // namespaces declared
	feedFragments = 1000 // pieces of text in one element of an item
)

// feedMedia are the types of an answer that can be a feed.
var feedMedia = []string{"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"}

// feedItem is one entry of a feed, in plain text.
type feedItem struct {
	title, link, text string
	at                time.Time // zero: the feed does not say
}

// feed is what was read of a feed.
type feed struct {
	title    string
	items    []feedItem
	linkless int // items without a usable link
}

// readFeed reads an RSS or Atom feed. Whatever cannot be read is a fetchError.
func readFeed(got fetched) (f feed, err error) {
	if !slices.Contains(feedMedia, got.media) {
		return f, &fetchError{faultType, nil}
	}
	body, err := decoded(got.body, got.charset)
	if err == nil {
		err = modest(body)
	}
	if err != nil {
		return f, &fetchError{faultForm, err}
	}
	parsed, err := parseFeed(body)
	if err != nil {
		return f, &fetchError{faultForm, err}
	}
	f.title = line(parsed.Title)
	slices.SortStableFunc(parsed.Items, func(a, b *gofeed.Item) int { return cmp.Compare(dated(b).Unix(), dated(a).Unix()) })
	for _, item := range parsed.Items[:min(len(parsed.Items), feedItems)] {
		link, known := linkOf(item, got.at)
		if !known {
			f.linkless++
			continue
		}
		f.items = append(f.items, feedItem{
			title: line(item.Title), link: link, text: plainText(cmp.Or(item.Content, item.Description)), at: dated(item),
		})
	}
	return f, nil
}

// parseFeed lets the library read a feed. It never brings the service down.
func parseFeed(body []byte) (parsed *gofeed.Feed, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the parser failed: %T", p)
		}
	}()
	parser := gofeed.NewParser()
	// The search for pictures parses every text as a page.
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	parsed, err = parser.Parse(bytes.NewReader(body))
	if err == nil && parsed.FeedType != "rss" && parsed.FeedType != "atom" {
		err = gofeed.ErrFeedTypeNotDetected
	}
	return parsed, err
}

// dated is when an item was published, or else changed.
func dated(item *gofeed.Item) time.Time {
	switch {
	case item.PublishedParsed != nil:
		return *item.PublishedParsed
	case item.UpdatedParsed != nil:
		return *item.UpdatedParsed
	}
	return time.Time{}
}

// linkOf is the address of an item's page, without the part after '#', which does not
// tell pages apart.
func linkOf(item *gofeed.Item, base *url.URL) (string, bool) {
	for _, text := range []string{item.Link, item.GUID} {
		u, err := base.Parse(strings.TrimSpace(text))
		if strings.TrimSpace(text) == "" || err != nil || !ofWeb(u) {
			continue
		}
		if text == item.GUID && !strings.Contains(text, "://") {
			continue // an identifier, not an address
		}
		u.Fragment = ""
		return u.String(), true
	}
	return "", false
}

// declares finds the encoding in the first line of a document.
var declares = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=`)

// decoded gives a body that says in which encoding it is, or is in UTF-8: an encoding
// that only the answer's header names is not known to the parser, and a document that
// names none at all is taken for Chinese (GB 18030).
func decoded(body []byte, label string) ([]byte, error) {
	if utf8.Valid(body) || declares.Match(body) {
		return body, nil
	}
	r, err := charset.NewReaderLabel(cmp.Or(label, "gb18030"), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, 2*fetchBytes))
}

// modest refuses what would cost the parser more than a feed does.
func modest(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict, d.CharsetReader = false, charset.NewReaderLabel // as the parser has it
	names, fragments := 0, []int{0}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("no well-formed document")
		}
		switch token := token.(type) {
		case xml.StartElement:
			fragments = append(fragments, 0)
			for _, attribute := range token.Attr {
				if attribute.Name.Space == "xmlns" || attribute.Name.Local == "xmlns" {
					names++
				}
			}
		case xml.EndElement:
			fragments = fragments[:max(1, len(fragments)-1)]
		case xml.CharData:
			fragments[len(fragments)-1]++
		}
		depth := len(fragments) - 1
		if depth > feedDepth || names > feedNames || depth > 3 && fragments[depth] > feedFragments {
			return errors.New("too deep, or in too many pieces")
		}
	}
}
