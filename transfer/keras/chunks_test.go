package keras

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// The file was written by h5py with compression: internal/golden/kerasfiles.py. Element i is i % 100.
func TestChunks(t *testing.T) {
	f, err := Open(filepath.Join("testdata", "chunks.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n := len(f.Names()); n != 7 {
		t.Errorf("%d datasets; want 7: %v", n, f.Names())
	}
	for _, name := range f.Names() {
		for range 2 { // the second reading begins at the first byte too
			x, err := f.Read(name)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			want := make([]int, x.Shape().TotalSize())
			for i := range want {
				want[i] = i % 100
			}
			if got := fmt.Sprint(x.Data()); got != fmt.Sprint(want) {
				t.Errorf("%s: got %s; want %v", name, got, want)
			}
		}
	}
}

func TestChunksBadInput(t *testing.T) {
	whole := load(t, "chunks.h5")
	// find is the place of bytes that come once.
	find := func(b ...byte) int {
		at := bytes.Index(whole, b)
		if at < 0 || bytes.Contains(whole[at+1:], b) {
			t.Fatalf("%v comes not once", b)
		}
		return at
	}
	layout := find(3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0) // the block of "all" and the bytes of its elements, behind the address of the tree
	change := func(at int, values ...byte) []byte {
		b := bytes.Clone(whole)
		copy(b[at:], values)
		return b
	}
	tree := int(binary.LittleEndian.Uint64(whole[layout-8:]))
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"block":      {change(layout, 0), "cut into chunks of [0]"},
		"large":      {change(layout, 0, 0, 0, 1), "cannot hold"},
		"larger":     {change(layout, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "cut into chunks of [4294967295 4294967295]"},
		"other":      {change(layout, 5), "lies at 3 of axis 0"},
		"element":    {change(layout+8, 8), "elements of 8 bytes"},
		"no tree":    {change(layout-8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "has 0 chunks; want 9"},
		"far tree":   {change(layout-8, 0, 0, 0, 0, 0, 0, 0, 1), "but the file has"},
		"tree":       {change(tree+4, 0), "nodes of type 0"},
		"level":      {change(tree+5, 1), "TREE"},
		"fewer":      {change(tree+6, 8), "has 8 chunks; want 9"},
		"size":       {change(tree+24, 0), "cannot hold"},
		"outside":    {change(tree+24+8+24, 0xff, 0xff, 0xff, 0xff, 0xff), "but the file has"},
		"same chunk": {change(tree+24+40+8+8, whole[tree+24+16:tree+24+24]...), "comes twice or not at all"},
	} {
		if _, err := parseBytes(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	checked := find(0, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 0x14, 0x2e, 0x28) // with their checksum
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"one": {change(bytes.LastIndex(whole, []byte{0x78, 0x5e}), 0), "deflate"}, "checked": {change(checked, 7), "the checksum is"},
	} {
		f, err := parseBytes(c.b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Read(name); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}

func TestChunksDamage(t *testing.T) { weightstest.Damage(t, load(t, "chunks.h5"), 16, parseBytes) }
