package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// server serves one file, badly if told so.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string // the ranges that were asked for
	// answer, if there is one, answers request number i in place of the file; it returns false to leave that
	// to the server.
	answer func(i int, w http.ResponseWriter, r *http.Request) bool
}

var content = []byte(strings.Repeat("the weights of a network; ", 40000))

func file(url string) File {
	sum := sha256.Sum256(content)
	return File{Name: "weights.bin", URLs: []string{url}, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

func serve(t *testing.T, answer func(i int, w http.ResponseWriter, r *http.Request) bool) *server {
	t.Helper()
	s := &server{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		i := len(s.requests)
		s.requests = append(s.requests, r.Header.Get("Range"))
		s.mu.Unlock()
		if s.answer != nil && s.answer(i, w, r) {
			return
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(content)))
	}))
	t.Cleanup(s.Close)
	return s
}

// cut sends half of what was asked for, and breaks the connection.
func cut(w http.ResponseWriter, r *http.Request) {
	from := 0
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
	rest := content[from:]
	w.Header().Set("Content-Length", fmt.Sprint(len(rest)))
	if from > 0 {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
		w.WriteHeader(http.StatusPartialContent)
	}
	w.Write(rest[:len(rest)/2])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}
