package fetch

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain fetches, in a process of its own, what the environment says.
func TestMain(m *testing.M) {
	url := os.Getenv("FETCH_TEST_URL")
	if url == "" {
		os.Exit(m.Run())
	}
	if limit, err := strconv.ParseUint(os.Getenv("FETCH_TEST_FULL"), 10, 64); err == nil { // a file system that is full
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			panic(err)
		}
	}
	if _, err := Fetch(context.Background(), "a/b", []File{file(url)}, Config{Mirrors: []string{}, pause: time.Millisecond}); err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(0)
}

func process(url, cache string, environment ...string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(append(os.Environ(), "FETCH_TEST_URL="+url, "PLEXAURA_CACHE="+cache), environment...)
	return c
}

// Several processes fetch at once: the file is downloaded once.
func TestProcesses(t *testing.T) {
	s := serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool {
		time.Sleep(200 * time.Millisecond)
		return false
	})
	cache := t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if out, err := process(s.URL, cache).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		}()
	}
	wg.Wait()
	if len(s.requests) != 1 {
		t.Errorf("%d requests; want 1", len(s.requests))
	}
}

// A process is killed while it downloads: the next goes on, and its lock is free.
func TestKilled(t *testing.T) {
	half := make(chan bool, 1)
	s := serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool {
		if i > 0 {
			return false
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		w.Write(content[:len(content)/2])
		w.(http.Flusher).Flush()
		time.Sleep(200 * time.Millisecond) // until it has written them
		half <- true
		<-r.Context().Done()
		return true
	})
	cfg := config(t)
	c := process(s.URL, cfg.Cache)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	<-half
	c.Process.Kill()
	c.Wait()
	want(t, cfg, file(s.URL))
	if len(s.requests) != 2 || s.requests[1] == "" {
		t.Errorf("ranges %q; want none, then one", s.requests)
	}
}

func TestFull(t *testing.T) {
	s, cfg := serve(t, nil), config(t)
	out, err := process(s.URL, cfg.Cache, "FETCH_TEST_FULL=300000").CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("the cache cannot be written")) || !strings.Contains(string(out), "file too large") {
		t.Errorf("%v: %s", err, out)
	}
	want(t, cfg, file(s.URL)) // what came before goes on
	if len(s.requests) != 2 || s.requests[1] != "bytes=300000-" {
		t.Errorf("ranges %q", s.requests)
	}
}
