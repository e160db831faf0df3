package image_test

import (
	"bytes"
	stdimage "image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
)

// A folder of pictures is told from one in which a file is another, and a copy in another place is not.
func TestFolderFingerprint(t *testing.T) {
	when := time.Date(2020, 2, 3, 4, 5, 6, 7, time.UTC)
	write := func(dir, name string, grey uint8, at time.Time) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, pixel(t, grey), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	folder := func(cfg image.FolderConfig, change func(dir string)) string {
		t.Helper()
		dir := t.TempDir()
		for _, name := range []string{"ants/1.png", "bees/1.png"} {
			write(dir, name, 10, when)
		}
		change(dir)
		return folderFingerprint(t, dir, cfg)
	}
	same := func(string) {}
	base := folder(image.FolderConfig{}, same)
	if again := folder(image.FolderConfig{}, same); again != base {
		t.Errorf("a copy writes %q, the folder %q", again, base)
	}
	for name, other := range map[string]string{
		"touched": folder(image.FolderConfig{}, func(dir string) { write(dir, "ants/1.png", 10, when.Add(1000)) }),
		"longer": folder(image.FolderConfig{}, func(dir string) {
			f, err := os.OpenFile(filepath.Join(dir, "ants/1.png"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			f.WriteString(" ")
			f.Close()
			os.Chtimes(f.Name(), when, when)
		}),
		"another name": folder(image.FolderConfig{}, func(dir string) { os.Rename(filepath.Join(dir, "ants/1.png"), filepath.Join(dir, "ants/2.png")) }),
		"more":         folder(image.FolderConfig{}, func(dir string) { write(dir, "bees/2.png", 10, when) }),
		"relabelled":   folder(image.FolderConfig{Classes: []string{"bees", "ants"}}, same),
		"resized":      folder(image.FolderConfig{Image: image.Config{Height: 2, Width: 2}}, same),
		"normalised":   folder(image.FolderConfig{Image: image.Config{Normalize: image.PlusMinusOne}}, same),
		"on black":     folder(image.FolderConfig{Image: image.Config{Background: color.Black}}, same),
	} {
		if other == base {
			t.Errorf("%s: it writes what the folder writes", name)
		}
	}
}

// A file system without times has its files read.
func TestFingerprintWithoutTimes(t *testing.T) {
	files := func(grey uint8) string {
		return folderFingerprint(t, ".", image.FolderConfig{FS: fstest.MapFS{"ants/1.png": {Data: pixel(t, grey)}}})
	}
	first := files(10)
	if first == files(11) {
		t.Error("files with other content write the same")
	}
	if first != files(10) {
		t.Error("the same files do not write the same")
	}
}

func TestFingerprintOfMissingFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "1.png")
	if err := os.WriteFile(path, pixel(t, 1), 0o644); err != nil {
		t.Fatal(err)
	}
	src, err := image.Folder(dir, image.FolderConfig{Flat: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := dataset.Fingerprint(&bytes.Buffer{}, src); err == nil || !strings.Contains(err.Error(), "1.png") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

func folderFingerprint(t *testing.T, dir string, cfg image.FolderConfig) string {
	t.Helper()
	src, err := image.Folder(dir, cfg)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := dataset.Fingerprint(&b, src); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pixel is a PNG file of one pixel.
func pixel(t *testing.T, grey uint8) []byte {
	t.Helper()
	m := stdimage.NewGray(stdimage.Rect(0, 0, 1, 1))
	m.SetGray(0, 0, color.Gray{Y: grey})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
