package tffile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// testData is the folder of files made by TensorFlow itself: $PLEXAURA_DATA, or shared/data beside the repository.
func testData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("PLEXAURA_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "tf1-checkpoints")); err != nil {
		t.Skipf("no checkpoints made by TensorFlow: set PLEXAURA_DATA to the folder that holds tf1-checkpoints (%v)", err)
	}
	return dir
}

// array is an entry of a .npz file: numpy's type string ("<f4"), shape and raw values.
type array struct {
	descr string
	shape []int
	data  []byte
}

var npyHeader = regexp.MustCompile(`^\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([^)]*)\),?`)

func readNPZ(t testing.TB, path string) map[string]array {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := map[string]array{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %s: %v", path, f.Name, err)
		}
		if !bytes.HasPrefix(b, []byte("\x93NUMPY\x01\x00")) {
			t.Fatalf("%s: %s is no .npy file of version 1", path, f.Name)
		}
		n := 10 + int(binary.LittleEndian.Uint16(b[8:]))
		m := npyHeader.FindSubmatch(b[10:n])
		if m == nil || string(m[2]) == "True" {
			t.Fatalf("%s: %s: header %q", path, f.Name, b[10:n])
		}
		a := array{descr: string(m[1]), shape: []int{}, data: b[n:]}
		for _, s := range strings.FieldsFunc(string(m[3]), func(r rune) bool { return r == ',' || r == ' ' }) {
			d, err := strconv.Atoi(s)
			if err != nil {
				t.Fatal(err)
			}
			a.shape = append(a.shape, d)
		}
		out[strings.TrimSuffix(f.Name, ".npy")] = a
	}
	return out
}
