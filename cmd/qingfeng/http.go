package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Deadlines of a request, and the age from which a poll is missed: the service
// answers each within a minute.
const (
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	pollAge    = 3 * time.Minute
)

// serveWeb answers on the web until ctx ends.
func (s *server) serveWeb(ctx context.Context) error {
	web := &http.Server{
		Handler: s.routes(), ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: readTime,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		ended <- web.Shutdown(closing)
	})
	if err := web.Serve(s.web); !errors.Is(err, http.ErrServerClosed) {
		stop()
		return err
	}
	return <-ended
}

// routes are the addresses of the service.
func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(newRegistry(s), promhttp.HandlerOpts{Timeout: readTime}))
	mux.HandleFunc("GET /calendar/{file}", s.takeCalendar)
	newAPI(s.office).mount(mux)
	if s.webhook != "" {
		mux.HandleFunc(webhookPath, s.takePost)
	}
	return mux
}

// healthz says that the process works and can read its store.
func (s *server) healthz(w http.ResponseWriter, r *http.Request) {
	err := s.office.store.View(r.Context(), func(tx reminders.Tx) error {
		_, err := s.office.store.LastAlive(tx)
		return err
	})
	answer(w, err == nil, "the store cannot be read")
}

// readyz says whether updates are received.
func (s *server) readyz(w http.ResponseWriter, _ *http.Request) {
	service := s.service.Load()
	switch {
	case service == nil || !service.ready.Load():
		answer(w, false, "starting: no updates yet")
	case service.draining.Load():
		answer(w, false, "stopping")
	case s.webhook == "" && time.Since(service.lastPoll()) > pollAge:
		answer(w, false, "no updates for some minutes: see the log")
	default:
		answer(w, true, "")
	}
}

// answer says ok, or what is the matter.
func answer(w http.ResponseWriter, well bool, matter string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !well {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, matter+"\n")
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}

// takePost takes an update that the chat service posts.
func (s *server) takePost(w http.ResponseWriter, r *http.Request) {
	service := s.service.Load()
	if service == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	wire.Webhook(s.secret, service.intake, service.draining.Load, service.guard.Redact).ServeHTTP(w, r)
}
