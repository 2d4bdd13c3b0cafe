package main

import (
	"strings"
	"testing"
)

// The office in English: what is said to those who do not read Chinese is
// written, not translated.
func TestEnglishTranscripts(t *testing.T) {
	office := strings.NewReplacer(
		"zh-Hans", "en", "监督室", "Supervision Office", "样例局", "Sample Bureau", "示例委", "Example Commission",
		"审计室", "Audit Office", "白样本", "Bai Sample", "安示范", "An Model", "周例证", "Zhou Proof", "徐试题", "Xu Test",
		"钱配置", "Qian Setup", "方样张", "Fang Print", "孙样稿", "Sun Draft", "何范本", "He Form", "唐假设", "Tang Guess",
		"李例句", "Li Phrase", "吴待定", "Wu Pending", "高示意", "Gao Sign", "严对照", "Yan Check",
	).Replace(town)
	play(t, "2026-09-10T09:00:00+08:00", func(s *scene) {
		s.enrol(office, "P5")
		s.types("L1", "/help")
		s.types("L1", "/upcoming")
		s.types("A1", "/help")
		s.types("A1", "/people P5")
		s.types("A1", "/invite Example Commission")
		s.types("A1", "/office")
		s.until("2026-09-11 09:00")
		s.tap("S2", "Keep")
		s.until("2026-09-18 10:00")
		s.tap("L1", "Acknowledge")
		s.until("2026-09-20 09:30")
		s.tap("S2", "Who cannot be reached")
		s.tap("S2", "Back")
		s.until("2026-09-23 10:30")
		s.tap("B2", "Open")
		s.types("L1", "/unit")
		s.tap("L1", "Mid-Autumn and National Day integrity reminder")
		s.tap("L1", "Remind those outstanding")
		s.types("S2", "/status")
		s.tap("S2", "Mid-Autumn and National Day notice to units")
		s.tap("S2", "Example Commission (1/1)")
		s.tap("S2", "Waive")
		s.tap("S2", "Yes, waive")
		s.until("2026-09-24 10:30")
		s.tap("P2", "Acknowledge")
		s.tap("P2", "Undo")
		s.types("P2", "/feedback")
		s.types("P2", "Larger type, please.")
		s.sends("A1", "people.csv", "staff_no,name,unit,title,roles,language\nP6,New Sample,Sample Bureau,,official,en\nP2,Sun Draft,Example Commission,,official,en\n")
		s.tap("A1", "Import")
		s.types("A1", "/people P2")
		s.tap("A1", "Has left")
		s.tap("A1", "Yes, has left")
		s.until("2026-10-08 10:00")
		s.recorded("L1", "liaison-english")
		s.recorded("B2", "leader-english")
		s.recorded("S2", "staff-english")
		s.recorded("S1", "head-english")
		s.recorded("A1", "admin-english")
		s.balanced()
	})
}
