package proxy

import (
	"bytes"
	"encoding/binary"
	"io"
	"sync"

	"golang.org/x/net/http2"
)

// frameHead is the length of the head of an HTTP/2 frame, in bytes.
const frameHead = 9

// frames is a link that speaks HTTP/2 (RFC 9113). It watches where frames begin
// and end, so that it can put a GOAWAY between two frames of the server and keep
// from the server what the client is told was not looked at.
type frames struct {
	*link
	refuse func(before int) bool // whether the connection ends before the next request

	// Read by the one goroutine that reads.
	pending  []byte // read from the client, not yet by the server
	greeted  bool   // the preface has passed
	requests int
	last     uint32 // stream of the newest request
	away     bool   // streams after last are dropped

	mu     sync.Mutex // guards the rest, and is held while writing
	begun  bool       // the server has written something
	head   []byte     // the beginning of a frame whose head is not complete
	rest   int        // bytes of the current frame that are still to come
	goAway []byte     // a frame that waits for the end of the current one
}

// Read gives the server the frames that it may see.
func (f *frames) Read(p []byte) (int, error) {
	for len(f.pending) == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, f.pending)
	f.pending = f.pending[n:]
	return n, nil
}

// next reads the preface, or one frame.
func (f *frames) next() error {
	if !f.greeted {
		f.pending = make([]byte, len(http2.ClientPreface))
		f.greeted = true
		_, err := io.ReadFull(f.link, f.pending)
		return err
	}
	frame := make([]byte, frameHead, 512)
	if _, err := io.ReadFull(f.link, frame); err != nil {
		return err
	}
	length, stream := frameLength(frame), binary.BigEndian.Uint32(frame[5:])&(1<<31-1)
	frame = append(frame, make([]byte, length)...)
	if _, err := io.ReadFull(f.link, frame[frameHead:]); err != nil {
		return err
	}
	if http2.FrameType(frame[3]) == http2.FrameHeaders && stream > f.last && !f.away {
		if f.away = f.refuse(f.requests); f.away {
			f.say(f.last)
		} else {
			f.requests++
			f.last = stream
		}
	}
	if !f.away || stream <= f.last {
		f.pending = frame
	}
	return nil
}

func frameLength(head []byte) int {
	return int(head[0])<<16 | int(head[1])<<8 | int(head[2])
}

// say tells the client that no stream after last was looked at, as soon as the
// server is between two frames.
func (f *frames) say(last uint32) {
	var b bytes.Buffer
	_ = http2.NewFramer(&b, nil).WriteGoAway(last, http2.ErrCodeNo, nil) // a buffer takes all
	f.mu.Lock()
	defer f.mu.Unlock()
	f.goAway = b.Bytes()
	f.flush()
}

// Write writes for the server and notes where its frames end.
func (f *frames) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.link.Write(p)
	f.follow(p[:n])
	f.flush()
	return n, err
}

// flush writes a waiting GOAWAY between two frames; the first frame of a
// connection is never ours. A link that is broken needs none.
func (f *frames) flush() {
	if f.goAway != nil && f.begun && f.rest == 0 && len(f.head) == 0 {
		_, _ = f.link.Write(f.goAway)
		f.goAway = nil
	}
}

func (f *frames) follow(p []byte) {
	for len(p) > 0 {
		f.begun = true
		if f.rest > 0 {
			n := min(f.rest, len(p))
			f.rest, p = f.rest-n, p[n:]
			continue
		}
		n := min(frameHead-len(f.head), len(p))
		f.head, p = append(f.head, p[:n]...), p[n:]
		if len(f.head) == frameHead {
			f.rest, f.head = frameLength(f.head), f.head[:0]
		}
	}
}
