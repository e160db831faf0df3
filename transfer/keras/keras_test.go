package keras

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func parseBytes(b []byte) (*weights.File, error) { return Parse(bytes.NewReader(b), int64(len(b))) }

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The files were written by h5py: internal/golden/kerasfiles.py.
func TestOpen(t *testing.T) {
	for _, name := range []string{"keras2.h5", "keras2-latest.h5"} {
		f, err := Open(filepath.Join("testdata", name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		defer f.Close()
		want := []string{"zeta/kernel", "zeta/bias", "alpha/scope/w", "alpha/scope/half"}
		if got := f.Names()[:4]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the names begin with %v; want %v", name, got, want)
		}
		for key, want := range map[string]interface{}{
			"zeta/kernel": []float32{0, 1, 2, 3, 4, 5}, "zeta/bias": []float32{-1, 0.5}, "alpha/scope/w": []float64{0, 1, 2, 3}, "alpha/scope/half": []float32{0, 1, 2, 3},
			"optimizer_weights/Adam/iter": int64(7), "optimizer_weights/flags": []bool{true, false}, "optimizer_weights/bytes": []uint8{1, 255},
			"optimizer_weights/shorts": []int32{1, -2},
		} {
			if v, err := f.Read(key); err != nil || !reflect.DeepEqual(v.Data(), want) {
				t.Errorf("%s: %s: got %v, %v; want %v", name, key, v, err, want)
			}
		}
		for key, shape := range map[string][]int{"zeta/kernel": {3, 2}, "optimizer_weights/none": {0, 3}} {
			if x, _ := f.Lookup(key); !slices.Equal(x.Shape, shape) {
				t.Errorf("%s: %s has the shape %v; want %v", name, key, x.Shape, shape)
			}
		}
		if x, ok := f.Lookup("optimizer_weights/text"); !ok || x.DType != weights.String {
			t.Errorf("%s: the text is %+v, %v", name, x, ok)
		}
		meta := map[string]string{"keras_version": "2.4.0", "backend": "tensorflow",
			"model_config": `{"class_name": "Sequential", "config": {"name": "` + strings.Repeat("ü", 300) + `"}}`}
		if got := f.Metadata(); !reflect.DeepEqual(got, meta) {
			t.Errorf("%s: the metadata are %v; want %v", name, got, meta)
		}
	}
}

func TestArchive(t *testing.T) {
	f, err := Open(filepath.Join("testdata", "keras3.keras"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.Names(); !reflect.DeepEqual(got, []string{"layers/dense/vars/0", "layers/dense/vars/1"}) {
		t.Errorf("names are %v", got)
	}
	if v, err := f.Read("layers/dense/vars/0"); err != nil || !reflect.DeepEqual(v.Data(), []float32{0, 1, 2, 3, 4, 5}) {
		t.Errorf("got %v, %v", v, err)
	}
	want := map[string]string{"keras_version": "3.0.0", "date_saved": "2023-12-01@10:00:00", "model_config": `{"class_name": "Sequential"}`}
	if got := f.Metadata(); !reflect.DeepEqual(got, want) {
		t.Errorf("the metadata are %v; want %v", got, want)
	}
}

// A group of many members has a B-tree of several levels; where it has a long name too, the paths of its members would fill the memory.
func TestManyMembers(t *testing.T) {
	folder := t.TempDir()
	script := `import os, sys, h5py
many, long = [h5py.File(os.path.join(sys.argv[1], name), "w") for name in ("many.h5", "long.h5")]
for i in range(1000):
    many["w%d" % i] = [i, -i]
    long["n" * 50000 + "/w%d" % i] = 0
`
	if out, err := exec.Command("/usr/bin/python3", "-c", script, folder).CombinedOutput(); err != nil {
		if _, wrote := os.Stat(filepath.Join(folder, "many.h5")); wrote != nil {
			t.Skip("there is no h5py: apt-get install python3-h5py")
		}
		t.Fatalf("%v: %s", err, out)
	}
	f, err := Open(filepath.Join(folder, "many.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n := len(f.Names()); n != 1000 {
		t.Errorf("got %d datasets; want 1000", n)
	}
	if v, err := f.Read("w789"); err != nil || !reflect.DeepEqual(v.Data(), []int64{789, -789}) {
		t.Errorf("got %v, %v", v, err)
	}
	if _, err := Open(filepath.Join(folder, "long.h5")); err == nil || !strings.Contains(err.Error(), "lie over each other") {
		t.Errorf("a long name: got %.200v", err)
	}
}

func TestBadInput(t *testing.T) {
	change := func(b []byte, at int, to ...byte) []byte {
		copy(b[at:], to)
		return b
	}
	archive := func(method uint16, names ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range names {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			if err != nil {
				t.Fatal(err)
			}
			w.Write(make([]byte, 1<<20))
		}
		z.Close()
		return b.Bytes()
	}
	whole := load(t, "weights.h5")
	space := bytes.Index(whole, append([]byte{1, 2, 1, 0, 0, 0, 0, 0}, 4)) // the shape of the kernel
	if space < 0 {
		t.Fatal("the shape of the kernel is not found")
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":         {nil, "not begin as an HDF5 file"},
		"text":          {[]byte("hello, world"), "not begin as an HDF5 file"},
		"signature":     {whole[:8], "offsets have 0 bytes"},
		"superblock":    {whole[:60], "ends in the superblock"},
		"user block":    {append(make([]byte, 512), whole...), "not begin as an HDF5 file"},
		"base":          {change(load(t, "weights.h5"), 25, 2), "block of 512 bytes for its user"},
		"version":       {change(load(t, "weights.h5"), 8, 9), "superblock of version 9"},
		"offsets":       {change(load(t, "weights.h5"), 13, 4), "offsets have 4 bytes"},
		"cut":           {whole[:len(whole)-1], "the file should have 8252 bytes, but has 8251"},
		"root":          {change(load(t, "weights.h5"), 64, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "the file has 8252"},
		"header":        {change(load(t, "weights.h5"), 96, 7), "the object header at byte 96 has version 7"},
		"shape":         {change(load(t, "weights.h5"), space+8, 0, 0, 0, 0, 1), "[4294967296 3] needs"},
		"large shape":   {change(load(t, "weights.h5"), space+8, 0, 0, 0, 0, 0, 0, 0, 1), "has a size of 72057594037927936"},
		"chunked":       {load(t, "chunked-latest.h5"), `"x": a dataset is cut into chunks, with an index as only new libraries write it`},
		"compressed":    {load(t, "lzf.h5"), `"x": the elements are filtered by number 32000`},
		"complex":       {load(t, "complex.h5"), `"x": the elements are of class 6, 8 bytes each`},
		"soft link":     {load(t, "softlink.h5"), `"x" is a symbolic link`},
		"twice":         {load(t, "twice.h5"), "is linked to twice"},
		"dense links":   {load(t, "dense-links.h5"), "in a fractal heap"},
		"archive":       {[]byte("PK\x03\x04 and so on"), "zip"},
		"no weights":    {archive(zip.Store, "other"), "has no model.weights.h5"},
		"two weights":   {archive(zip.Store, "model.weights.h5", "model.weights.h5"), `two members "model.weights.h5"`},
		"deflated":      {archive(zip.Deflate, "model.weights.h5"), "model.weights.h5 is compressed"},
		"zip bomb":      {archive(zip.Deflate, "config.json"), "config.json has more than"},
		"metadata.json": {archive(zip.Store, "metadata.json"), "metadata.json: invalid character"},
	} {
		if _, err := parseBytes(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.h5")); err == nil {
		t.Error("no error for a file that is not there")
	}
}

// A group that is a member of itself is an object that is linked to twice.
func TestCycle(t *testing.T) {
	b := load(t, "twice.h5")
	node := bytes.Index(b, []byte("SNOD"))
	binary.LittleEndian.PutUint64(b[node+16:], 96) // the first member is the root
	if _, err := parseBytes(b); err == nil || !strings.Contains(err.Error(), "the object at byte 96 is linked to twice") {
		t.Errorf("got %v", err)
	}
}

func TestDamage(t *testing.T) {
	for _, name := range []string{"weights.h5", "keras2.h5", "keras2-latest.h5", "keras3.keras"} {
		t.Run(name, func(t *testing.T) { weightstest.Damage(t, load(t, name), 4, parseBytes) })
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"weights.h5", "keras2.h5", "keras2-latest.h5", "keras3.keras", "chunks.h5"} {
		f.Add(load(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) { weightstest.Fuzz(b, parseBytes) })
}
