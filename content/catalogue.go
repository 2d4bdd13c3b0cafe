package content

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

// DefaultLanguage is the tag of the language in which every text is written
// first: simplified Chinese.
const DefaultLanguage = "zh-Hans"

// The errors of a text, for errors.Is.
var (
	// ErrNoText says that no language has a text for the key.
	ErrNoText = errors.New("no text")
	// ErrArgument says that a placeholder has no argument, or that an argument is
	// neither a string nor an int.
	ErrArgument = errors.New("argument")
)

// Catalogue is all texts in all languages (文案目录). It is safe for concurrent
// use once OnFallback has been called, or not called.
type Catalogue struct {
	locales    map[string]*locale
	tags       []string // of locales, the default first, then sorted
	matcher    language.Matcher
	onFallback func(lang, key string)
}

// locale is the texts of one language.
type locale struct {
	tag       string
	entries   map[string]*entry
	localizer *i18n.Localizer
}

// strict fails on a placeholder without an argument, where the library alone
// would write "<no value>" into the text.
var strict = &i18ntemplate.TextParser{Option: "missingkey=error"}

// newCatalogue reads every file of locales.
func newCatalogue(c *Content) (*Catalogue, error) {
	bundle := i18n.NewBundle(language.Make(DefaultLanguage))
	k := &Catalogue{locales: map[string]*locale{}, onFallback: func(string, string) {}}
	for _, name := range c.Files("locales") {
		if err := k.load(bundle, name, c.files[name]); err != nil {
			return nil, err
		}
	}
	if k.locales[DefaultLanguage] == nil {
		return nil, fmt.Errorf("locales: there is no file for %s", DefaultLanguage)
	}
	k.tags = slices.SortedFunc(maps.Keys(k.locales), defaultFirst)
	parsed := make([]language.Tag, len(k.tags))
	for i, tag := range k.tags {
		parsed[i] = language.Make(tag)
		k.locales[tag].localizer = i18n.NewLocalizer(bundle, tag)
	}
	k.matcher = language.NewMatcher(parsed)
	return k, nil
}

// defaultFirst orders tags by name behind the default language.
func defaultFirst(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == DefaultLanguage:
		return -1
	case b == DefaultLanguage:
		return 1
	}
	return strings.Compare(a, b)
}

