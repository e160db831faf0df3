package fetch

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// config is one that waits little, and takes nothing from the environment.
func config(t *testing.T) Config {
	return Config{Cache: t.TempDir(), Mirrors: []string{}, Stall: 5 * time.Second, pause: time.Millisecond}
}

// want fetches, and compares what lies in the folder.
func want(t *testing.T, cfg Config, f File) string {
	t.Helper()
	folder, err := Fetch(context.Background(), "a/b", []File{f}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(folder, f.Name))
	if err != nil || !bytes.Equal(got, content) {
		t.Fatalf("the file has %d bytes, %v; want %d", len(got), err, len(content))
	}
	return folder
}

// fails fetches, and looks for a text in the error; the cache must not have the file then.
func fails(t *testing.T, cfg Config, f File, text string) {
	t.Helper()
	folder, err := Fetch(context.Background(), "a/b", []File{f}, cfg)
	if err == nil || !strings.Contains(err.Error(), text) || folder != "" {
		t.Errorf("%q, %v; want an error with %q", folder, err, text)
	}
	if _, err := os.Stat(filepath.Join(cfg.Cache, "a", "b", f.Name)); err == nil {
		t.Errorf("%s is in the cache", f.Name)
	}
}

func TestFetch(t *testing.T) {
	s, cfg := serve(t, nil), config(t)
	var last, calls int64
	cfg.Progress = func(name string, done, total int64) {
		calls++
		if name != "weights.bin" || done < last || total != int64(len(content)) {
			t.Errorf("%s: %d after %d, of %d", name, done, last, total)
		}
		last = done
	}
	folder := want(t, cfg, file(s.URL))
	if folder != filepath.Join(cfg.Cache, "a", "b") || last != int64(len(content)) || calls == 0 {
		t.Errorf("%s, %d bytes in %d calls", folder, last, calls)
	}
	want(t, cfg, file(s.URL)) // from the cache
	if len(s.requests) != 1 {
		t.Errorf("%d requests; want 1", len(s.requests))
	}
}

// Each connection breaks after half of what is left; the next goes on from there.
func TestResume(t *testing.T) {
	s := serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool {
		if i < 3 {
			cut(w, r)
		}
		return false
	})
	want(t, config(t), file(s.URL))
	if len(s.requests) != 4 || s.requests[0] != "" || slices.Contains(s.requests[1:], "") {
		t.Errorf("ranges %q; want none, then three", s.requests)
	}
}

// A download that was given up goes on the next time.
func TestResumeLater(t *testing.T) {
	s := serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool {
		if i == 0 {
			cut(w, r)
		}
		return false
	})
	cfg := config(t)
	cfg.Tries = 1
	fails(t, cfg, file(s.URL), "unexpected EOF")
	want(t, cfg, file(s.URL))
	if len(s.requests) != 2 || s.requests[1] == "" {
		t.Errorf("ranges %q; want none, then one", s.requests)
	}
}

