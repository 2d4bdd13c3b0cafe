package main

import (
	"context"
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
		s.recorded("P1", "guidance-official")
		s.balanced()
	})
}
