package page_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// office is an invented office whose clock and plan the test moves by hand.
type office struct {
	mu    sync.Mutex
	cards []page.Card
	clock page.ClockState
	did   []string // what the page asked for
}

// newOffice has one person for every phone and one more of each language.
func newOffice() *office {
	return &office{
		clock: page.ClockState{
			Now:  time.Date(2026, 9, 22, 9, 0, 0, 0, shanghai),
			Zone: "Asia/Shanghai", Speed: 3600,
			NextAt: time.Date(2026, 9, 24, 10, 0, 0, 0, shanghai),
		},
		cards: []page.Card{
			{Chat: 11, StaffNo: "A001", Name: "林知夏", Title: "科员", Unit: "云溪市数据局（示例）", Roles: []string{"official"}, Language: "zh-Hans", InviteCode: "code-a"},
			{Chat: 12, StaffNo: "A002", Name: "周望舒", Title: "办公室副主任", Unit: "云溪市数据局（示例）", Roles: []string{"official", "liaison"}, OnDuty: true, Language: "zh-Hans", InviteCode: "code-b"},
			{Chat: 13, StaffNo: "A003", Name: "Robin Example", Title: "Adviser", Unit: "云溪市港务局（示例）", Roles: []string{"official"}, Language: "en", InviteCode: "code-c"},
			{Chat: 14, StaffNo: "S001", Name: "沈静安", Title: "四级调研员", Unit: "党风政风监督室（示例）", Roles: []string{"official", "staff"}, Language: "zh-Hans", Bound: true},
		},
	}
}

func (o *office) People() []page.Card {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.cards)
}

func (o *office) Clock(lang string) page.ClockState {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.clock
	c.NextWhat = "催办一次"
	if lang == "en" {
		c.NextWhat = "One chase"
	}
	return c
}

func (o *office) note(what string, change func(c *page.ClockState)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.did = append(o.did, what)
	change(&o.clock)
}

func (o *office) Play() {
	o.note("play", func(c *page.ClockState) { c.Running, c.Paused = true, false })
}

func (o *office) Pause() {
	o.note("pause", func(c *page.ClockState) { c.Running, c.Paused = false, true })
}

func (o *office) SetSpeed(n int) {
	o.note("speed", func(c *page.ClockState) { c.Speed = n })
}

func (o *office) Upcoming(lang string, n int) []page.PlanRow {
	rows := chinesePlan
	if lang == "en" {
		rows = englishPlan
	}
	return rows[:min(n, len(rows))]
}

// stand lets the clock go on in real time from now, with another event ahead.
func (o *office) stand(now, next time.Time) {
	o.note("stand", func(c *page.ClockState) { c.Now, c.NextAt, c.Running, c.Paused = now, next, false, false })
}

// bind makes the owner of a chat known to the office.
func (o *office) bind(chat int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.cards {
		if o.cards[i].Chat == chat {
			o.cards[i].Bound = true
		}
	}
}

func (o *office) done() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.did)
}

func at(day, hour int) time.Time { return time.Date(2026, 9, day, hour, 0, 0, 0, shanghai) }

var chinesePlan = []page.PlanRow{
	{At: at(24, 10), Kind: "chase", What: "催办一次", Audience: "尚未“已阅”的人员", Recipients: 7, Reason: "中秋假期前最后一个工作日 10:00，只发给尚未“已阅”的人员，且只发一次。"},
	{At: at(24, 18), Kind: "holiday-reminder", What: "“已阅”截止", Audience: "全体公职人员", Recipients: 42, Reason: "节前最后一个工作日下班时间。"},
	{At: at(28, 10), Kind: "closing-summary", What: "节后小结", Audience: "室工作人员、审计", Recipients: 5, Reason: "中秋假期后第一个工作日 10:00。"},
	{At: time.Date(2027, 1, 28, 9, 0, 0, 0, shanghai), Kind: "unit-notice", What: "春节单位通知", Audience: "联络员、单位负责人", Recipients: 12, Reason: "春节假期前 7 天。2027 年放假安排尚未公布，确认前不会发送。", Provisional: true},
}

var englishPlan = []page.PlanRow{
	{At: at(24, 10), Kind: "chase", What: "One chase", Audience: "those who have not acknowledged", Recipients: 7, Reason: "The last workday before Mid-Autumn at 10:00, only to those outstanding, and only once."},
	{At: at(24, 18), Kind: "holiday-reminder", What: "Acknowledgements due", Audience: "all officials", Recipients: 42, Reason: "The end of the last workday before the holiday."},
	{At: at(28, 10), Kind: "closing-summary", What: "Closing summary", Audience: "staff, auditors", Recipients: 1, Reason: "The first workday after Mid-Autumn at 10:00."},
	{At: time.Date(2027, 1, 28, 9, 0, 0, 0, shanghai), Kind: "unit-notice", What: "Notice to units, Spring Festival", Audience: "liaisons, leaders", Recipients: 12, Reason: "Seven days before Spring Festival. The arrangement of 2027 is not published yet; nothing is sent before it is confirmed.", Provisional: true},
}

// locale reads the texts of the page in one language.
func locale(t *testing.T, lang string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	if _, err := toml.DecodeFile("../../../content/locales/page."+lang+".toml", &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

// catalogue gives the texts as the demo does, and fails the test on a key that
// has none.
func catalogue(t *testing.T) func(lang, key string) string {
	t.Helper()
	locales := map[string]map[string]string{"zh-Hans": locale(t, "zh-Hans"), "en": locale(t, "en")}
	return func(lang, key string) string {
		text, ok := locales[lang][key]
		if !ok {
			t.Errorf("no text for %q in %q", key, lang)
		}
		return text
	}
}

const token = "100:page-test"

// newSandbox makes a chat service where everybody of the office has a phone.
func newSandbox(t *testing.T, o *office) *sandbox.Server {
	t.Helper()
	srv := sandbox.New(sandbox.Options{Token: token, Now: func() time.Time { return o.Clock("en").Now }})
	t.Cleanup(srv.Close)
	for _, card := range o.People() {
		srv.Person(card.Chat, card.Name, card.Language)
	}
	return srv
}

// fixture is a page in front of an invented office.
type fixture struct {
	office *office
	chat   *sandbox.Server
	page   http.Handler
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	o := newOffice()
	srv := newSandbox(t, o)
	return &fixture{office: o, chat: srv, page: page.New(srv, o, catalogue(t), slog.New(slog.DiscardHandler))}
}

// ask sends one request to the page.
func (f *fixture) ask(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	f.page.ServeHTTP(w, r)
	return w.Result()
}

func (f *fixture) person(t *testing.T, id int64) *sandbox.Person {
	t.Helper()
	for _, p := range f.chat.People() {
		if p.ID() == id {
			return p
		}
	}
	t.Fatalf("no person %d", id)
	return nil
}

// Sample offers one file on every phone.
func (o *office) Sample(_ int64, name string) ([]byte, bool) {
	return []byte("sample"), name == "样例.xlsx"
}
