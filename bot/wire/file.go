package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	telegram "github.com/go-telegram/bot"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// FileLimit is the size in bytes up to which the service hands a file to a bot.
const FileLimit = 20 << 20

// Download fetches a file that somebody sent. A file over limit bytes (at most
// FileLimit, which zero also means) is an Invalid error with a text for people;
// one that the service does not have any more is NotFound, a service that cannot
// be reached is Busy.
func (c *Client) Download(ctx context.Context, fileID string, limit int64) ([]byte, error) {
	const op = "wire.download"
	if limit <= 0 || limit > FileLimit {
		limit = FileLimit
	}
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.GetFile(ctx, &telegram.GetFileParams{FileID: fileID})
		return err
	})
	if x.clear && x.code() == http.StatusBadRequest {
		if strings.Contains(strings.ToLower(x.answer.Description), "too big") {
			return nil, reminders.Fail(reminders.Invalid, op, "wire.file.large", sizes(limit))
		}
		return nil, reminders.Fail(reminders.NotFound, op, "wire.file.gone", nil)
	}
	if err := x.problem(op); err != nil {
		return nil, err
	}
	var file struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	if err := x.result(&file); err != nil {
		return nil, reminders.Wrap(op, err)
	}
	if file.Size > limit {
		return nil, reminders.Fail(reminders.Invalid, op, "wire.file.large", sizes(limit))
	}
	return c.fetch(ctx, op, file.Path, limit)
}

// fetch reads the file at path of the service.
func (c *Client) fetch(ctx context.Context, op, path string, limit int64) ([]byte, error) {
	escaped, err := filePath(path)
	if err != nil {
		return nil, reminders.Wrap(op, err)
	}
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/file/bot"+c.token+"/"+escaped, nil)
	if err != nil {
		return nil, reminders.Wrap(op, c.record.plain(err))
	}
	resp, err := c.record.doer.Do(req)
	if err != nil {
		return nil, busy(op, c.record.plain(err))
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, reminders.Fail(reminders.NotFound, op, "wire.file.gone", nil)
	case resp.StatusCode != http.StatusOK:
		return nil, busy(op, errors.New("status "+http.StatusText(resp.StatusCode)))
	}
	content, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, busy(op, c.record.plain(err))
	}
	if int64(len(content)) > limit {
		return nil, reminders.Fail(reminders.Invalid, op, "wire.file.large", sizes(limit))
	}
	return content, nil
}

// filePath escapes a path of the service. An absolute path comes from a server
// in local mode, which keeps files on its own disk where we cannot read them.
func filePath(path string) (string, error) {
	if path == "" || strings.HasPrefix(path, "/") {
		return "", errors.New("the service gave no path to download from; run its server without --local")
	}
	steps := strings.Split(path, "/")
	for i, step := range steps {
		if step == "" || step == "." || step == ".." {
			return "", errors.New("the service gave a path that is none")
		}
		steps[i] = url.PathEscape(step)
	}
	return strings.Join(steps, "/"), nil
}

func sizes(limit int64) reminders.Args {
	return reminders.Args{"Megabytes": reminders.Number(int(limit >> 20))}
}

func busy(op string, err error) error {
	return &reminders.Error{
		Kind: reminders.Busy, Op: op, Message: reminders.Line("wire.unavailable", nil), Err: err,
	}
}
