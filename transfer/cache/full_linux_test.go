package cache_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/cache"
)

// A file system that fills up in the middle of a file is an error that says so, and with room again the rest is computed. It is mounted by a process with
// a name space of its own.
func TestFillsUp(t *testing.T) {
	c := process(filepath.Join(t.TempDir(), "c"), "CACHE_TEST_MOUNT=yes")
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	switch {
	case err != nil && len(out) == 0, strings.HasPrefix(string(out), "no mount"):
		t.Skipf("no file system can be mounted here: %v %s", err, out)
	case string(out) != "good":
		t.Errorf("%v: %s", err, out)
	}
}

// fillUp caches on a file system that fills up, and says "good" or what is wrong.
func fillUp(path string) error {
	mount := func(flags uintptr, size int) error {
		return syscall.Mount("tmpfs", filepath.Dir(path), "tmpfs", flags, fmt.Sprintf("size=%d", size))
	}
	if err := mount(0, 20<<10); err != nil {
		fmt.Print("no mount: ", err)
		return nil
	}
	t := &testing.T{}
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	memory, err := cache.Open(context.Background(), n.sess, cache.Config{Nodes: n.features, X: n.x, Source: set})
	if err != nil {
		return err
	}
	want := values(t, memory)
	done := 0
	cfg := cache.Config{Nodes: n.features, X: n.x, Source: set, Path: path, BatchSize: 10, Progress: func(d, _ int) { done = d }}
	for range 2 {
		if _, err = cache.Open(context.Background(), n.sess, cfg); err == nil || !strings.Contains(err.Error(), "no space left") || !strings.Contains(err.Error(), "used the next time") {
			return fmt.Errorf("on a full file system: %v", err)
		}
	}
	if done == 0 || done == 300 {
		return fmt.Errorf("it is full after %d of 300 examples; want some in between", done)
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("there is a file that is not whole")
	}
	before := done
	if err := mount(syscall.MS_REMOUNT, 1<<20); err != nil {
		return err
	}
	a, err := cache.Open(context.Background(), n.sess, cfg)
	if err != nil {
		return err
	}
	if a.Computed() != 300-before || !slices.Equal(values(t, a), want) {
		return fmt.Errorf("with room again %d were computed after %d, other values: %v", a.Computed(), before, !slices.Equal(values(t, a), want))
	}
	fmt.Print("good")
	return nil
}
