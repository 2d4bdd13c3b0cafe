package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// casesFile is a list of cases with two slips in it; all of them are invented.
const casesFile = `- id: t-2026-001
  title: 样例局某科长中秋期间收受礼品（示例）
  category: H1
  level: township
  issued: 2026-08-20
  issuer: 清风示例市示例纪检组（虚构）
  source_url: http://10.0.0.8/cases/1.html
  festivals: [中秋]
  names: no
  body: 中秋期间，样例局某科长收受服务对象所送礼品，受到党内警告处分。（示例，内容虚构）
  title_en: A section chief accepts gifts at Mid-Autumn (sample)
  issuer_en: Sample inspection group (invented)
  body_en: At Mid-Autumn, a section chief of the Sample Bureau accepted gifts and received a warning. (Sample, invented.)
- id: t-2026-002
  title: 示范委某干部违规接受宴请（示例）
  category: Z9
  issued: 2026-09-01
  issuer: 清风示例市示例纪检组（虚构）
  source_url: https://example.org/cases/2.html
  names: no
  body: 节前接受服务对象宴请，受到批评教育。（示例，内容虚构）
`

// casesTable is a spreadsheet that says something else of the second case, and has a third.
func casesTable(t *testing.T) string {
	t.Helper()
	var file bytes.Buffer
	err := sheet.WriteXLSX(&file, "案例", []string{"编号", "标题", "问题类型", "层级", "通报日期", "通报单位", "来源链接", "节日", "内容", "含姓名", "英文标题", "英文内容"}, [][]string{
		{
			"t-2026-002", "示范委某干部违规接受宴请（示例）", "违规吃喝", "乡科级及以下", "2026-09-01", "清风示例市示例纪检组（虚构）",
			"https://example.org/cases/2.html", "国庆", "节前接受服务对象宴请，受到党内警告处分。（示例，内容虚构）", "否", "", "",
		},
		{
			"t-2026-003", "演示中心某负责人公车私用（示例）", "H9", "县处级", "2026-09-02", "清风示例市演练监督组（虚构）",
			"https://example.org/cases/3.html", "国庆、五一", "假期驾驶公务用车探亲，受到党内警告处分。（示例，内容虚构）", "否",
			"An official car for private use (sample)", "Over a holiday, a head drove an official car to visit relatives and received a warning. (Sample, invented.)",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// A file of cases goes through the chat: every slip is named by its place, a dry run says
// what would be done, [导入] makes drafts that a second person approves, and readers of
// both languages see them. A spreadsheet changes what is public only by a correction, and
// the same file again changes nothing. Others than the office have no use for such a file.
func TestCasesFromAFile(t *testing.T) {
	play(t, "2026-09-15T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.sends("P1", "cases.yaml", casesFile)
		s.reads("P1", "文件没有保存")
		s.sends("S2", "cases.yaml", casesFile)
		s.reads("S2", "内部网络")
		good := strings.NewReplacer("http://10.0.0.8", "https://example.org", "Z9", "H2").Replace(casesFile)
		s.sends("S2", "cases.yaml", good)
		s.reads("S2", "新增草稿 2 个")
		if n := len(s.casesNow()); n != 0 {
			t.Errorf("a dry run has left %d cases", n)
		}
		s.tap("S2", "导入")
		s.reads("S3", "2 个待审批")
		for range 2 {
			s.tap("S3", "查看")
			s.tap("S3", "1")
			s.tap("S3", "批准发布")
		}
		s.types("P3", "/cases")
		s.tap("P3", "Latest cases")
		s.reads("P3", "2. A section chief accepts gifts at Mid-Autumn (sample)")
		s.reads("P3", "1. 示范委某干部违规接受宴请（示例）") // nobody wrote it in English

		s.sends("S2", "cases.xlsx", casesTable(t))
		s.reads("S2", "提出更正 1 个")
		s.tap("S2", "导入")
		s.sends("S2", "cases.xlsx", casesTable(t))
		s.reads("S2", "不需要导入")
		for _, c := range s.casesNow() {
			if c.ID == "t-2026-002" && (c.Correction == nil || c.Body != "节前接受服务对象宴请，受到批评教育。（示例，内容虚构）") {
				t.Errorf("before the second person: %+v", c)
			}
		}
		for range 2 {
			s.types("S3", "/approve")
			s.tap("S3", "批准发布")
		}
		for _, c := range s.casesNow() {
			if c.State != casebook.Published || c.Lone || c.By != "S2" || c.DecidedBy != "S3" {
				t.Errorf("at the end: %+v", c)
			}
		}
		s.recorded("S2", "staff-case-file")
		s.recorded("S3", "staff-case-file-second")
		s.recorded("P1", "official-case-file")
		s.balanced()
	})
}
