package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// secretHeader carries the secret token to the webhook.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// The pauses after a failed delivery, in real time: doubled from the first to the
// longest.
const (
	firstPause   = time.Second
	longestPause = time.Minute
)

// webhook is where updates are delivered.
type webhook struct {
	url         string // empty: nowhere
	secret      string
	connections int
	failedAt    time.Time
	failure     string
	cancel      context.CancelFunc
	gone        chan struct{} // closed when the last courier has ended; nil: there was none
}

// setWebhook begins delivery to an address, or ends it if the address is empty.
func (s *Server) setWebhook(c *call) (any, error) {
	if c.values["url"] == "" {
		return s.deleteWebhook(c)
	}
	if err := checkWebhook(c.values["url"], c.values["secret_token"]); err != nil {
		return nil, err
	}
	if err := s.allow(c); err != nil {
		return nil, err
	}
	s.abort("terminated by setWebhook request")
	s.dropPending(c)
	connections := c.number("max_connections")
	if connections < 1 || connections > 100 {
		connections = 40
	}
	s.endDelivery()
	s.webhook = webhook{
		url: c.values["url"], secret: c.values["secret_token"], connections: connections, gone: s.webhook.gone,
	}
	s.deliver()
	return described{true, "Webhook was set"}, nil
}

// checkWebhook wants https, except on this machine, where the real service cannot
// deliver at all.
func checkWebhook(address, secret string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return badRequest("bad webhook: invalid webhook URL specified")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if len(secret) > 256 {
		return badRequest("secret token is too long")
	}
	if strings.Trim(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		return badRequest("secret token contains unallowed characters")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s *Server) deleteWebhook(c *call) (any, error) {
	s.dropPending(c)
	if s.webhook.url == "" {
		return described{true, "Webhook is already deleted"}, nil
	}
	s.endDelivery()
	s.webhook = webhook{gone: s.webhook.gone}
	return described{true, "Webhook was deleted"}, nil
}

func (s *Server) dropPending(c *call) {
	if c.flag("drop_pending_updates") {
		s.updates.waiting = nil
	}
}

func (s *Server) getWebhookInfo(*call) (any, error) {
	s.updates.expire(s.now())
	return wireWebhookInfo{
		URL: s.webhook.url, PendingUpdateCount: len(s.updates.waiting), MaxConnections: s.webhook.connections,
		LastErrorDate: unix(s.webhook.failedAt), LastErrorMessage: s.webhook.failure,
		AllowedUpdates: s.updates.allowed,
	}, nil
}

func (s *Server) endDelivery() {
	if s.webhook.cancel != nil {
		s.webhook.cancel()
	}
}

// deliver starts a courier, which begins when the one before it has ended, so that
// updates stay in order.
func (s *Server) deliver() {
	ctx, cancel := context.WithCancel(s.stopped)
	before, gone := s.webhook.gone, make(chan struct{})
	s.webhook.cancel, s.webhook.gone = cancel, gone
	address, secret := s.webhook.url, s.webhook.secret
	s.couriers.Go(func() {
		defer close(gone)
		defer cancel()
		if before != nil {
			<-before
		}
		s.courier(ctx, address, secret)
	})
}

// courier delivers the updates one after the other, each until it is accepted.
func (s *Server) courier(ctx context.Context, address, secret string) {
	pause := firstPause
	for ctx.Err() == nil {
		u, arrived := s.front()
		if u == nil {
			select {
			case <-arrived:
			case <-ctx.Done():
			}
			continue
		}
		err := s.post(ctx, address, secret, u.raw)
		if err == nil {
			s.delivered(u)
			pause = firstPause
			continue
		}
		s.undelivered(ctx, err)
		if wait(ctx, pause) == nil {
			pause = min(2*pause, longestPause)
		}
	}
}

// front gives the oldest update, or what to wait for if there is none.
func (s *Server) front() (*update, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.expire(s.now())
	if len(s.updates.waiting) == 0 {
		return nil, s.updates.arrived
	}
	u := s.updates.waiting[0]
	return &u, nil
}

func (s *Server) delivered(u *update) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.updates.waiting; len(w) > 0 && w[0].id == u.id {
		s.updates.waiting = w[1:]
	}
}

func (s *Server) undelivered(ctx context.Context, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() == nil {
		s.webhook.failedAt, s.webhook.failure = s.now(), err.Error()
	}
}

// post delivers one update; an error says why it was not accepted.
func (s *Server) post(ctx context.Context, address, secret string, raw []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", jsonType)
	if secret != "" {
		req.Header.Set(secretHeader, secret)
	}
	resp, err := s.carrier.Do(req)
	if err != nil {
		return fmt.Errorf("Connection failed: %w", err) //nolint:staticcheck // shown by getWebhookInfo
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)) // so that the connection can be used again
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("Wrong response from the webhook: %s", resp.Status) //nolint:staticcheck // the service's words
	}
	return nil
}
