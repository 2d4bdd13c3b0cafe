package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// refusal is an answer of the service that is not ok.
type refusal struct {
	code        int
	description string
	retryAfter  int
	migrateTo   int64
}

// Error gives the description that the client reads.
func (r *refusal) Error() string { return r.description }

func badRequest(format string, args ...any) error {
	return &refusal{code: http.StatusBadRequest, description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(text string) error {
	return &refusal{code: http.StatusForbidden, description: "Forbidden: " + text}
}

func conflict(text string) error {
	return &refusal{code: http.StatusConflict, description: "Conflict: " + text}
}

func tooMany(seconds int) *refusal {
	return &refusal{
		code:        http.StatusTooManyRequests,
		description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		retryAfter:  seconds,
	}
}

func notFound(text string) error {
	return &refusal{code: http.StatusNotFound, description: text}
}

var (
	errUnauthorized = &refusal{code: http.StatusUnauthorized, description: "Unauthorized"}
	errTooLarge     = &refusal{code: http.StatusRequestEntityTooLarge, description: "Request Entity Too Large"}
	errChatNotFound = badRequest("chat not found")
)

// envelope is the shape of every answer.
type envelope struct {
	OK          bool        `json:"ok"`
	Result      any         `json:"result,omitempty"`
	ErrorCode   int         `json:"error_code,omitempty"`
	Description string      `json:"description,omitempty"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

type parameters struct {
	MigrateToChatID int64 `json:"migrate_to_chat_id,omitempty"`
	RetryAfter      int   `json:"retry_after,omitempty"`
}

// described is a result that comes with a description.
type described struct {
	result      any
	description string
}

// answer is a response before it is written.
type answer struct {
	status      int
	description string
	kind        string // content type
	body        []byte
}

const jsonType = "application/json"

func accept(result any) answer {
	e := envelope{OK: true, Result: result}
	if d, ok := result.(described); ok {
		e.Result, e.Description = d.result, d.description
	}
	return encode(http.StatusOK, e)
}

// refuse turns a refusal into its answer; any other error is not one of ours
// and stays an error, since then the connection has ended.
func refuse(err error) (answer, error) {
	var r *refusal
	if !errors.As(err, &r) {
		return answer{}, err
	}
	e := envelope{ErrorCode: r.code, Description: r.description}
	if r.retryAfter > 0 || r.migrateTo != 0 {
		e.Parameters = &parameters{MigrateToChatID: r.migrateTo, RetryAfter: r.retryAfter}
	}
	return encode(r.code, e), nil
}

func encode(status int, e envelope) answer {
	return answer{status: status, description: e.Description, kind: jsonType, body: mustJSON(e)}
}

// mustJSON encodes one of our own types, which cannot fail.
func mustJSON(value any) json.RawMessage {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("sandbox: encode %T: %v", value, err))
	}
	return raw
}
