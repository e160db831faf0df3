package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"

	"gorgonia.org/tensor"
)

// idxBytes is an IDX file of a type code, the sizes of the axes and raw data.
func idxBytes(kind byte, shape []uint32, data ...byte) []byte {
	out := []byte{0, 0, kind, byte(len(shape))}
	for _, d := range shape {
		out = binary.BigEndian.AppendUint32(out, d)
	}
	return append(out, data...)
}

func gzipped(raw []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(raw)
	z.Close()
	return b.Bytes()
}

func TestReadIDX(t *testing.T) {
	for name, tt := range map[string]struct {
		file  []byte
		shape tensor.Shape
		want  any
	}{
		"uint8":   {idxBytes(0x08, []uint32{2, 1, 2}, 0, 1, 254, 255), tensor.Shape{2, 1, 2}, []uint8{0, 1, 254, 255}},
		"int8":    {idxBytes(0x09, []uint32{2}, 127, 128), tensor.Shape{2}, []int8{127, -128}},
		"int16":   {idxBytes(0x0b, []uint32{2}, 1, 2, 255, 254), tensor.Shape{2}, []int16{258, -2}},
		"int32":   {idxBytes(0x0c, []uint32{1}, 255, 255, 255, 253), tensor.Shape{1}, []int32{-3}},
		"float32": {idxBytes(0x0d, []uint32{1, 1}, 0xc0, 0x20, 0, 0), tensor.Shape{1, 1}, []float32{-2.5}},
		"float64": {idxBytes(0x0e, []uint32{1}, 0x40, 0x04, 0, 0, 0, 0, 0, 0), tensor.Shape{1}, []float64{2.5}},
	} {
		t.Run(name, func(t *testing.T) {
			for packing, file := range map[string][]byte{"plain": tt.file, "gzip": gzipped(tt.file)} {
				got, err := ReadIDX(bytes.NewReader(file))
				if err != nil {
					t.Fatalf("%s: %v", packing, err)
				}
				if !got.Shape().Eq(tt.shape) || !reflect.DeepEqual(got.Data(), tt.want) {
					t.Errorf("%s: %v %v, want %v %v", packing, got.Shape(), got.Data(), tt.shape, tt.want)
				}
			}
		})
	}
}

func TestReadIDXErrors(t *testing.T) {
	ok := idxBytes(0x08, []uint32{2, 2}, 1, 2, 3, 4)
	packed := gzipped(ok)
	damaged := append([]byte(nil), packed...)
	damaged[len(damaged)-5] ^= 1 // the checksum
	big := make([]uint32, 255)
	for i := range big {
		big[i] = 1 << 30
	}
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"empty":             {nil, "header"},
		"one byte":          {[]byte{0}, "header"},
		"not idx":           {[]byte("<html>"), "not an IDX file"},
		"type":              {idxBytes(0x0a, []uint32{1}, 0), "0x0a"},
		"no axes":           {idxBytes(0x08, nil, 1), "one axis"},
		"axes cut off":      {ok[:9], "header"},
		"zero axis":         {idxBytes(0x08, []uint32{2, 0}), "axis 1"},
		"negative axis":     {idxBytes(0x08, []uint32{1<<32 - 1}), "axis 0"},
		"huge axis":         {idxBytes(0x0e, []uint32{1 << 30}), "at most"},
		"overflowing shape": {idxBytes(0x08, big), "at most"},
		"promised only":     {idxBytes(0x08, []uint32{1<<31 - 1}, 1, 2, 3), "ends after 3"},
		"truncated":         {ok[:len(ok)-1], "wants 4 bytes of data, the file ends after 3"},
		"trailing":          {append(ok[:len(ok):len(ok)], 9), "more follow"},
		"gzip header":       {packed[:5], "gzip"},
		"gzip truncated":    {packed[:len(packed)-9], ""},
		"gzip checksum":     {damaged, "checksum"},
		"gzip trailing":     {append(packed[:len(packed):len(packed)], 9), "last element"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadIDX(bytes.NewReader(tt.file))
			wantError(t, err, "dataset: ReadIDX", tt.want)
			if got != nil {
				t.Errorf("a tensor beside the error: %v", got.Shape())
			}
		})
	}
}

func TestReadIDXOfNil(t *testing.T) {
	got, err := ReadIDX(nil)
	wantError(t, err, "dataset: ReadIDX", "wanted a reader, came nil")
	if got != nil {
		t.Errorf("a tensor beside the error: %v", got.Shape())
	}
}

// A header that promises 2 GiB must not cost 2 GiB.
func TestReadIDXAllocatesWhatArrives(t *testing.T) {
	file := idxBytes(0x08, []uint32{1<<31 - 1}, 1, 2, 3)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ReadIDX(bytes.NewReader(file))
	runtime.ReadMemStats(&after)
	got := after.TotalAlloc - before.TotalAlloc
	if got > 1<<20 {
		t.Errorf("%d bytes allocated for a file of %d", got, len(file))
	}
}

func TestOpenIDX(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.idx")
	_, err := OpenIDX(path)
	wantError(t, err, "OpenIDX", path)
	if !os.IsNotExist(cause(err)) {
		t.Errorf("the cause of %v is lost", err)
	}
	write(t, path, idxBytes(0x08, []uint32{1}, 5))
	if x, err := OpenIDX(path); err != nil || !reflect.DeepEqual(x.Data(), []uint8{5}) {
		t.Errorf("%v, %v", x, err)
	}
	write(t, path, []byte{0, 0})
	_, err = OpenIDX(path)
	wantError(t, err, path, "header")
}

// cause undoes the wrapping.
func cause(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		if _, isPath := err.(*os.PathError); isPath {
			return err
		}
		err = u.Unwrap()
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func FuzzReadIDX(f *testing.F) {
	f.Add([]byte{})
	f.Add(idxBytes(0x08, []uint32{2, 2}, 1, 2, 3, 4))
	f.Add(gzipped(idxBytes(0x08, []uint32{2, 2}, 1, 2, 3, 4)))
	f.Add(idxBytes(0x0d, []uint32{1}, 1, 2, 3, 4))
	f.Add(idxBytes(0x0e, []uint32{1 << 30, 1 << 30, 1 << 30}))
	f.Add(idxBytes(0x08, []uint32{1<<31 - 1}, 1))
	f.Fuzz(func(t *testing.T, file []byte) {
		x, err := ReadIDX(bytes.NewReader(file))
		if (x == nil) == (err == nil) {
			t.Fatalf("tensor %v and error %v", x, err)
		}
		if err != nil {
			return
		}
		// What was read must be the file again, byte for byte.
		r, err := gunzip(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		out.Write(plain[:4])
		for _, d := range x.Shape() {
			binary.Write(&out, binary.BigEndian, uint32(d))
		}
		binary.Write(&out, binary.BigEndian, x.Data())
		if !bytes.Equal(out.Bytes(), plain) {
			t.Errorf("read %x, wrote %x", plain, out.Bytes())
		}
	})
}
