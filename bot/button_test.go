package bot_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

func newCodec(t testing.TB, fill byte) *bot.Codec {
	t.Helper()
	codec, err := bot.NewCodec(bytes.Repeat([]byte{fill}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return codec
}

func TestButtonRoundTrip(t *testing.T) {
	codec := newCodec(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		verb := rapid.StringMatching(`[a-z][a-z-]{0,15}`).Draw(t, "verb")
		object := rapid.StringMatching(`[!-9;-~]{0,31}`).Draw(t, "object")
		person := reminders.PersonID(rapid.StringMatching(`[A-Za-z0-9_.-]{1,24}`).Draw(t, "person"))
		data, err := codec.Encode(verb, object, person)
		if err != nil || len(data) > 64 {
			t.Fatalf("Encode: %q (%d bytes), %v", data, len(data), err)
		}
		gotVerb, gotObject, err := codec.Decode(data, person)
		if gotVerb != verb || gotObject != object || err != nil {
			t.Fatalf("Decode(%q) = %q, %q, %v", data, gotVerb, gotObject, err)
		}
	})
}

// A button works for the person and the object for which it was made, and for
// nothing else.
func TestButtonIsBound(t *testing.T) {
	codec, other := newCodec(t, 1), newCodec(t, 2)
	data, err := codec.Encode("ack", "n7", "A001")
	if err != nil {
		t.Fatal(err)
	}
	seal := data[strings.LastIndex(data, ":"):]
	group, err := codec.EncodeGroup("ack", "n7", -42)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		codec  *bot.Codec
		data   string
		person reminders.PersonID
	}{
		{"another person", codec, data, "A002"},
		{"nobody", codec, data, ""},
		{"another object", codec, "ack:n8" + seal, "A001"},
		{"another verb", codec, "undo:n7" + seal, "A001"},
		{"a border moved", codec, "ackn:7" + seal, "A001"},
		{"another secret", other, data, "A001"},
		{"an invented seal", codec, "ack:n7:AAAAAAAAAAA", "A001"},
		{"made for a group", codec, group, "-42"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, _, err := c.codec.Decode(c.data, c.person); !errors.Is(err, bot.ErrButtonForged) {
				t.Errorf("Decode(%q) for %q: %v, want ErrButtonForged", c.data, c.person, err)
			}
		})
	}
	if _, _, err := codec.DecodeGroup(group, -42); err != nil {
		t.Errorf("the group's own button: %v", err)
	}
	if _, _, err := codec.DecodeGroup(group, -43); !errors.Is(err, bot.ErrButtonForged) {
		t.Errorf("another group: %v, want ErrButtonForged", err)
	}
}

func TestButtonMalformed(t *testing.T) {
	codec := newCodec(t, 1)
	for _, data := range []string{
		"", ":", "::", "ack", "ack:n7", "ack:n7:short", "ack:n7:AAAAAAAAAAA:x", "ACK:n7:AAAAAAAAAAA",
		"ack:n 7:AAAAAAAAAAA", "ack:号:AAAAAAAAAAA", ":n7:AAAAAAAAAAA", "ack:" + strings.Repeat("n", 60) + ":AAAAAAAAAAA",
	} {
		if _, _, err := codec.Decode(data, "A001"); !errors.Is(err, bot.ErrButtonMalformed) {
			t.Errorf("Decode(%q): %v, want ErrButtonMalformed", data, err)
		}
	}
}

func TestButtonEncodeRefuses(t *testing.T) {
	codec := newCodec(t, 1)
	for _, c := range [][3]string{
		{"", "n7", "A001"},
		{"Ack", "n7", "A001"},
		{"ack", "n:7", "A001"},
		{"ack", strings.Repeat("n", 32), "A001"},
		{"ack", "号", "A001"},
		{"ack", "n7", ""},
	} {
		if data, err := codec.Encode(c[0], c[1], reminders.PersonID(c[2])); err == nil {
			t.Errorf("Encode(%q) = %q, want an error", c, data)
		}
	}
	if _, err := bot.NewCodec(make([]byte, 31)); err == nil {
		t.Error("a secret of 31 bytes was taken")
	}
}

func FuzzButtonDecode(f *testing.F) {
	codec := newCodec(f, 1)
	good, err := codec.Encode("ack", "n7", "A001")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, "A001")
	f.Add("ack:n7:AAAAAAAAAAA", "A002")
	f.Fuzz(func(t *testing.T, data, person string) {
		verb, object, err := codec.Decode(data, reminders.PersonID(person))
		if err != nil {
			return
		}
		again, err := codec.Encode(verb, object, reminders.PersonID(person))
		if err != nil || again != data {
			t.Fatalf("%q was accepted but is written as %q, %v", data, again, err)
		}
	})
}
