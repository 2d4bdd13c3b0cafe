package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// A bot sends a message with a button, and a person taps it.
func Example() {
	now := time.Date(2026, 9, 24, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))
	s := sandbox.New(sandbox.Options{Token: "100:demo", Now: func() time.Time { return now }})
	defer s.Close()
	p := s.Person(7, "甲", "zh-hans")
	p.Start("")

	body := `{"chat_id":7,"text":"请点“已阅”。","reply_markup":{"inline_keyboard":[[{"text":"已阅","callback_data":"ack:1"}]]}}`
	req, _ := http.NewRequest(http.MethodPost, "http://sandbox/bot100:demo/sendMessage", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()
	_ = p.TapLabel("已阅")
	fmt.Print(s.Transcript(p))
	// Output:
	// 2026-09-24 09:00 #1 甲:
	//     /start
	// 2026-09-24 09:00 #2 bot:
	//     请点“已阅”。
	//     [已阅]
	// 2026-09-24 09:00 #2 甲 taps [已阅]
}
