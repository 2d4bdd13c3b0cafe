package duty_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// shippedRules is the file that ships.
func shippedRules(t testing.TB) string {
	t.Helper()
	file, err := os.ReadFile("../../content/programme/duty.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

func named(name string) reminders.UnitID { return reminders.UnitID("u-" + name) }

// What ships is what the product page says.
func TestShippedRules(t *testing.T) {
	rules, spot, err := duty.ParseRules([]byte(shippedRules(t)), named)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(duty.DefaultRules(), rules); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(duty.DefaultSpotRules(), spot); diff != "" {
		t.Error(diff)
	}
}

// A unit may have a rule of its own, by its name.
func TestCoverOfUnit(t *testing.T) {
	file := strings.Replace(shippedRules(t), "[take_over]", "[roster.cover_of]\n\"港口\" = \"day\"\n[take_over]", 1)
	rules, _, err := duty.ParseRules([]byte(file), named)
	if err != nil || rules.CoverOf["u-港口"] != duty.ByDay {
		t.Error(rules.CoverOf, err)
	}
}

// Every fault is named by its field, all of a file at once.
func TestWrongRules(t *testing.T) {
	for _, row := range []struct{ name, old, as, want string }{
		{"a cover that is none", `"whole-day"` + "\nmost", `"night"` + "\nmost", "roster.cover:"},
		{"no day at all", "most_days = 2", "most_days = 0", "roster.most_days:"},
		{"a rest that is no duration", `"12h" #`, `"12" #`, "roster.rest:"},
		{"a grace that is never over", `grace = "30m"`, `grace = "5h"`, "take_over.grace:"},
		{"an hour that is not on the clock", `from   = "09:00"`, `from   = "25:00"`, "spot_check.from:"},
		{"hours the wrong way round", `to     = "21:00"`, `to     = "08:00"`, "spot_check.to: it is not after from"},
		{"fewer than no unit", "units  = 0", "units  = -1", "spot_check.units:"},
		{"a check that nobody may get", "limit  = 1", "limit  = 0", "spot_check.limit:"},
		{"closed before it is due", `closes = "2h"`, `closes = "10m"`, "spot_check.closes:"},
		{"a field that does not exist", "limit  = 1", "limit = 1\nphoto = true", "spot_check.photo: unknown field"},
		{"no file of this format", "[roster]\n", "[roster\n", "line"},
	} {
		t.Run(row.name, func(t *testing.T) {
			file := strings.Replace(shippedRules(t), row.old, row.as, 1)
			if file == shippedRules(t) {
				t.Fatal("nothing was replaced")
			}
			_, _, err := duty.ParseRules([]byte(file), named)
			if err == nil || reminders.KindOf(err) != reminders.Invalid || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%v", err)
			}
		})
	}
	_, _, err := duty.ParseRules(nil, named)
	if err == nil || strings.Count(err.Error(), "\n") < 8 {
		t.Errorf("of an empty file: %v", err)
	}
}

// Whatever the file, rules that are read hold together.
func FuzzRules(f *testing.F) {
	f.Add(shippedRules(f))
	f.Fuzz(func(t *testing.T, file string) {
		rules, spot, err := duty.ParseRules([]byte(file), named)
		if err == nil && (rules.MostDays < 1 || rules.Grace <= 0 || spot.To <= spot.From || spot.Closes < spot.Answer) {
			t.Errorf("%+v %+v", rules, spot)
		}
	})
}
