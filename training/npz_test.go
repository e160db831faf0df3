package training_test

import (
	"archive/zip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/golden"
)

// shared returns a path in the folder of test data that is not part of the
// repository, and skips the test where that is not there.
func shared(t *testing.T, elem ...string) string {
	t.Helper()
	root := os.Getenv("PLEXAURA_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the shared test data is not at %s; PLEXAURA_DATA names its folder", root)
	}
	return path
}

var npyHeader = regexp.MustCompile(`'descr': '([^']+)', 'fortran_order': (\w+), 'shape': \(([^)]*)\)`)

// npz reads the arrays of a NumPy archive.
func npz(t *testing.T, path string) map[string]golden.Array {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := map[string]golden.Array{}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		rc.Close()
		if err != nil {
			t.Fatal(err)
		}
		start, n := 10, int(binary.LittleEndian.Uint16(b[8:]))
		if b[6] > 1 {
			start, n = 12, int(binary.LittleEndian.Uint32(b[8:]))
		}
		m := npyHeader.FindStringSubmatch(string(b[start : start+n]))
		if m == nil || m[2] != "False" {
			t.Fatalf("%s: %s has an unknown header %q", path, f.Name, b[start:start+n])
		}
		out[strings.TrimSuffix(f.Name, ".npy")] = npyArray(t, m[1], m[3], b[start+n:])
	}
	return out
}

func npyArray(t *testing.T, descr, dims string, b []byte) golden.Array {
	t.Helper()
	a := golden.Array{Shape: []int{}}
	size := 1
	for _, d := range strings.Split(dims, ",") {
		if d = strings.TrimSpace(d); d != "" {
			n, err := strconv.Atoi(d)
			if err != nil {
				t.Fatal(err)
			}
			a.Shape = append(a.Shape, n)
			size *= n
		}
	}
	a.Data = make([]float64, size)
	var err error
	switch descr {
	case "<f4":
		x := make([]float32, size)
		_, err = binary.Decode(b, binary.LittleEndian, x)
		for i, v := range x {
			a.Data[i] = float64(v)
		}
	case "<f8":
		_, err = binary.Decode(b, binary.LittleEndian, a.Data)
	case "|u1":
		for i, v := range b[:size] {
			a.Data[i] = float64(v)
		}
	case "<i8":
		x := make([]int64, size)
		_, err = binary.Decode(b, binary.LittleEndian, x)
		for i, v := range x {
			a.Data[i] = float64(v)
		}
	default:
		t.Fatalf("dtype %s", descr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}
