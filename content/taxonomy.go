package content

import (
	"fmt"
	"slices"
)

// Category is one kind of problem in the official statistics (问题类型). The
// indicator system of these labels is that of the monthly table of the CCDI
// since December 2019.
type Category struct {
	Code    string `toml:"code"`  // our own: F1..F9, H1..H9, H9a..H9g
	Group   string `toml:"group"` // F 形式主义、官僚主义 or H 享乐主义、奢靡之风
	Chinese string `toml:"zh"`
	English string `toml:"en"`
	// Verify marks a label whose exact wording has not been checked against the
	// official table.
	Verify bool `toml:"verify"`
}

// newTaxonomy reads library/taxonomy.toml.
func newTaxonomy(c *Content) ([]Category, error) {
	const name = "library/taxonomy.toml"
	data, err := c.must(name)
	if err != nil {
		return nil, err
	}
	var file struct {
		Version    string     `toml:"version"`
		Categories []Category `toml:"category"`
	}
	if err := decode(name, data, &file); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, k := range file.Categories {
		if k.Code == "" || k.Group == "" || k.Chinese == "" || k.English == "" {
			return nil, fmt.Errorf("%s: category %q lacks code, group or a label", name, k.Code)
		}
		if seen[k.Code] {
			return nil, fmt.Errorf("%s: category %s is there twice", name, k.Code)
		}
		seen[k.Code] = true
	}
	return file.Categories, nil
}

// Categories gives the taxonomy in its official order.
func (c *Content) Categories() []Category { return slices.Clone(c.taxonomy) }
