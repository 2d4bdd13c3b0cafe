package wire

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
)

// webhookLimit is the size in bytes that one posted update may have.
const webhookLimit = 1 << 20

// secretHeader carries the secret that SetWebhook gave to the service.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Webhook receives updates that the service posts. It answers 200 only after the
// inbox has committed the update, so that the service repeats everything else:
// 405 for other methods than POST, 401 without the right secret, 503 while
// draining reports true or if the inbox cannot write, 413 for more than 1 MiB,
// 400 for a body that is no update. An empty secret lets nobody in.
func Webhook(secret string, inbox Inbox, draining func() bool, guard Guard) http.Handler {
	return &webhook{secret: sha256.Sum256([]byte(secret)), open: secret != "", inbox: inbox, draining: draining, guard: guard}
}

type webhook struct {
	secret   [sha256.Size]byte
	open     bool
	inbox    Inbox
	draining func() bool
	guard    Guard
}

// ServeHTTP takes one update.
func (h *webhook) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	status := h.take(w, req)
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(status)
}

func (h *webhook) take(w http.ResponseWriter, req *http.Request) int {
	if req.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	// Hashes have one length, so the comparison says nothing about the secret's.
	given := sha256.Sum256([]byte(req.Header.Get(secretHeader)))
	if subtle.ConstantTimeCompare(given[:], h.secret[:]) != 1 || !h.open {
		return http.StatusUnauthorized
	}
	if h.draining != nil && h.draining() {
		return http.StatusServiceUnavailable
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, webhookLimit))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return http.StatusBadRequest
	}
	raw, _, err := receive(body, h.guard)
	if err != nil {
		return http.StatusBadRequest
	}
	if err := h.inbox.Accept(req.Context(), []Raw{raw}, 0); err != nil {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}
