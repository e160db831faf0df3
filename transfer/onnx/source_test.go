package onnx

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// Of a file with large tensors, whether raw or as floats, nearly nothing is read before they are asked for.
func TestOpenTakesLittleMemory(t *testing.T) {
	const n = 1 << 22
	values := make([]float32, n)
	values[n-1] = 1
	doubles := make([]byte, 8*n)
	binary.LittleEndian.PutUint64(doubles[8*(n-1):], math.Float64bits(1))
	path := filepath.Join(t.TempDir(), "m.onnx")
	whole := message(1, 8, 7, message(5, message(1, n, 2, 1, 8, "raw", 9, packed(values...)), 5, message(1, n, 2, 1, 8, "floats", 4, packed(values...)),
		5, message(1, n, 2, 11, 8, "doubles", 10, doubles)))
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m, err := Open(path)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("%d bytes were taken to open a file of %d; want less than 1 MB", took, len(whole))
	}
	f, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"raw", "floats"} {
		if x, err := f.Read(name); err != nil || !slices.Equal(x.Float32s(), values) {
			t.Errorf("%s: other elements, %v", name, err)
		}
	}
	if x, err := f.Read("doubles"); err != nil || x.Float64s()[n-1] != 1 || x.Float64s()[n-2] != 0 {
		t.Errorf("doubles: other elements, %v", err)
	}
}

// Floats that come in more than one packed field, or as no whole number of elements, are not left in the file.
func TestPackedTwice(t *testing.T) {
	const n = leastInFile / 4
	ones := slices.Repeat([]float32{1}, n)
	twice := message(1, 2*n+1, 2, 1, 8, "x", 4, packed(ones...), 4, packed(ones...), 4, float32(3))
	for what, open := range map[string]part{"in memory": inMemory(twice), "in a file": inFile(bytes.NewReader(twice), int64(len(twice)))} {
		x, err := (&decoder{}).tensor(open)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := x.Read(); err != nil || !slices.Equal(v.Float32s(), append(slices.Clone(ones), append(ones, 3)...)) {
			t.Errorf("%s: other elements, %v", what, err)
		}
	}
	if _, err := (&decoder{}).tensor(inMemory(message(1, n, 2, 1, 8, "x", 4, packed(ones...)[1:], 4, packed(1)))); err == nil {
		t.Error("no error for a part of an element")
	}
}

// A file that cannot be read is an error, with its place.
func TestUnreadable(t *testing.T) {
	whole := model()
	_, err := (&decoder{}).model(inFile(bytes.NewReader(whole[:20]), int64(len(whole))))
	if err == nil || !strings.Contains(err.Error(), "byte 20 of") {
		t.Errorf("got %v", err)
	}
}
