package page_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// serve puts the page on an address of this machine.
func serve(t *testing.T, f *fixture) string {
	t.Helper()
	srv := httptest.NewServer(f.page)
	t.Cleanup(func() {
		srv.CloseClientConnections() // the streams of changes never end by themselves
		srv.Close()
	})
	return srv.URL
}

// breakable is a server of the page whose stream of changes can be cut.
type breakable struct {
	*httptest.Server
	mu     sync.Mutex
	broken bool
}

func newBreakable(t *testing.T, f *fixture) *breakable {
	t.Helper()
	s := &breakable{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		broken := s.broken
		s.mu.Unlock()
		if broken {
			panic(http.ErrAbortHandler) // cuts the connection
		}
		f.page.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func (s *breakable) set(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

// breakOff cuts all connections and lets no new one through.
func (s *breakable) breakOff() {
	s.set(true)
	s.CloseClientConnections()
}

// mend lets connections through again.
func (s *breakable) mend() { s.set(false) }
