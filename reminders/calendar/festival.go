package calendar

import (
	"slices"
	"strings"
)

// Festival is one of the seven public holidays of China (法定节假日).
type Festival string

// The festivals, by the names that keys, plans and texts use.
const (
	NewYear        Festival = "new-year"        // 元旦
	SpringFestival Festival = "spring-festival" // 春节
	Qingming       Festival = "qingming"        // 清明节
	LabourDay      Festival = "labour-day"      // 劳动节
	DragonBoat     Festival = "dragon-boat"     // 端午节
	MidAutumn      Festival = "mid-autumn"      // 中秋节
	NationalDay    Festival = "national-day"    // 国庆节
)

// Festivals lists the festivals in the order in which a list and an identifier
// name them. It is the order of a usual year; Mid-Autumn may fall behind
// National Day.
func Festivals() []Festival {
	return []Festival{NewYear, SpringFestival, Qingming, LabourDay, DragonBoat, MidAutumn, NationalDay}
}

// spellings are the words by which calendars name a festival, in lower case. The
// order matters: a word that contains another stands before it. An empty
// festival stands for a word that only looks like one.
var spellings = []struct {
	word     string
	festival Festival
}{
	{"春节", SpringFestival},
	{"除夕", SpringFestival},
	{"农历新年", SpringFestival},
	{"spring festival", SpringFestival},
	{"chinese new year", SpringFestival},
	{"lunar new year", SpringFestival},
	{"元旦", NewYear},
	{"new year's eve", ""},
	{"new year", NewYear},
	{"清明", Qingming},
	{"qingming", Qingming},
	{"ching ming", Qingming},
	{"tomb sweeping", Qingming},
	{"tomb-sweeping", Qingming},
	{"劳动节", LabourDay},
	{"五一", LabourDay},
	{"labour day", LabourDay},
	{"labor day", LabourDay},
	{"may day", LabourDay},
	{"workers' day", LabourDay},
	{"端午", DragonBoat},
	{"dragon boat", DragonBoat},
	{"dragon-boat", DragonBoat},
	{"tuen ng", DragonBoat},
	{"duanwu", DragonBoat},
	{"中秋", MidAutumn},
	{"mid-autumn", MidAutumn},
	{"mid autumn", MidAutumn},
	{"国庆", NationalDay},
	{"national day", NationalDay},
	{"national-day", NationalDay},
}

// festivalsIn finds the festivals that a name mentions, in the order of
// Festivals: "国庆节、中秋节" is two. A name of none gives none.
func festivalsIn(name string) []Festival {
	rest := strings.ToLower(strings.ReplaceAll(name, "’", "'"))
	var found []Festival
	for _, s := range spellings {
		if !strings.Contains(rest, s.word) {
			continue
		}
		rest = strings.ReplaceAll(rest, s.word, "\n") // so that a shorter word cannot match inside
		if s.festival != "" {
			found = append(found, s.festival)
		}
	}
	return inOrder(found)
}

// inOrder gives each festival once, in the order of Festivals.
func inOrder(found []Festival) []Festival {
	var ordered []Festival
	for _, f := range Festivals() {
		if slices.Contains(found, f) {
			ordered = append(ordered, f)
		}
	}
	return ordered
}
