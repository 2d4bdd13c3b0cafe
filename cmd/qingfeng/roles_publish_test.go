package main

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// The part of the table that is about publishing. PUBLICATION stands for a draft that
// waits for a decision, SENT for what was sent; whether it is theirs, or still to be
// decided, is for the domain to say, with a text of its own.

var publishCommandRoles = []commandRole{
	{"/notice", "staff head"},
	{"/export", overseers},
}

var publishButtonRoles = []buttonRole{
	{"page", "n-list", "staff head"},
	{"page", "n-new", "staff head"},
	{"page", "n-begin.announcement", "staff head"},
	{"page", "n-dropped.0", "staff head"},
	{"page", "n-to.PUBLICATION", "staff head"},
	{"page", "n-re.PUBLICATION", "staff head"},
	{"page", "n-v.PUBLICATION", "staff head"},
	{"open", "n-v.PUBLICATION", "staff head"},
	{"open", "n-pre.PUBLICATION", "staff head"},
	{"page", "n-c.PUBLICATION", "staff head"},
	{"page", "n-a.PUBLICATION", "staff head"},
	{"page", "n-go.PUBLICATION", "staff head"},
	{"page", "n-x.PUBLICATION", "staff head"},
	{"cancel", "notice.PUBLICATION", enrolled},
	{"override", "n-PUBLICATION.00000000", "head"},
	{"reject", "n-PUBLICATION.00000000", "staff head"},
	{"approve", "n-PUBLICATION.00000000", "staff head"},
	{"correct", "SENT", "staff head"},
	{"page", "n-kg.SENT", "staff head"},
	{"chase", "n-SENT", "staff head"},
	{"withdraw", "SENT", "staff head"},
	{"withdraw", "sure.SENT", "staff head"},
	{"open", "export-messages", overseers},
	{"open", "export-n.SENT", overseers},
	{"open", "export-c.SENT", overseers},
	{"page", "n-r.SENT.k.0", "staff head"},
	{"ack", "preview", enrolled},
}

// publicationsOfRoles makes a draft that waits for a decision, and one that was sent.
func (s *scene) publicationsOfRoles() (waiting, sent string) {
	s.t.Helper()
	draft := notice.Publication{
		Kind: notice.Announcement, Lead: reminders.Chinese, Audience: reminders.Audience{People: []reminders.PersonID{"P2"}},
		Expects: notice.ExpectPerPerson, Workdays: 5, Urgent: "样例理由", // it waits for no budget
		Bodies: map[reminders.Language]notice.Body{reminders.Chinese: {Title: "样例公告", Text: "请核对。"}},
	}
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		one, err := s.live.press.Receive(tx, draft, "S3")
		if err != nil {
			return err
		}
		other, err := s.live.press.Receive(tx, draft, "S3")
		if err != nil {
			return err
		}
		waiting, sent = one.Handle(), other.Handle()
		_, err = s.live.press.Decide(tx, sent, true, "", "S4", false)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for range 12 { // until the message that follows the sending has ended
		s.settle()
	}
	return waiting, sent
}

// seen is what a person can read in the chat.
func (s *scene) seen(id reminders.PersonID) []string {
	s.t.Helper()
	var texts []string
	for _, m := range s.phone(id).Messages() {
		texts = append(texts, m.Text)
	}
	return texts
}
