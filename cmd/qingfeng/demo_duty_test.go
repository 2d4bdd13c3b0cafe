package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// inBubble runs a story with the demo, whose people play, in a bubble: its clock runs as
// fast as the story is told.
func inBubble(t *testing.T, from string, story func(d *demo)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start, err := time.Parse(time.RFC3339, from)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		d, err := newDemoOffice(ctx, demoOptions{
			dir: t.TempDir(), start: start, speed: 86400, language: reminders.Chinese,
			log: slog.New(slog.NewTextHandler(logTo{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
		})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 3)
		go func() { ended <- d.service.run(ctx, d.poll) }()
		go func() { ended <- d.cast.play(ctx) }()
		go func() { ended <- d.mind(ctx) }()
		time.Sleep(10 * time.Second)
		story(d)
		cancel()
		d.server.Close()
		for range 3 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
}

// playOn plays on until an instant of the place, stopping where a visitor would.
func (d *demo) playOn(t *testing.T, until string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", until, d.years.Calendar().Location())
	if err != nil {
		t.Fatal(err)
	}
	for d.clock.Now().Before(at) {
		d.clock.Play()
		for d.clock.state().running {
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(20 * time.Second)
	}
}

// The people of the demo play two holidays by themselves, while the visitor only looks
// on. Before them a theme with two findings and an announcement that is paused in the
// middle, goes on, is corrected and withdrawn; then rosters come in, shifts are taken over, but for those that are not, reports are
// filed, one is returned and corrected, one incident is followed; after them the case of the week.
// The clock of the visitor stops at what is worth a look.
func TestDemoPlays(t *testing.T) {
	inBubble(t, demoStart, func(d *demo) {
		d.playOn(t, "2026-10-14 10:00")
		if dir := os.Getenv("QINGFENG_TRANSCRIPTS"); dir != "" {
			for _, a := range d.cast.actors {
				path := filepath.Join(dir, a.record.Name+".txt")
				if err := os.WriteFile(path, []byte(d.server.Transcript(a.phone)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		for name, texts := range map[string][]string{
			"江虚拟": {"〔核对结果〕值班表样例-示范委-中秋.xlsx", "〔已接班〕示范委"},
			"马模拟": {"江虚拟已接班（逾期）"},
			"何演练": {"马模拟的班次（示范委，10月2日 08:00）尚未接班"},
			"吴样章": {"退回原因：检查单位 3 家，发现问题 5 个，请核对是否重复计数。", "〔已更正〕"},
			"杨样品": {"快报〔2026〕1号", "移交 1 个事项"},
			"周例证": {"〔更正送审〕公告《关于更换监督举报公示牌的公告》", "〔即时报告·首报〕演示中心"},
			"徐试题": {
				"已发 13（54%），待发 9", "继续发送，从剩下的发起。", "已发 22（91%），待发 0", "没有完全收回 22 份",
				"发现问题 2 个：已办结 1，已移送 1，不成立 0",
			},
			"方样张": {
				"(photo)\n    〔公告〕关于更换监督举报公示牌的公告", "内容有变，请于 9月16日 18:00 前再点一次", "〔撤回〕本公告已于 9月14日 09:30 撤回", "〔典型案例〕〔示例〕",
			},
			"Ann Sample": {
				"They are in use from 16 September", "What has changed: The boards are in use from 16 September", "[Public case] A museum employee",
			},
		} {
			said := d.server.Transcript(d.cast.named(name).phone)
			for _, text := range texts {
				if !strings.Contains(said, text) {
					t.Errorf("%s does not read %q", name, text)
				}
			}
		}
		d.reported(t, map[string]int{"江虚拟": 10, "吴样章": 9})
	})
}

// named finds one of the cast by name.
func (c *cast) named(name string) *actor {
	for _, a := range c.actors {
		if a.record.Name == name {
			return a
		}
	}
	return nil
}

// reported compares how many daily reports the units of some people filed, and that all
// were reviewed.
func (d *demo) reported(t *testing.T, want map[string]int) {
	t.Helper()
	err := d.store.View(context.Background(), func(tx reminders.Tx) error {
		for name, n := range want {
			found, err := d.reports.List(tx, report.Filter{
				From: calendar.Date{Year: 2026, Month: 9, Day: 25}, To: calendar.Date{Year: 2026, Month: 10, Day: 8},
				Unit: d.cast.named(name).record.Unit, Kind: report.Daily,
			})
			if err != nil {
				return err
			}
			if len(found) != n {
				t.Errorf("the unit of %s filed %d daily reports, not %d", name, len(found), n)
			}
			for _, r := range found {
				if r.State != report.Accepted {
					t.Errorf("%s is %s", r.ID, r.State)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
