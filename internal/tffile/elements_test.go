package tffile

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What Elements streams is what Read reads, in however small pieces.
func TestElements(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	if err := Write(prefix, everyType(t)); err != nil {
		t.Fatal(err)
	}
	all := extent{0, -1}
	for _, prefix := range []string{prefix, partitionedBundle(t, []slice{{{0, 1}, all}, {{1, 3}, all}})} {
		r, err := Open(prefix)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if r.Producer() != bundleVersion {
			t.Errorf("producer %d; want %d", r.Producer(), bundleVersion)
		}
		for _, name := range r.Names() {
			want := must(r.Read(name))(t)
			elements, err := r.Elements(name)
			if want.DType == String {
				if err == nil {
					t.Errorf("%s: no error for strings", name)
				}
				continue
			}
			if err != nil {
				t.Error(err)
				continue
			}
			got, err := io.ReadAll(io.MultiReader(io.LimitReader(elements, 3), elements))
			if err != nil || !bytes.Equal(got, want.Data) {
				t.Errorf("%s: got %x, %v; want %x", name, got, err, want.Data)
			}
			if e, _ := r.Entry(name); e.Stored != int64(len(got)) {
				t.Errorf("%s: %d bytes stored; want %d", name, e.Stored, len(got))
			}
		}
		if _, err := r.Elements("nothing"); err == nil || !strings.Contains(err.Error(), "no tensor") {
			t.Errorf("got %v", err)
		}
	}
}

// io.ReadFull passes over an error that comes with the last byte, so it must come instead.
func TestElementsDamage(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	if err := Write(prefix, []Tensor{must(New("x", []int{2}, []int32{1, 2}))(t)}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(dataPath(prefix, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	data[0]++
	if err := os.WriteFile(dataPath(prefix, 0, 1), data, 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := Open(prefix)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	elements, err := r.Elements("x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(elements, make([]byte, 8)); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
}
