package onnx

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Large tensors are read from the file when they are asked for, not kept.
func TestOpenLeavesTensorsInFile(t *testing.T) {
	const n = leastInFile / 4
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(i)
	}
	large := func(name string) []byte { return floats(name, []int{n}, values...) }
	inner := message(4, "If", 5, message(1, "then_branch", 6, message(5, large("inner"))), 5, message(1, "value", 5, large("attribute")))
	whole := message(1, 8, 7, message(5, floats("small", []int{2}, 1, 2), 5, large("w"), 1, inner, 5, message(1, n, 2, 1, 8, "numbers", 4, packed(values...))))
	path := filepath.Join(t.TempDir(), "m.onnx")
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(whole)
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	read := func() []float32 {
		x, err := f.Read("w")
		if err != nil {
			t.Fatal(err)
		}
		return x.Float32s()
	}
	if !slices.Equal(read(), values) {
		t.Error("w has other elements")
	}
	for _, a := range m.Graph.Nodes[0].Attributes {
		x := a.Tensor
		if a.Graph != nil {
			x = &a.Graph.Initializers[0]
		}
		if v, err := x.Read(); err != nil || !slices.Equal(v.Float32s(), values) {
			t.Errorf("%s: %v", x.Name, err)
		}
	}
	write(bytes.Replace(whole, packed(5, 6, 7), packed(50, 6, 7), 1)) // in w, which comes first
	if got := read(); got[5] != 50 || got[6] != 6 {
		t.Errorf("w is %v; want what the file has now", got[:8])
	}
	for name, want := range map[string]float32{"small": 2, "numbers": 1} { // which are kept
		if x, err := f.Read(name); err != nil || x.Float32s()[1] != want {
			t.Errorf("%s is %v, %v", name, x, err)
		}
	}
	write(whole[:len(whole)-1])
	if _, err := f.Read("w"); err == nil || !strings.Contains(err.Error(), "bytes now") {
		t.Errorf("cut: got %v", err)
	}
	os.Remove(path)
	if _, err := f.Read("w"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("gone: got %v", err)
	}
}
