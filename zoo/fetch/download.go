package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/wholefile"
)

// finalError is one that another try of the same URL does not mend.
type finalError struct{ error }

func (e *finalError) Unwrap() error { return e.error }

// download brings f to path, from the first URL that has it.
func (g *getter) download(path string, f File) error {
	if why := g.barred(f); why != "" {
		return g.notFound(f, why)
	}
	var failures []string
	for _, url := range f.URLs {
		err := g.try(url, path, f)
		if err == nil {
			return nil
		}
		if g.ctx.Err() != nil {
			return errors.Wrapf(g.ctx.Err(), "%s", f.Name)
		}
		failures = append(failures, fmt.Sprintf("%s: %v", url, err))
	}
	if len(g.seen) > 0 {
		failures = append(failures, "looked at, but not used: "+strings.Join(g.seen, "; "))
	}
	return errors.Errorf("%s could not be downloaded: %s; PLEXAURA_MIRRORS may name a folder that has it", f.Name, strings.Join(failures, "; "))
}

// try downloads from one URL, several times if need be.
func (g *getter) try(url, path string, f File) (err error) {
	part := path + ".part"
	for i, pause := 0, g.cfg.pause; i < g.cfg.Tries; i, pause = i+1, 2*pause {
		if i > 0 {
			select {
			case <-g.ctx.Done():
				return g.ctx.Err()
			case <-time.After(pause):
			}
		}
		if err = g.receive(url, part, f); err == nil {
			if err = verify(g.ctx, part, f); err == nil {
				return finish(part, path)
			}
			os.Remove(part) // what it holds is wrong; the next try begins anew
			if strings.Contains(err.Error(), part) {
				err = errors.New(strings.Replace(err.Error(), part, "what came", 1))
			}
		}
		var final *finalError
		if errors.As(err, &final) || g.ctx.Err() != nil {
			break
		}
	}
	return err
}

// finish gives a whole file its name.
func finish(part, path string) error {
	if err := os.Rename(part, path); err != nil {
		return &finalError{cannotWrite(err)}
	}
	return wholefile.SyncParent(path)
}

// receive adds to the part what it lacks.
func (g *getter) receive(url, part string, f File) (err error) {
	ctx, cancel := context.WithCancelCause(g.ctx)
	defer cancel(nil)
	stall := time.AfterFunc(g.cfg.Stall, func() { cancel(errors.Errorf("the server sent nothing for %v", g.cfg.Stall)) })
	defer stall.Stop()

	out, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return &finalError{cannotWrite(err)}
	}
	defer func() {
		out.Close()
		if info, e := os.Stat(part); err != nil && e == nil && info.Size() == 0 { // nothing came
			os.Remove(part)
		}
	}()
	have, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return errors.WithStack(err)
	}
	switch {
	case f.unchecked(), f.Bytes > 0 && have > f.Bytes:
		have = 0 // nothing would tell whether two halves fit
	case f.Bytes > 0 && have == f.Bytes:
		return nil // it was cut off between the last byte and the checksum
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return &finalError{errors.WithStack(err)}
	}
	if have > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	request.Header.Set("Accept-Encoding", "identity") // the length and the ranges are those of the file
	response, err := g.cfg.Client.Do(request)
	if err != nil {
		return because(ctx, err)
	}
	defer response.Body.Close()
	have, total, err := start(response, have, f, g.cfg.Limit)
	if err != nil {
		if response.StatusCode == http.StatusRequestedRangeNotSatisfiable {
			out.Truncate(0) // the part is longer than the file
		}
		return err
	}
	if err := out.Truncate(have); err != nil {
		return errors.WithStack(err)
	}
	if _, err := out.Seek(have, io.SeekStart); err != nil {
		return errors.WithStack(err)
	}
	limit := total
	if limit == 0 {
		limit = g.cfg.Limit
	}
	body := &watched{Reader: io.LimitReader(response.Body, limit-have+1), done: have,
		told: func(done int64) { stall.Reset(g.cfg.Stall); g.cfg.Progress(f.Name, done, total) }}
	w := &writer{to: out}
	n, err := io.CopyBuffer(w, body, make([]byte, 256<<10))
	switch {
	case w.err != nil:
		return &finalError{cannotWrite(w.err)}
	case err != nil:
		return because(ctx, err)
	case have+n > limit:
		out.Truncate(0)
		return &finalError{errors.Errorf("it sends more than %d bytes", limit)}
	case total > 0 && have+n < total:
		return errors.Errorf("it ended after %d bytes of %d", have+n, total)
	}
	return errors.WithStack(out.Sync())
}

// because returns why a request failed: the stall, or err without the URL, which the caller names.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var request *url.Error
	if errors.As(err, &request) && request.Err != nil {
		err = request.Err
	}
	return errors.WithStack(err)
}

// start says at which byte the body of a response begins, and how long the whole file is, 0 where that
// is not known.
func start(r *http.Response, have int64, f File, limit int64) (from, total int64, err error) {
	length := r.ContentLength // -1 where it is not said
	switch {
	case r.StatusCode == http.StatusPartialContent:
		var first, last int64
		var size string
		if n, _ := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-%d/%s", &first, &last, &size); n < 3 || first != have {
			return 0, 0, errors.Errorf("it answers with the range %q; want the bytes from %d on", r.Header.Get("Content-Range"), have)
		}
		from, length = have, last+1
	case r.StatusCode == http.StatusOK:
	case r.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return 0, 0, errors.New("it has no more bytes than were there")
	case r.StatusCode == http.StatusTooManyRequests, r.StatusCode >= 500:
		return 0, 0, errors.Errorf("it answers %s", r.Status)
	default:
		return 0, 0, &finalError{errors.Errorf("it answers %s", r.Status)}
	}
	if f.Bytes > 0 {
		if length >= 0 && length != f.Bytes {
			return 0, 0, &finalError{errors.Errorf("it says that it has %d bytes; want %d", length, f.Bytes)}
		}
		return from, f.Bytes, nil
	}
	if length > limit {
		return 0, 0, &finalError{errors.Errorf("it says that it has %d bytes; want at most %d (Limit)", length, limit)}
	}
	return from, max(length, 0), nil
}

// watched tells of every read.
type watched struct {
	io.Reader
	done int64
	told func(done int64)
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if w.done += int64(n); n > 0 {
		w.told(w.done)
	}
	return n, err
}

// writer keeps the error of writing apart from that of reading.
type writer struct {
	to  io.Writer
	err error
}

func (w *writer) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	w.err = err
	return n, err
}
