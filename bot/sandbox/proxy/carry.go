package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// answer is a whole answer, before it is spoiled on its way.
type answer struct {
	status int
	kind   string // its Content-Type
	body   []byte
}

// How a request ends without an answer; any other error is that of a context.
var (
	errCut   = errors.New("the connection is cut")
	errReset = errors.New("the connection is reset")
)

// carry does to a complete request what the rule says and gives the answer, whose
// way back is the caller's.
func (p *Proxy) carry(ctx context.Context, rule Rule, r *http.Request, body []byte) (answer, error) {
	switch {
	case rule.Kind == CutRequest:
		return answer{}, errCut
	case rule.Kind == ResetBefore:
		return answer{}, errReset
	case rule.Kind == Flood:
		return flood(rule.RetryAfter), nil
	case rule.Kind == Page && !rule.Forward:
		return page(rule.Status), nil
	case rule.Kind == Delay:
		if err := wait(ctx, rule.For); err != nil {
			return answer{}, err
		}
	}
	a, err := p.forward(ctx, r, body)
	if err != nil {
		return answer{}, err
	}
	switch rule.Kind {
	case ResetAfter:
		err = errReset
	case Swallow:
		<-ctx.Done()
		err = ctx.Err()
	case DelayAnswer:
		err = wait(ctx, rule.For)
	case Page:
		a = page(rule.Status)
	}
	return a, err
}

// forward hands the request on, once, and reads the whole answer. An upstream that
// does not answer is passed on as a cut.
func (p *Proxy) forward(ctx context.Context, r *http.Request, body []byte) (answer, error) {
	if err := ctx.Err(); err != nil {
		return answer{}, err
	}
	// The values of the context, above all the trace of the client, stay behind.
	inner, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	target := *p.base
	target.Path, target.RawPath, target.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
	out, err := http.NewRequestWithContext(inner, r.Method, target.String(), bytes.NewReader(body))
	if err != nil {
		return answer{}, errCut
	}
	if kind := r.Header.Get("Content-Type"); kind != "" {
		out.Header.Set("Content-Type", kind)
	}
	resp, err := p.upstream.Do(out)
	if err == nil {
		defer resp.Body.Close() //nolint:errcheck // read to its end or given up
		a := answer{status: resp.StatusCode, kind: resp.Header.Get("Content-Type")}
		if a.body, err = io.ReadAll(resp.Body); err == nil {
			return a, nil
		}
	}
	if ctx.Err() != nil {
		return answer{}, ctx.Err()
	}
	return answer{}, errCut
}

// page is what a gateway says when it cannot reach the service.
func page(status int) answer {
	if status == 0 {
		status = http.StatusBadGateway
	}
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return answer{status: status, kind: "text/html", body: fmt.Appendf(nil,
		"<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%[1]s</h1></center>\r\n</body>\r\n</html>\r\n", title)}
}

// flood is what the service says to a bot that sends too much; zero seconds leave
// the parameters out.
func flood(seconds int) answer {
	type parameters struct {
		RetryAfter int `json:"retry_after"`
	}
	e := struct {
		OK          bool        `json:"ok"`
		Code        int         `json:"error_code"`
		Description string      `json:"description"`
		Parameters  *parameters `json:"parameters,omitempty"`
	}{Code: http.StatusTooManyRequests, Description: "Too Many Requests"}
	if seconds > 0 {
		e.Description = fmt.Sprintf("Too Many Requests: retry after %d", seconds)
		e.Parameters = &parameters{seconds}
	}
	body, _ := json.Marshal(e) // numbers and texts always marshal
	return answer{status: e.Code, kind: "application/json", body: body}
}

// wait lets time pass, or less if ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
