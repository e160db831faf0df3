package zoo

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/plexaura/plexaura/zoo/fetch"
)

// TestMain loads, in a process of its own, what the environment says.
func TestMain(m *testing.M) {
	url := os.Getenv("ZOO_TEST_URL")
	if url == "" {
		os.Exit(m.Run())
	}
	if limit, err := strconv.ParseUint(os.Getenv("ZOO_TEST_FULL"), 10, 64); err == nil { // a file system that is full
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			panic(err)
		}
	}
	n, err := newPretrainedNet(pretrainedName, Config{}, []fetch.File{{Name: "weights.pth", URLs: []string{url}, SHA256: os.Getenv("ZOO_TEST_SHA256")}})
	if err == nil {
		err = n.Load(context.Background(), n.sess)
	}
	if err != nil {
		fmt.Print(err)
		os.Exit(1)
	}
	value, err := n.sess.Value(n.byName()["conv1/kernel"])
	if err != nil {
		panic(err)
	}
	fmt.Print(fingerprint(value.Data().([]float32)))
	os.Exit(0)
}

// weightsServer has a state dict, slowly, and counts who asks for it.
type weightsServer struct {
	*httptest.Server
	content  []byte
	requests atomic.Int32
	want     string // of a process that has loaded it
}

func serveWeights(t *testing.T) *weightsServer {
	t.Helper()
	l := namesOf(t, Torchvision, "SqueezeNet 1.1", 0)
	s := &weightsServer{content: stateDict(t, l, random), want: fmt.Sprint(fingerprint(random(0, l.tensors[0].Shape)))}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		time.Sleep(200 * time.Millisecond)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.content))
	}))
	t.Cleanup(s.Close)
	return s
}

// load loads in a process of its own, with a cache, and returns what that prints.
func (s *weightsServer) load(cache string, environment ...string) (string, error) {
	c := exec.Command(os.Args[0])
	c.Env = append(append(os.Environ(), "ZOO_TEST_URL="+s.URL, "ZOO_TEST_SHA256="+sumOf(s.content), "PLEXAURA_CACHE="+cache), environment...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// Processes that load the same entry at once download it once, and all have it.
func TestLoadProcesses(t *testing.T) {
	s, cache := serveWeights(t), t.TempDir()
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if out, err := s.load(cache); err != nil || out != s.want {
				t.Errorf("got %s, %v; want %s", out, err, s.want)
			}
		}()
	}
	wg.Wait()
	if n := s.requests.Load(); n != 1 {
		t.Errorf("%d requests; want 1", n)
	}
}

// Where the disk is full, what came stays, and the next process goes on.
func TestLoadFullDisk(t *testing.T) {
	s, cache := serveWeights(t), t.TempDir()
	const limit = 1 << 20
	out, err := s.load(cache, fmt.Sprint("ZOO_TEST_FULL=", limit))
	if err == nil || !strings.Contains(out, "the cache cannot be written") {
		t.Errorf("got %s, %v", out, err)
	}
	parts, err := filepath.Glob(filepath.Join(cache, pretrainedName, "*.part"))
	if err != nil || len(parts) != 1 {
		t.Fatalf("the cache has the parts %v, %v", parts, err)
	}
	if info, err := os.Stat(parts[0]); err != nil || info.Size() != limit {
		t.Errorf("the part has %d bytes, %v", info.Size(), err)
	}
	if out, err := s.load(cache); err != nil || out != s.want {
		t.Errorf("got %s, %v; want %s", out, err, s.want)
	}
}