func TestBadServers(t *testing.T) {
	lies := func(i int, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Length", "5")
		w.Write([]byte("12345"))
		return true
	}
	for name, c := range map[string]struct {
		answer func(i int, w http.ResponseWriter, r *http.Request) bool
		bytes  int64 // 0 for the right number
		text   string
		asked  int
	}{
		"no such file": {func(i int, w http.ResponseWriter, r *http.Request) bool { http.NotFound(w, r); return true }, 0, "404", 1},
		"busy": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			http.Error(w, "", http.StatusServiceUnavailable)
			return true
		}, 0, "503", 3},
		"length": {lies, 0, "says that it has 5 bytes; want", 1},
		"wrong bytes": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			w.Write(bytes.Repeat([]byte("x"), len(content)))
			return true
		}, 0, "what came has the SHA-256", 3},
		"no end": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			for i := 0; i < 100; i++ {
				w.Write(content)
				w.(http.Flusher).Flush()
			}
			return true
		}, 0, "sends more than", 1},
		"no end, length not known": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			for i := 0; i < 100; i++ {
				w.Write(content)
				w.(http.Flusher).Flush()
			}
			return true
		}, -1, "sends more than 2000000 bytes", 1},
		"too long": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Length", "3000000")
			return true
		}, -1, "want at most 2000000 (Limit)", 1},
		"stalls": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Length", "1000")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return true
		}, -1, "sent nothing for", 3},
		"other scheme": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "https"+strings.TrimPrefix("http://"+r.Host, "http"), http.StatusFound)
			return true
		}, 0, "redirects from http to https", 1},
		"file scheme": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
			return true
		}, 0, "redirects from http to file", 1},
		"round and round": {func(i int, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "/again", http.StatusFound)
			return true
		}, 0, "redirects ten times", 10},
	} {
		t.Run(name, func(t *testing.T) {
			s, cfg := serve(t, c.answer), config(t)
			cfg.Tries, cfg.Limit, cfg.Stall = 3, 2000000, 100*time.Millisecond
			f := file(s.URL)
			if c.bytes < 0 {
				f.Bytes = 0
			}
			fails(t, cfg, f, c.text)
			if len(s.requests) != c.asked {
				t.Errorf("%d requests; want %d", len(s.requests), c.asked)
			}
			s.answer = nil // it recovers, and so does the cache
			want(t, cfg, file(s.URL))
		})
	}
}

func TestOddRanges(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter, r *http.Request){
		"ranges are not known": func(w http.ResponseWriter, r *http.Request) { w.Write(content) },
		"another range": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				w.Write(content)
				return
			}
			w.Header().Set("Content-Range", "bytes 0-9/10")
			w.WriteHeader(http.StatusPartialContent)
			w.Write(content[:10])
		},
		"the part is too long": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				w.Write(content)
				return
			}
			http.Error(w, "", http.StatusRequestedRangeNotSatisfiable)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool {
				if i == 0 {
					cut(w, r)
				}
				answer(w, r)
				return true
			})
			cfg := config(t)
			f := file(s.URL)
			if name == "another range" { // it never gives what is asked for: the part stays, and the error says so
				fails(t, cfg, f, `answers with the range "bytes 0-9/10"`)
				return
			}
			want(t, cfg, f)
		})
	}
}

// What is in the cache and not right is replaced, and named where it cannot be.
func TestDamaged(t *testing.T) {
	s, cfg := serve(t, nil), config(t)
	folder := want(t, cfg, file(s.URL))
	path := filepath.Join(folder, "weights.bin")
	damaged := bytes.Clone(content)
	damaged[1000] ^= 1
	if err := os.WriteFile(path, damaged, 0o666); err != nil {
		t.Fatal(err)
	}
	offline := cfg
	offline.Offline = true
	_, err := Fetch(context.Background(), "a/b", []File{file(s.URL)}, offline)
	if err == nil || !strings.Contains(err.Error(), "has the SHA-256") || !strings.Contains(err.Error(), "nothing is downloaded offline") {
		t.Error(err)
	}
	if err := os.WriteFile(path+".part", damaged[:5000], 0o666); err != nil { // and half of the wrong file
		t.Fatal(err)
	}
	want(t, cfg, file(s.URL))
	if got := s.requests; len(got) != 3 || got[1] != "bytes=5000-" || got[2] != "" {
		t.Errorf("ranges %q", got)
	}
}

func TestMirror(t *testing.T) {
	cfg := config(t)
	cfg.Offline = true
	mirror := t.TempDir()
	cfg.Mirrors = []string{filepath.Join(mirror, "none"), mirror}
	fails(t, cfg, file("http://example.org"), "is not in")
	for _, folder := range []string{filepath.Join(mirror, "a", "b"), mirror} {
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "weights.bin")
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
		if got := want(t, cfg, file("http://example.org")); got != folder {
			t.Errorf("got %s; want %s", got, folder)
		}
		os.Remove(path)
	}
	if entries, _ := os.ReadDir(filepath.Join(cfg.Cache, "a", "b")); len(entries) > 1 { // the lock
		t.Errorf("the cache holds %v", entries)
	}
}

