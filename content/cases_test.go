package content_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/content"
)

// day makes a date.
func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// Samples say that they are invented, in the title and in the body, and lead
// nowhere.
func TestSampleCases(t *testing.T) {
	cases := load(t).Cases()
	if len(cases) < 8 {
		t.Fatalf("%d cases", len(cases))
	}
	for _, k := range cases {
		if !k.Sample() || !strings.HasPrefix(k.Title, "〔示例〕") || !strings.Contains(k.Body, "示例，内容虚构") {
			t.Errorf("%s is not marked as a sample", k.ID)
		}
		if !strings.HasPrefix(k.SourceURL, "https://example.invalid/") || !strings.Contains(k.Issuer, "虚构") {
			t.Errorf("%s could be taken for real: %s, %s", k.ID, k.Issuer, k.SourceURL)
		}
		if !strings.HasPrefix(k.TitleEN, "[Sample] ") || !strings.HasSuffix(strings.TrimSpace(k.BodyEN), "(Sample, invented.)") || !strings.Contains(k.IssuerEN, "invented") {
			t.Errorf("%s could be taken for real in English: %s, %s", k.ID, k.TitleEN, k.IssuerEN)
		}
		if want := k.Issued.AddDate(2, 0, 0); !k.Expires.Equal(want) {
			t.Errorf("%s expires %v, want %v", k.ID, k.Expires, want)
		}
	}
	newest := slices.IsSortedFunc(cases, func(a, b content.Case) int { return b.Issued.Compare(a.Issued) })
	if !newest {
		t.Error("not the newest first")
	}
}

func TestFittingCases(t *testing.T) {
	c := load(t)
	for _, row := range []struct {
		name, festivals, on string
		n                   int
		want                []string
	}{
		{"one for each festival in turn", "mid-autumn national-day", "2026-09-22", 2, []string{"sample-01", "sample-06"}},
		{"then again", "mid-autumn national-day", "2026-09-22", 3, []string{"sample-01", "sample-06", "sample-04"}},
		{"fewer if no more fit", "qingming", "2026-04-01", 5, []string{"sample-07"}},
		{"the newest first", "spring-festival", "2026-02-10", 2, []string{"sample-02", "sample-03"}},
		{"none is asked for", "qingming", "2026-04-01", 0, nil},
		{"none fits", "harvest-day", "2026-04-01", 2, nil},
		{"not before it is issued", "national-day", "2026-08-31", 2, []string{"sample-04"}},
		{"on the day of issue", "national-day", "2026-09-01", 1, []string{"sample-06"}},
		{"the last day", "qingming", "2028-03-25", 1, []string{"sample-07"}},
		{"expired", "qingming", "2028-03-26", 1, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, k := range c.FittingCases(strings.Fields(row.festivals), day(row.on), row.n) {
				got = append(got, k.ID)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every festival of the year has a case to show.
func TestEveryFestivalHasACase(t *testing.T) {
	c := load(t)
	for _, festival := range []string{
		"new-year", "spring-festival", "qingming", "labour-day", "dragon-boat", "mid-autumn", "national-day",
	} {
		if len(c.FittingCases([]string{festival}, day("2026-12-01"), 1)) == 0 {
			t.Errorf("%s has none", festival)
		}
	}
}

// A case without an expiry is shown for 24 months.
func TestCaseLife(t *testing.T) {
	c := loadOver(t, map[string]string{"library/cases.yaml": `
- {id: a, title: b, category: F1, issued: 2026-01-31, issuer: c, source_url: 'https://example.invalid/a'}`})
	got := c.Cases()[0]
	if !got.Expires.Equal(day("2028-01-31")) || got.Sample() {
		t.Errorf("%+v", got)
	}
}

// An office may have no cases.
func TestNoCases(t *testing.T) {
	c := loadOver(t, map[string]string{"library/cases.yaml": "# none\n"})
	if len(c.Cases()) != 0 {
		t.Errorf("%v", c.Cases())
	}
}

// The taxonomy keeps its order and says which wording is not certain.
func TestCategories(t *testing.T) {
	var codes, verify []string
	for _, k := range load(t).Categories() {
		codes = append(codes, k.Code)
		if k.Verify {
			verify = append(verify, k.Code)
		}
		if k.Group != k.Code[:1] {
			t.Errorf("%s is in group %s", k.Code, k.Group)
		}
	}
	if want := "F1 F2 F3 F4 F9 H1 H2 H3 H4 H5 H9 H9a H9b H9c H9d H9e H9f H9g"; strings.Join(codes, " ") != want {
		t.Errorf("codes %v", codes)
	}
	if want := "F3 F4 H9a H9b H9c H9d H9e H9f H9g"; strings.Join(verify, " ") != want {
		t.Errorf("verify %v", verify)
	}
}
