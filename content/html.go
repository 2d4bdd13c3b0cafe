package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// htmlTags are the tags that texts may use: those of the chat service's HTML
// mode that are plain marks.
var htmlTags = []string{"b", "i", "u", "s", "a", "code", "pre", "blockquote"}

// htmlTag is one tag: slash, name, attributes.
var htmlTag = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>`)

// htmlEntity is what may follow an ampersand.
var htmlEntity = regexp.MustCompile(`&(?:lt|gt|amp|quot|#\d{1,6}|#x[0-9a-fA-F]{1,6});`)

// htmlLink is the only attribute there is.
var htmlLink = regexp.MustCompile(`^ href="[^"<>]+"$`)

// checkHTML reports what the chat service would refuse: unknown or unbalanced
// tags, and loose angle brackets and ampersands.
func checkHTML(text string) error {
	loose := htmlEntity.ReplaceAllString(htmlTag.ReplaceAllString(text, ""), "")
	if i := strings.IndexAny(loose, "<>&"); i >= 0 {
		return fmt.Errorf("%q has to be written as an entity", loose[i:i+1])
	}
	var open []string
	for _, tag := range htmlTag.FindAllStringSubmatch(text, -1) {
		closing, name, attributes := tag[1] != "", tag[2], tag[3]
		switch {
		case !slices.Contains(htmlTags, name):
			return fmt.Errorf("the tag <%s> is not used here", name)
		case attributes != "" && (closing || name != "a" || !htmlLink.MatchString(attributes)):
			return fmt.Errorf("the attributes of %s are not used here", tag[0])
		case !closing:
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return fmt.Errorf("</%s> closes nothing", name)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("<%s> is not closed", open[len(open)-1])
	}
	return nil
}