func TestSecondURL(t *testing.T) {
	bad := serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool { http.NotFound(w, r); return true })
	good := serve(t, nil)
	f := file(bad.URL)
	f.URLs = append(f.URLs, good.URL)
	want(t, config(t), f)
}

func TestEnvironment(t *testing.T) {
	s := serve(t, nil)
	cache := t.TempDir()
	t.Setenv("PLEXAURA_CACHE", cache)
	t.Setenv("PLEXAURA_MIRRORS", "")
	t.Setenv("PLEXAURA_OFFLINE", "1")
	if _, err := Fetch(context.Background(), "a/b", []File{file(s.URL)}, Config{}); err == nil || !strings.Contains(err.Error(), "offline") {
		t.Error(err)
	}
	t.Setenv("PLEXAURA_OFFLINE", "")
	if got := want(t, Config{}, file(s.URL)); !strings.HasPrefix(got, cache) {
		t.Error(got)
	}
}

// Many fetch at once: the file is downloaded once.
func TestAtOnce(t *testing.T) {
	s, cfg := serve(t, nil), config(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := Fetch(context.Background(), "a/b", []File{file(s.URL)}, cfg); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if len(s.requests) != 1 {
		t.Errorf("%d requests; want 1", len(s.requests))
	}
}

func TestCancel(t *testing.T) {
	started := make(chan bool, 1)
	s := serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Length", "2000000")
		w.Write(content[:1000])
		w.(http.Flusher).Flush()
		started <- true
		<-r.Context().Done()
		return true
	})
	cfg := config(t)
	f := file(s.URL)
	f.Bytes = 0
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-started; cancel() }()
	if _, err := Fetch(ctx, "a/b", []File{f}, cfg); err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Error(err)
	}
	if _, err := Fetch(ctx, "a/b", []File{f}, cfg); err == nil { // while the context is over
		t.Error("no error")
	}
	unlock, err := lock(context.Background(), filepath.Join(cfg.Cache, "a", "b", ".lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	short, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := Fetch(short, "a/b", []File{f}, cfg); err == nil || !strings.Contains(err.Error(), "waiting for another process") {
		t.Error(err)
	}
}

func TestUnwritable(t *testing.T) {
	s, cfg := serve(t, nil), config(t)
	if err := os.WriteFile(filepath.Join(cfg.Cache, "a"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	fails(t, cfg, file(s.URL), "PLEXAURA_CACHE names another")
}

func TestDescriptions(t *testing.T) {
	good := file("https://example.org/x")
	for text, change := range map[string]func(f *File){
		"name of a file in a folder":   func(f *File) { f.Name = "../x" },
		"hexadecimal digits of a SHA":  func(f *File) { f.SHA256 = "abc" },
		"hexadecimal digits of an MD5": func(f *File) { f.MD5 = "abcdefgh" },
		"no checksum":                  func(f *File) { f.SHA256 = "" },
		"-1 bytes":                     func(f *File) { f.Bytes = -1 },
		"not a URL":                    func(f *File) { f.URLs = []string{"ftp://example.org/x"} },
		"member":                       func(f *File) { f.Members = []string{"../../x"} },
		"of its own":                   func(f *File) { f.Members = []string{"a/x", "b/x"} },
	} {
		f := good
		change(&f)
		fails(t, config(t), f, text)
	}
	if _, err := Fetch(context.Background(), "../x", []File{good}, config(t)); err == nil {
		t.Error("no error for a path that leaves the cache")
	}
	if _, err := Fetch(context.Background(), "x", nil, config(t)); err == nil {
		t.Error("no error for no files")
	}
}

func TestChecksums(t *testing.T) {
	s := serve(t, nil)
	f := file(s.URL)
	f.SHA256 = strings.ToUpper(f.SHA256[:8])
	want(t, config(t), f)
	f.SHA256, f.MD5 = "", "00000000000000000000000000000000"
	fails(t, config(t), f, "MD5")
	f.MD5 = ""
	cfg := config(t)
	cfg.Unchecked = true
	want(t, cfg, f)
}
