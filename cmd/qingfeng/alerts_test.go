package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// alertFile is the part of docs/alerts.yml that is ours to keep right.
type alertFile struct {
	Groups []struct {
		Rules []struct {
			Alert       string            `yaml:"alert"`
			Expr        string            `yaml:"expr"`
			Annotations map[string]string `yaml:"annotations"`
		} `yaml:"rules"`
	} `yaml:"groups"`
}

var metricName = regexp.MustCompile(`qingfeng_[a-z_]+`)

// Alerts and the page on operating name only metrics that there are, every alert says
// what to do, and every metric is on the page.
func TestAlertsNameMetrics(t *testing.T) {
	var code strings.Builder
	for _, name := range []string{"metrics.go", "counters.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	var known []string
	for _, match := range regexp.MustCompile(`"(qingfeng_[a-z_]+)"`).FindAllStringSubmatch(code.String(), -1) {
		known = append(known, match[1])
	}
	exists := func(name string) bool {
		name = strings.TrimSuffix(name, "_bucket") // of a histogram
		return slices.Contains(known, name)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "alerts.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var alerts alertFile
	if err := yaml.Unmarshal(text, &alerts); err != nil {
		t.Fatal(err)
	}
	rules := 0
	for _, group := range alerts.Groups {
		for _, rule := range group.Rules {
			rules++
			for _, name := range metricName.FindAllString(rule.Expr, -1) {
				if !exists(name) {
					t.Errorf("%s: there is no metric %s", rule.Alert, name)
				}
			}
			if rule.Annotations["summary"] == "" || rule.Annotations["remedy"] == "" {
				t.Errorf("%s does not say what it means and what to do", rule.Alert)
			}
		}
	}
	if rules < 10 || len(known) < 15 {
		t.Errorf("%d rules, %d metrics: does this test still see them?", rules, len(known))
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "operating.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range known {
		if !strings.Contains(string(page), "`"+name) {
			t.Errorf("docs/operating.md does not name %s", name)
		}
	}
	for _, name := range metricName.FindAllString(string(page), -1) {
		if !exists(name) {
			t.Errorf("docs/operating.md names %s, which does not exist", name)
		}
	}
}
