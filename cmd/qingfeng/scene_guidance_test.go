package main

import (
	"context"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// A case guidance shows the public cases that it names, by title, issuer and date.
func TestGuidanceShowsItsCases(t *testing.T) {
	play(t, "2026-09-07T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		shipped := s.live.content.Cases()
		var handle string
		err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
			p, err := s.live.press.Receive(tx, notice.Publication{
				Kind: notice.CaseGuidance, Origin: "chat", Lead: reminders.Chinese, Audience: reminders.Audience{Everyone: true}, Expects: notice.ExpectNothing,
				Bodies: map[reminders.Language]notice.Body{reminders.Chinese: {Title: "节前礼品登记（示例）", Prompt: &notice.Prompt{
					Pattern: "节前收到礼品未及时登记（示例）。", Rule: "《中国共产党纪律处分条例》", Check: "核对登记簿。", Cases: []string{shipped[0].ID},
				}}},
			}, "S2")
			handle = p.Handle()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
			_, err := s.live.press.Decide(tx, handle, true, "", "S3", false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s.until("2026-09-07 10:00")
		s.reads("P1", "〔案例指导〕节前礼品登记（示例）")
		s.reads("P1", shipped[0].Title)
		s.reads("P1", "查看通报原文")
		s.recorded("P1", "guidance-official")
		s.balanced()
	})
}

// The staff begin a guidance from a case that readers see: the case is tied to it, and
// whoever decides and whoever reads finds it there, with its source.
func TestGuidanceFromACase(t *testing.T) {
	play(t, "2026-09-07T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("P1", "/cases")
		s.tap("P1", "最新案例")
		s.tap("P1", "1")
		s.offers("P1", "用作案例指导", false)
		s.types("S2", "/cases")
		s.tap("S2", "最新案例")
		s.tap("S2", "1")
		s.tap("S2", "用作案例指导")
		for _, text := range []string{"节前礼品登记（示例）", "节前收到礼品未及时登记（示例）。", "《中国共产党纪律处分条例》"} {
			s.types("S2", text)
		}
		s.tap("S2", "跳过")
		s.tap("S2", "跳过")
		s.types("S2", "核对登记簿。")
		s.reads("S2", "案例：〔示例〕")
		s.everyone("S2")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.reads("S3", "案例：〔示例〕")
		s.tap("S3", "批准")
		s.until("2026-09-07 10:00")
		s.reads("P1", "〔案例指导〕节前礼品登记（示例）")
		if html := s.last("P1").HTML; !strings.Contains(html, `<a href="https://`) {
			t.Errorf("there is no way to the source of the case: %s", html)
		}
		s.recorded("S2", "guidance-from-case")
		s.balanced()
	})
}
