package casebook

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// lifetime is how many months a case is shown if it does not say itself when it expires,
// from the day on which it was issued.
const lifetime = 24

// The longest texts of a case, in characters.
const (
	longestTitle   = 120
	longestIssuer  = 80
	longestBody    = 2000
	longestAddress = 500
	longestEnglish = 3000 // of a body in English, which still fits into one message
)

// The names of the columns and fields of a case, as files have them.
const (
	fieldID        = "id"
	fieldTitle     = "title"
	fieldCategory  = "category"
	fieldLevel     = "level"
	fieldIssued    = "issued"
	fieldIssuer    = "issuer"
	fieldSource    = "source_url"
	fieldExpires   = "expires"
	fieldFestivals = "festivals"
	fieldBody      = "body"
	fieldNames     = "names"

	fieldTitleEN  = "title_en"
	fieldIssuerEN = "issuer_en"
	fieldBodyEN   = "body_en"
)

// Fault is one thing that is wrong with a field of a case.
type Fault struct {
	Field string // by its name in files, such as "source_url"
	Say   reminders.Message
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// wrongID says what is wrong with the id of a case of the office; nil if nothing is.
func wrongID(id string) *reminders.Message {
	key := ""
	switch {
	case !idForm.MatchString(id):
		key = "case.wrong_id"
	case strings.HasPrefix(id, samplePrefix):
		key = "case.sample_id"
	default:
		return nil
	}
	m := reminders.Line(key, nil)
	return &m
}

// Faults lists what keeps the content from being shown: what is missing, and what is not
// of its kind. A case must be public already, so today is the last day on which it can
// have been issued (domain rule: no case without issuer, date and public address).
func (d *Desk) Faults(c Content, today calendar.Date) []Fault {
	var f faults
	f.text(fieldTitle, c.Title, longestTitle)
	f.text(fieldTitleEN, c.English.Title, 2*longestTitle)
	f.oneLine(fieldTitle, c.Title)
	f.oneLine(fieldTitleEN, c.English.Title)
	f.text(fieldIssuer, c.Issuer, longestIssuer)
	f.text(fieldIssuerEN, c.English.Issuer, 2*longestIssuer)
	f.text(fieldBody, c.Body, longestBody)
	f.text(fieldBodyEN, c.English.Body, longestEnglish)
	if c.English.Title == "" && c.English != (Words{}) {
		f.missing(fieldTitleEN)
	}
	if c.Category == "" {
		f.missing(fieldCategory)
	} else if _, known := d.CategoryOf(c.Category); !known {
		f.add(fieldCategory, "case.wrong_category", nil)
	}
	if c.Level != "" && !slices.Contains(Levels(), c.Level) {
		f.add(fieldLevel, "case.wrong_level", nil)
	}
	if c.SourceURL == "" {
		f.missing(fieldSource)
	} else if key := wrongAddress(c.SourceURL); key != "" {
		f.add(fieldSource, key, nil)
	}
	for _, festival := range c.Festivals {
		if !slices.Contains(calendar.Festivals(), festival) {
			f.add(fieldFestivals, "case.wrong_festival", reminders.Args{"Word": reminders.Text(string(festival))})
		}
	}
	f.days(c, today)
	return f
}

// faults are those of one case, in the order of its fields.
type faults []Fault

func (f *faults) add(field, key string, args reminders.Args) {
	*f = append(*f, Fault{field, reminders.Line(key, args)})
}

func (f *faults) missing(field string) { *f = append(*f, Fault{field, lacks(field)}) }

// text looks at the length of a text, in characters; title and issuer must be there.
func (f *faults) text(field, value string, longest int) {
	switch n := utf8.RuneCountInString(value); {
	case value == "" && slices.Contains([]string{fieldTitle, fieldIssuer}, field):
		f.missing(field)
	case n > longest:
		f.add(field, "case.too_long", reminders.Args{"Field": fieldName(field), "Limit": reminders.Number(longest)})
	}
}

func (f *faults) oneLine(field, value string) {
	if strings.ContainsAny(value, "\r\n") {
		f.add(field, "case.one_line", nil)
	}
}

// days looks at when a case was issued and when it expires.
func (f *faults) days(c Content, today calendar.Date) {
	switch {
	case c.Issued.IsZero():
		f.missing(fieldIssued)
	case c.Issued.After(today):
		f.add(fieldIssued, "case.not_public", nil)
	case !c.Expires.After(c.Issued):
		f.add(fieldExpires, "case.expires_early", nil)
	case !c.Expires.After(today):
		f.add(fieldExpires, "case.expired_already", nil)
	}
}

// lacks says that a field is missing.
func lacks(field string) reminders.Message {
	return reminders.Line("case.missing", reminders.Args{"Field": fieldName(field)})
}

// fieldName names a field in a text.
func fieldName(field string) reminders.Value { return reminders.Say("case.field."+field, nil) }

// Problems lists everything that keeps a case from being submitted: its faults as hard
// hits under the names of their fields, and what the guard and the lint object to. A soft
// hit that the head let pass is not among them.
func (d *Desk) Problems(c Case, today calendar.Date) []reminders.Hit {
	var hits []reminders.Hit
	for _, fault := range d.Faults(c.Content, today) {
		hits = append(hits, reminders.Hit{Rule: fault.Field, Hard: true, Say: fault.Say})
	}
	for _, hit := range d.screen(c.Content) {
		passed := func(o reminders.Override) bool { return o.Rule == hit.Rule }
		if hit.Hard || !slices.ContainsFunc(c.Overrides, passed) {
			hits = append(hits, hit)
		}
	}
	return hits
}

// screen looks through every text of a case, and names each rule once.
func (d *Desk) screen(c Content) []reminders.Hit {
	var hits []reminders.Hit
	for _, hit := range d.Screen(strings.Join([]string{c.Title, c.Issuer, c.Body, c.English.Title, c.English.Issuer, c.English.Body}, "\n")) {
		if !slices.ContainsFunc(hits, func(h reminders.Hit) bool { return h.Rule == hit.Rule }) {
			hits = append(hits, hit)
		}
	}
	return hits
}

// inner are the ends of names that no public address has.
var inner = []string{".local", ".localhost", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa"}

// wrongAddress says why a text is not the address of a public page, by the key of the
// text that explains it; empty if it is one.
func wrongAddress(address string) string {
	link, err := url.Parse(address)
	switch {
	case err != nil, link.Scheme != "http" && link.Scheme != "https", link.Hostname() == "", link.User != nil,
		len(address) > longestAddress, strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' }):
		return "case.wrong_address"
	case privateHost(link.Hostname()):
		return "case.private_address"
	}
	return ""
}

// privateHost reports whether a host belongs to no public network: what lies there was
// not made public, and a link to it leads readers nowhere.
func privateHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		shared := netip.MustParsePrefix("100.64.0.0/10") // between providers and their customers (RFC 6598)
		return !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if !strings.Contains(host, ".") || onlyDigits(last) { // one word, or an address in an unusual form
		return true
	}
	return slices.ContainsFunc(inner, func(end string) bool { return strings.HasSuffix(host, end) })
}

func onlyDigits(s string) bool {
	return strings.Trim(s, "0123456789") == "" || strings.HasPrefix(s, "0x")
}

// tidy takes away the space around texts, puts festivals into their order, and says when
// the case expires if it does not itself.
func (c Content) tidy() Content {
	for _, text := range []*string{
		&c.Title, &c.Category, &c.Issuer, &c.SourceURL, &c.Body, &c.English.Title, &c.English.Issuer, &c.English.Body,
	} {
		*text = strings.TrimSpace(*text)
	}
	if c.Expires.IsZero() && !c.Issued.IsZero() {
		c.Expires = calendar.DateOf(c.Issued.At(0, 0, utc).AddDate(0, lifetime, 0), utc)
	}
	var ordered []calendar.Festival
	for _, festival := range calendar.Festivals() {
		if slices.Contains(c.Festivals, festival) {
			ordered = append(ordered, festival)
		}
	}
	for _, festival := range c.Festivals { // unknown ones stay, to be named
		if !slices.Contains(ordered, festival) {
			ordered = append(ordered, festival)
		}
	}
	c.Festivals = ordered
	return c
}
