package content

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Case is a typical case that an issuing organ has already made public (典型案例).
// Dates are days, at midnight UTC.
type Case struct {
	ID        string    `yaml:"id"`
	Title     string    `yaml:"title"`
	Category  string    `yaml:"category"` // code of a Category
	Level     string    `yaml:"level"`    // provincial, prefecture, county or township
	Issued    time.Time `yaml:"issued"`
	Issuer    string    `yaml:"issuer"`
	SourceURL string    `yaml:"source_url"`
	Expires   time.Time `yaml:"expires"` // the first day on which it is not shown any more
	Festivals []string  `yaml:"festivals"`
	Body      string    `yaml:"body"`
	Names     bool      `yaml:"names"` // the body names persons: readers are led to the source instead
	TitleEN   string    `yaml:"title_en"`
	IssuerEN  string    `yaml:"issuer_en"`
	BodyEN    string    `yaml:"body_en"`
}

// Sample reports whether the case is one of the invented samples that ship with
// the program.
func (c Case) Sample() bool { return strings.HasPrefix(c.ID, "sample-") }

// caseLife is how long a case is shown if it does not say itself when it
// expires: 24 months, the default of the product.
const caseLife = 24

// levels are the levels of the officials concerned (层级).
var levels = []string{"provincial", "prefecture", "county", "township"}

// newCases reads library/cases.yaml.
func newCases(c *Content) ([]Case, error) {
	const name = "library/cases.yaml"
	data, err := c.must(name)
	if err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var cases []Case
	if err := decoder.Decode(&cases); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	seen := map[string]bool{}
	for i := range cases {
		if cases[i].Expires.IsZero() {
			cases[i].Expires = cases[i].Issued.AddDate(0, caseLife, 0)
		}
		if err := cases[i].valid(c.taxonomy); err != nil {
			return nil, fmt.Errorf("%s: case %d (%s): %w", name, i+1, cases[i].ID, err)
		}
		if seen[cases[i].ID] {
			return nil, fmt.Errorf("%s: case %s is there twice", name, cases[i].ID)
		}
		seen[cases[i].ID] = true
	}
	slices.SortFunc(cases, func(a, b Case) int {
		return cmp.Or(b.Issued.Compare(a.Issued), strings.Compare(a.ID, b.ID))
	})
	return cases, nil
}

// valid holds a case to the rule that it is public already: without issuer, date
// and link it is refused.
func (c Case) valid(categories []Category) error {
	link, err := url.Parse(c.SourceURL)
	known := func(cat Category) bool { return cat.Code == c.Category }
	switch {
	case c.ID == "", c.Title == "":
		return errors.New("id and title are required")
	case c.Issuer == "", c.Issued.IsZero():
		return errors.New("issuer and issued are required: a case must be public already")
	case err != nil, link.Host == "", link.Scheme != "https" && link.Scheme != "http":
		return fmt.Errorf("source_url %q is not a web address", c.SourceURL)
	case !slices.ContainsFunc(categories, known):
		return fmt.Errorf("category %q is not in the taxonomy", c.Category)
	case c.Level != "" && !slices.Contains(levels, c.Level):
		return fmt.Errorf("level %q is none of %s", c.Level, strings.Join(levels, ", "))
	case !c.Expires.After(c.Issued):
		return errors.New("expires is not after issued")
	}
	return nil
}

// Cases gives all cases of the library, the newest first, expired ones included.
func (c *Content) Cases() []Case { return slices.Clone(c.cases) }

// FittingCases gives at most n cases for an occasion that are public and not
// expired on day: one for each festival in turn, the newest first. A case that
// fits none of the festivals is not shown, so there may be fewer.
func (c *Content) FittingCases(festivals []string, day time.Time, n int) []Case {
	shown := func(k Case) bool { return !k.Issued.After(day) && day.Before(k.Expires) }
	var fitting []Case
	for round := 0; len(fitting) < n; round++ {
		before := len(fitting)
		for _, festival := range festivals {
			i := slices.IndexFunc(c.cases, func(k Case) bool {
				taken := slices.ContainsFunc(fitting, func(f Case) bool { return f.ID == k.ID })
				return !taken && shown(k) && slices.Contains(k.Festivals, festival)
			})
			if i >= 0 && len(fitting) < n {
				fitting = append(fitting, c.cases[i])
			}
		}
		if len(fitting) == before {
			break
		}
	}
	return fitting
}
