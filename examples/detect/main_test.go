package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	stdimage "image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/boxes"
)

// defaults are what the flags have where they are not set.
func defaults(t *testing.T) options {
	t.Helper()
	if _, err := moduleExamples(); err != nil {
		t.Skip(err)
	}
	return options{model: "v2", threshold: 0.5, overlap: 0.45}
}

// most are the probabilities of the most probable box of each class.
func most(d *boxes.Detections) map[string]float64 {
	found := map[string]float64{}
	for _, b := range d.Boxes {
		found[d.Name(b.Class)] = max(found[d.Name(b.Class)], b.Probability)
	}
	return found
}

// The go command names no folder where the module is not in the cache; that is not the one that the program runs in.
func TestNoModule(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\necho\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	t.Chdir(filepath.Join("..", ".."))
	dir, err := moduleExamples()
	if err == nil || !strings.Contains(err.Error(), "go mod download") {
		t.Errorf("the examples are said to lie in %q, error %v; want one that says how to get them", dir, err)
	}
}

func TestDog(t *testing.T) {
	o := defaults(t)
	o.out = filepath.Join(t.TempDir(), "made", "boxes.png")
	d, err := detect(o)
	if err != nil {
		t.Fatal(err)
	}
	found := most(d)
	for class, want := range map[string]float64{"dog": .60, "bicycle": .81, "car": .69} {
		if math.Abs(found[class]-want) > 0.01 {
			t.Errorf("found %v; want %s with %v", found, class, want)
		}
	}
	if len(d.Boxes) != 3 {
		t.Errorf("found %v; want three boxes", d)
	}
	drawn, err := os.Open(o.out)
	if err != nil {
		t.Fatal(err)
	}
	defer drawn.Close()
	if m, err := png.Decode(drawn); err != nil || m.Bounds() != stdimage.Rect(0, 0, 416, 416) {
		t.Errorf("the drawing is %v", err)
	}
}

// TestPictures: the dog is found in files of every kind.
func TestPictures(t *testing.T) {
	o := defaults(t)
	filled, err := o.filled()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filled.picture)
	if err != nil {
		t.Fatal(err)
	}
	dog, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]draw.Image{"grey": stdimage.NewGray(dog.Bounds()), "16 bits": stdimage.NewRGBA64(dog.Bounds())} {
		draw.Draw(m, m.Bounds(), dog, stdimage.Point{}, draw.Src)
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		o.picture = write(t, b.Bytes())
		d, err := detect(o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if found := most(d); name == "16 bits" && math.Abs(found["dog"]-0.60) > 0.01 || found["bicycle"] < 0.5 {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

func TestBadPictures(t *testing.T) {
	o := defaults(t)
	filled, err := o.filled()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filled.picture)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":     {nil, "the file is empty"},
		"text":      {[]byte("no picture at all"), "wanted PNG, JPEG"},
		"truncated": {whole[:len(whole)/2], "truncated"},
		"0x0":       {header(0, 0), "damaged png header"},
		"bomb":      {header(30000, 30000), "30000x30000 pixels is larger than MaxPixels"},
	} {
		o.picture = write(t, c.file)
		if _, err := detect(o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	o.picture = filepath.Join(t.TempDir(), "none.png")
	if _, err := detect(o); !os.IsNotExist(cause(err)) {
		t.Errorf("a missing file gives %v", err)
	}
	var b bytes.Buffer // of one colour
	m := stdimage.NewPaletted(stdimage.Rect(0, 0, 1, 3), color.Palette{color.Black})
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	o.picture = write(t, b.Bytes())
	if d, err := detect(o); err != nil || len(d.Boxes) != 0 {
		t.Errorf("a picture of 1 x 3 pixels gives %v, %v", d, err)
	}
}

func TestOptions(t *testing.T) {
	for want, o := range map[string]options{
		"want v2 or v3": {model: "v5"}, "belong together": {model: "v2", cfg: "a.cfg"},
		"-threshold is 1.5": {model: "v2", threshold: 1.5}, "-overlap -1": {model: "v2", overlap: -1}, "-threshold is NaN": {model: "v2", threshold: math.NaN()},
	} {
		if _, err := detect(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

func cause(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		err = u.Unwrap()
	}
}

func write(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "picture")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// header is a PNG of that size, without pixels.
func header(width, height uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	b = binary.BigEndian.AppendUint32(b, width)
	b = binary.BigEndian.AppendUint32(b, height)
	b = append(b, 8, 2, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
}
