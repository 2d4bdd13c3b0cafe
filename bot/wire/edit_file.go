package wire

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/go-telegram/bot/models"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// swap is one file that is to take the place of another.
type swap struct {
	message int // that shows the file
	nth     int // of the messages that are files
	given   int // the place of the file among those that were given
	file    Attachment
	fits    bool // the service may let it stand there
}

// swaps lists the files that are to take the places of others, in the order of their
// messages, after those that were seen to. Of several files the service changes none from
// a picture to a document, nor the other way.
func (o Outgoing) swaps(ids []int) (all []swap) {
	if len(o.Files) != len(o.Stand) || len(o.Files) < len(ids) {
		return nil
	}
	for nth, given := range inAlbums(o.Stand) {
		if nth < o.Midway.Files || nth >= len(ids) {
			continue
		}
		was, is := o.Stand[given], o.Files[given]
		if was.Hash == is.Hash && was.Name == is.Name {
			continue
		}
		fits := len(ids) == 1 || was.Picture() == is.Picture()
		all = append(all, swap{message: ids[nth], nth: nth, given: given, file: is, fits: fits})
	}
	return all
}

// inAlbums gives the places of files in the order in which their messages stand: those of
// pictures first, see reminders.Albums.
func inAlbums(files []reminders.File) (places []int) {
	for _, pictures := range []bool{true, false} {
		for i, f := range files {
			if f.Picture() == pictures {
				places = append(places, i)
			}
		}
	}
	return places
}

// swapNext puts the next file into the place of another. If its message has the text for a
// caption, that and the buttons go along. What the service refuses is left as it is.
func (c *Client) swapNext(ctx context.Context, o Outgoing, r revision, parts []int) reminders.Outcome {
	next, at := r.swaps[0], r.at
	r.swaps = r.swaps[1:]
	out := reminders.Outcome{Result: reminders.Refused, Reason: reminders.ReasonFileKept}
	carries := r.caption && next.nth == 0
	if next.fits {
		s := step{files: []Attachment{next.file}}
		if carries {
			s.html, s.keys = r.want[0], r.keys
		}
		out = c.swap(ctx, o.Chat, next.message, s)
	}
	at.Files = next.nth + 1
	switch {
	case out.Result == reminders.Sent:
		if carries {
			at.Done++
		}
		ended := r.ended(out, parts, at)
		ended.Files = o.standing(next)
		return ended
	case out.Result == reminders.Refused && lasts(out.Reason):
		at.Kept = true
		return r.ended(reminders.Outcome{Result: reminders.Sent}, parts, at)
	}
	return r.ended(out, parts, at)
}

// lasts reports whether what the service refused concerns the file, and not the message:
// the text can still be corrected.
func lasts(reason string) bool {
	return reason != "edit_not_found" && reason != "not_editable" && reason != "no_rights"
}

// standing are the files that the messages show after a swap.
func (o Outgoing) standing(done swap) []reminders.File {
	files := slices.Clone(o.Stand)
	files[done.given] = done.file.File
	return files
}

// swap lets a message show another file. A picture that the service cannot show goes as a
// document, where it stands among such or alone, and an ID that it does not know any more
// is replaced by the bytes.
func (c *Client) swap(ctx context.Context, chat reminders.ChatID, message int, s step) reminders.Outcome {
	how := manner{pictures: s.files[0].Picture()}
	for {
		x, f := c.trySwap(ctx, chat, message, s, how)
		if f != nil && f.broken.Load() {
			return reminders.Outcome{Result: reminders.Refused, Reason: "no_file"}
		}
		out := c.judge(ctx, "editMessageMedia", x)
		switch {
		case out.Reason == "file_id" && !how.fresh:
			how.fresh = true
		case (out.Reason == "picture" || out.Reason == "album") && how.pictures:
			how = manner{fresh: true}
		case out.Result != reminders.Sent || out.Reason == "not_modified":
			return out
		default:
			out, _ = c.arrived(x, s, how, out)
			return out
		}
	}
}

// trySwap makes one call.
func (c *Client) trySwap(ctx context.Context, chat reminders.ChatID, message int, s step, how manner) (*exchange, *form) {
	a := s.files[0]
	media := item{Type: "document", Media: "attach://file0", Caption: s.html, AsItIs: true}
	if how.pictures {
		media.Type, media.AsItIs = "photo", false
	}
	if s.html != "" {
		media.ParseMode = string(models.ParseModeHTML)
	}
	names, uploads, timeout := []string{"file0"}, []Attachment{a}, fileTimeout
	if a.ID != "" && !how.fresh {
		media.Media, names, uploads, timeout = a.ID, nil, nil, callTimeout
	}
	fields := []field{{"chat_id", strconv.FormatInt(int64(chat), 10)}, {"message_id", strconv.Itoa(message)}, {"media", asJSON(media)}}
	if s.keys != nil {
		fields = append(fields, field{"reply_markup", asJSON(s.keys)})
	}
	f, err := newForm(fields, names, uploads)
	if err != nil {
		x := &exchange{}
		x.fail(err)
		return x, nil
	}
	return c.upload(ctx, "editMessageMedia", timeout, f), f
}

// asJSON writes what always has a form.
func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
