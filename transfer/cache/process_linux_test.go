package cache_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/cache"
)

// TestMain caches, in a process of its own, where the environment says.
func TestMain(m *testing.M) {
	path := os.Getenv("CACHE_TEST_PATH")
	if path == "" {
		os.Exit(m.Run())
	}
	if os.Getenv("CACHE_TEST_MOUNT") != "" {
		if err := fillUp(path); err != nil {
			fmt.Print(err)
		}
		os.Exit(0)
	}
	if limit, err := strconv.ParseUint(os.Getenv("CACHE_TEST_FULL"), 10, 64); err == nil { // a file system that is full
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			panic(err)
		}
	}
	t := &testing.T{}
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	a, err := cache.Open(context.Background(), n.sess, cache.Config{Nodes: n.features, X: n.x, Source: set, Path: path, BatchSize: 10, Progress: func(done, _ int) {
		if strconv.Itoa(done) == os.Getenv("CACHE_TEST_HALT") {
			fmt.Println("halted")
			time.Sleep(time.Hour)
		}
	}})
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	fmt.Print(a.Computed())
	os.Exit(0)
}

func process(path string, environment ...string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(append(os.Environ(), "CACHE_TEST_PATH="+path), environment...)
	return c
}

// Of several processes one computes, and the others wait for it.
func TestProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	computed := make([]string, 4)
	var wg sync.WaitGroup
	for i := range computed {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out, err := process(path).Output()
			if err != nil {
				t.Error(err)
			}
			computed[i] = string(out)
		}()
	}
	wg.Wait()
	if slices.Sort(computed); !slices.Equal(computed, []string{"0", "0", "0", "300"}) {
		t.Errorf("computed: %v", computed)
	}
}

// What a killed process has computed is not computed again.
func TestKilled(t *testing.T) {
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	want := values(t, open(t, n, cache.Config{Source: set}))
	path := filepath.Join(t.TempDir(), "c")
	c := process(path, "CACHE_TEST_HALT=50")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "halted\n" {
		t.Errorf("the process says %q, %v", line, err)
	}
	c.Process.Kill()
	c.Wait()
	a := open(t, n, cache.Config{Source: set, Path: path, BatchSize: 10})
	if got := values(t, a); !slices.Equal(got, want) || a.Computed() != 250 {
		t.Errorf("%d computed, other values: %v", a.Computed(), !slices.Equal(got, want))
	}
}

// A full disk is an error that says so; with room again the rest is computed.
func TestDiskFull(t *testing.T) {
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	want := values(t, open(t, n, cache.Config{Source: set}))
	for _, limit := range []int{10, 1000, 20_000} {
		path := filepath.Join(t.TempDir(), "c")
		out, err := process(path, fmt.Sprintf("CACHE_TEST_FULL=%d", limit)).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "cannot be written") || !strings.Contains(string(out), path) {
			t.Errorf("limit %d: %v: %s", limit, err, out)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("there is a file that is not whole")
		}
		a := open(t, n, cache.Config{Source: set, Path: path, BatchSize: 10})
		if got := values(t, a); !slices.Equal(got, want) {
			t.Errorf("limit %d: %d computed, other values", limit, a.Computed())
		}
	}
}
