package mapped

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// open writes a file and opens it for reading.
func open(t *testing.T, content []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestContent(t *testing.T) {
	whole := bytes.Repeat([]byte("0123456789"), 10_000)
	for _, size := range []int{0, 1, 4096, len(whole)} {
		f := open(t, whole)
		data, release, err := Content(f, int64(size))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if !bytes.Equal(data, whole[:size]) {
			t.Errorf("the first %d bytes are others", size)
		}
		if err := release(); err != nil {
			t.Error(err)
		}
	}
}

func TestContentErrors(t *testing.T) {
	f := open(t, []byte("abc"))
	if _, _, err := Content(f, -1); err == nil || !strings.Contains(err.Error(), "-1 bytes") {
		t.Errorf("a negative size: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Content(f, 3); err == nil {
		t.Error("a file that is closed was mapped")
	}
}

// A file that is cut off while it is mapped is an error of who looks at it, and other panics stay panics.
func TestRecover(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only tried where a mapped file may be cut off")
	}
	f := open(t, make([]byte, 1<<16))
	data, release, err := Content(f, 1<<16)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	sum := func() (n int, err error) {
		defer Recover(debug.SetPanicOnFault(true), "model.pb", &err)
		for _, b := range data {
			n += int(b)
		}
		return n, nil
	}
	if n, err := sum(); n != 0 || err != nil {
		t.Errorf("whole: %d, %v", n, err)
	}
	if err := os.Truncate(f.Name(), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := sum(); err == nil || !strings.HasPrefix(err.Error(), "model.pb cannot be read any more") {
		t.Errorf("cut off: %v", err)
	}
	if debug.SetPanicOnFault(false) {
		t.Error("faults are still panics")
	}
	defer func() {
		if r := recover(); r != "mine" {
			t.Errorf("recovered %v; want the function's own panic", r)
		}
	}()
	_ = func() (err error) {
		defer Recover(debug.SetPanicOnFault(true), "", &err)
		panic("mine")
	}()
}
