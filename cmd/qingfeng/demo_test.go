package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A demo over kept data goes on: the people stay bound, the clock does not step
// back, and what they type is not taken for something seen before.
func TestDemoGoesOn(t *testing.T) {
	start, err := time.Parse(time.RFC3339, demoStart)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for round, command := range []string{"/help", "/settings"} {
		ctx, cancel := context.WithCancel(t.Context())
		d, err := newDemoOffice(ctx, demoOptions{
			dir: dir, start: start, speed: 3600, language: reminders.Chinese, log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		if now := d.clock.Now(); now.Before(start) {
			t.Errorf("round %d begins at %v", round, now)
		}
		events, stop := d.server.Subscribe()
		ended := make(chan error, 1)
		go func() { ended <- d.service.run(ctx, d.poll) }()
		phone := d.cast.actors[0].phone
		if round == 0 {
			d.cast.bindAll()
		}
		phone.Type(command)
		want := map[string]string{"/help": "使用帮助", "/settings": "设置"}[command]
		answered(t, events, phone, want)
		stop()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		d.server.Close()
		if err := d.close(); err != nil {
			t.Error(err)
		}
	}
}

// The page is read while the people open their invitations: with the race detector this
// finds what they share. Everybody who never binds has a code to open from the first look.
func TestDemoPageFromTheStart(t *testing.T) {
	d, address := startDemo(t, afterStory)
	codes := 0
	for _, card := range d.People() {
		if card.InviteCode != "" {
			codes++
		}
	}
	if codes < len(d.cast.habits.NeverBinds) {
		t.Errorf("%d have a code, fewer than never bind", codes)
	}
	answer, err := http.Get(address + "/?lang=en")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if page, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(page), "<html") {
		t.Errorf("the page is %q, %v", page, err)
	}
}

// answered waits until the phone shows a text.
func answered(t *testing.T, events <-chan sandbox.Event, phone *sandbox.Person, want string) {
	t.Helper()
	patience := time.After(30 * time.Second)
	for {
		for _, m := range phone.Messages() {
			if m.FromBot && strings.Contains(m.Text, want) {
				return
			}
		}
		select {
		case <-events:
		case <-patience:
			t.Fatalf("no answer with %q", want)
		}
	}
}

// demoStops are the names of the acts of the demo at which the clock stops.
func demoStops(t *testing.T, c *content.Content) (names []string) {
	t.Helper()
	var h habits
	file, err := c.File("library/demo/habits.toml")
	if err == nil {
		err = toml.Unmarshal(file, &h)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range h.Acts {
		if act.Stop != "" {
			names = append(names, act.Stop)
		}
	}
	return names
}