// load adds the texts of one file to the bundle and to the locale of its tag.
func (k *Catalogue) load(bundle *i18n.Bundle, name string, data []byte) error {
	tag, err := tagOf(name)
	if err != nil {
		return err
	}
	file, err := i18n.ParseMessageFileBytes(data, name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	l := k.locales[tag]
	if l == nil {
		l = &locale{tag: tag, entries: map[string]*entry{}}
		k.locales[tag] = l
	}
	for _, m := range file.Messages {
		if other := l.entries[m.ID]; other != nil {
			return fmt.Errorf("%s: %q is also in %s", name, m.ID, other.file)
		}
		if l.entries[m.ID], err = newEntry(name, m); err != nil {
			return err
		}
	}
	if err := bundle.AddMessages(file.Tag, file.Messages...); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// tagOf reads the language from a file name such as people.zh-Hans.toml.
func tagOf(name string) (string, error) {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 3 || parts[2] != "toml" {
		return "", fmt.Errorf("%s: not named <area>.<language>.toml", name)
	}
	tag, err := language.Parse(parts[1])
	if err != nil || tag.String() != parts[1] {
		return "", fmt.Errorf("%s: %q is not a language tag such as %s", name, parts[1], DefaultLanguage)
	}
	return parts[1], nil
}

// OnFallback sets what is called when a text is missing in the language asked
// for and the default language stands in; a counter, usually. It is called by
// the goroutine that wanted the text. Set it before the first call of Text.
func (k *Catalogue) OnFallback(report func(lang, key string)) { k.onFallback = report }

// Languages lists the tags that there are texts for, the default first.
func (k *Catalogue) Languages() []string { return slices.Clone(k.tags) }

// Language maps any choice of language, such as the code that a chat client
// reports, to one of Languages: "zh", "zh-CN" and "zh-TW" to zh-Hans, "en-GB" to
// en; whatever is empty, malformed or not spoken here to the default.
func (k *Catalogue) Language(choice string) string {
	if k.locales[choice] != nil {
		return choice
	}
	wanted, err := language.Parse(choice)
	if err != nil {
		return DefaultLanguage
	}
	_, i, _ := k.matcher.Match(wanted)
	// The matcher also offers a language that has nothing to do with the one
	// asked for; only the same language in another form is accepted.
	base, _ := wanted.Base()
	if found, _ := language.Make(k.tags[i]).Base(); found != base {
		return DefaultLanguage
	}
	return k.tags[i]
}

// Text gives the text of key in lang, which is mapped by Language. Arguments
// are strings or ints, already formatted and escaped; the int named Count
// chooses the plural form. Arguments that the text does not name are ignored.
//
// A key that lang lacks is taken from the default language and reported. The
// error wraps ErrNoText if the default language lacks it too, and ErrArgument if
// a placeholder has no usable argument; the text is empty then.
func (k *Catalogue) Text(lang, key string, args map[string]any) (string, error) {
	l, e := k.find(lang, key)
	if e == nil {
		return "", fmt.Errorf("content: %q in %q: %w", key, lang, ErrNoText)
	}
	if err := e.accept(args); err != nil {
		return "", fmt.Errorf("content: %q in %q: %w", key, lang, err)
	}
	config := i18n.LocalizeConfig{MessageID: key, TemplateData: args, TemplateParser: strict}
	if e.plural() {
		config.PluralCount = args[countName]
	}
	text, err := l.localizer.Localize(&config)
	if err != nil {
		return "", fmt.Errorf("content: %q in %q: %w", key, lang, err)
	}
	return text, nil
}

// find gives the text and the language that has it; a nil entry if none has.
func (k *Catalogue) find(lang, key string) (*locale, *entry) {
	tag := k.Language(lang)
	l := k.locales[tag]
	if e := l.entries[key]; e != nil || tag == DefaultLanguage {
		return l, e
	}
	l = k.locales[DefaultLanguage]
	e := l.entries[key]
	if e != nil {
		k.onFallback(tag, key)
	}
	return l, e
}

// accept checks that there is a usable argument for every placeholder.
func (e *entry) accept(args map[string]any) error {
	for _, name := range e.placeholders {
		switch args[name].(type) {
		case int:
		case string:
			if name == countName && e.plural() {
				return fmt.Errorf("%w %s chooses the plural and is not an int", ErrArgument, name)
			}
		case nil:
			return fmt.Errorf("%w %s is missing", ErrArgument, name)
		default:
			return fmt.Errorf("%w %s is a %T", ErrArgument, name, args[name])
		}
	}
	return nil
}

// Layout gives a layout for time.Format in lang: the text "format.<name>", such
// as instant, instant_year, day, day_year, clock.
func (k *Catalogue) Layout(lang, name string) (string, error) {
	return k.Text(lang, "format."+name, nil)
}

// Keys lists the keys that lang itself has a text for, sorted; none for a
// language that is not one of Languages.
func (k *Catalogue) Keys(lang string) []string {
	l := k.locales[lang]
	if l == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(l.entries))
}

// Has reports whether the default language has a text for key.
func (k *Catalogue) Has(key string) bool { return k.locales[DefaultLanguage].entries[key] != nil }

// Placeholders lists what the text of key in lang wants as arguments, sorted;
// all plural forms together, Count included if it chooses the form.
func (k *Catalogue) Placeholders(lang, key string) []string {
	l := k.locales[lang]
	if l == nil || l.entries[key] == nil {
		return nil
	}
	return slices.Clone(l.entries[key].placeholders)
}
