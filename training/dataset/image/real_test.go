package image

import (
	"bytes"
	"context"
	stdimage "image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/plexaura/plexaura/training/dataset"
)

// photos is the folder with real pictures, beside the repository or below PLEXAURA_DATA.
func photos(t testing.TB) string {
	t.Helper()
	root := os.Getenv("PLEXAURA_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, "photos")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no pictures at %s; PLEXAURA_DATA names the folder that holds photos: real files are not tested", dir)
	}
	return dir
}

func TestHymenoptera(t *testing.T) {
	s, err := Folder(filepath.Join(photos(t), "hymenoptera", "train"), FolderConfig{Image: Config{Height: 64, Width: 64, Fit: Crop, Normalize: ImageNet}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != 110 || !slices.Equal(s.Classes, []string{"ants", "bees"}) || s.Labels()[54] != 0 || s.Labels()[55] != 1 {
		t.Errorf("%v", s)
	}
	if bad, err := s.Verify(context.Background()); err != nil || len(bad) > 0 {
		t.Errorf("%v, %v", bad, err)
	}
	e := &dataset.Example{Index: 109}
	if err := s.Read(e); err != nil || e.Label != 1 || !slices.Equal(e.Shape, []int{64, 64, 3}) {
		t.Errorf("%v, label %d, shape %v", err, e.Label, e.Shape)
	}
	if err := Augment(AugmentConfig{Shift: 3, FlipHorizontal: true})(exampleOf(imageFrom(t, e), 1)); err != nil {
		t.Error(err)
	}
}

func TestCIFARTar(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: 3000 files are not read")
	}
	files, err := OpenTar(filepath.Join(photos(t), "cifar10-jpg-4000.tar"))
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	s, err := Folder("cifar10/train", FolderConfig{FS: files})
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != 3000 || len(s.Classes) != 10 || s.Classes[0] != "airplane" {
		t.Errorf("%v", s)
	}
	if bad, err := s.Verify(context.Background()); err != nil || len(bad) > 0 {
		t.Errorf("%v, %v", bad, err)
	}
}

// The last three say how much time reading spends beyond the standard library's decoder, in the memory of an Example and in memory of its own.
func BenchmarkRead(b *testing.B) {
	var path string
	if paths, _ := filepath.Glob(filepath.Join(photos(b), "hymenoptera", "train", "bees", "*.jpg")); len(paths) > 0 {
		path = paths[0]
	} else {
		b.Skip("no photos of bees")
	}
	b.Run("photo to 224x224", func(b *testing.B) {
		s, err := Files([]string{path}, nil, Config{Height: 224, Width: 224, Fit: Crop, Shorter: 256, Normalize: ImageNet})
		if err != nil {
			b.Fatal(err)
		}
		e := new(dataset.Example)
		for b.Loop() {
			if err := s.Read(e); err != nil {
				b.Fatal(err)
			}
		}
	})
	m, err := Open(path, Config{Height: 224, Width: 224})
	if err != nil {
		b.Fatal(err)
	}
	p, err := m.Picture()
	if err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, p, nil); err != nil {
		b.Fatal(err)
	}
	small := filepath.Join(b.TempDir(), "small.jpg")
	if err := os.WriteFile(small, file.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("224x224", func(b *testing.B) {
		s, err := Files([]string{small}, nil, Config{Normalize: ImageNet})
		if err != nil {
			b.Fatal(err)
		}
		e := new(dataset.Example)
		for b.Loop() {
			if err := s.Read(e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("224x224 by Decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := Decode(bytes.NewReader(file.Bytes()), Config{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("224x224 by the standard library", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := stdimage.Decode(bytes.NewReader(file.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}
