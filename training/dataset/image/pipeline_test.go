package image

import (
	"context"
	"fmt"
	stdimage "image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/plexaura/plexaura/training/dataset"
)

// pictureFolder writes counts[c] PNG files of class c, each of another size and of one colour, c and the number of the file being its red and
// green; and one damaged file in the last class, which sorts last.
func pictureFolder(t *testing.T, counts ...int) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, content func(f *os.File) error) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := content(f); err != nil {
			t.Fatal(err)
		}
	}
	for c, n := range counts {
		for i := range n {
			write(fmt.Sprintf("class%d/%03d.png", c, i), func(f *os.File) error {
				m := stdimage.NewNRGBA(stdimage.Rect(0, 0, 9+i, 12+c))
				for k := range m.Rect.Dx() * m.Rect.Dy() {
					m.SetNRGBA(k%m.Rect.Dx(), k/m.Rect.Dx(), color.NRGBA{R: byte(c), G: byte(i), B: 200, A: 255})
				}
				return png.Encode(f, m)
			})
		}
	}
	write(fmt.Sprintf("class%d/damaged.png", len(counts)-1), func(f *os.File) error {
		_, err := f.WriteString("\x89PNG\r\n\x1a\n and then nothing")
		return err
	})
	return dir
}

// From files to batches: a folder, divided, read ahead, augmented, with a damaged file left out, and mixed.
func TestFolderToBatches(t *testing.T) {
	counts := []int{20, 10, 9} // and a damaged one
	dir := pictureFolder(t, counts...)
	src, err := Folder(dir, FolderConfig{Image: Config{Height: 8, Width: 6, Resampling: Nearest, Normalize: Bytes}})
	if err != nil {
		t.Fatal(err)
	}
	if bad, err := src.Verify(context.Background()); err != nil || len(bad) != 1 || bad[0].Path != filepath.ToSlash(dir)+"/class2/damaged.png" {
		t.Fatalf("%v, %v", bad, err)
	}
	train, validation, test, err := dataset.Partition(src, dataset.PartitionConfig{Validation: 0.2, Test: 0.2, Stratified: true, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]dataset.Source{"train": train, "validation": validation, "test": test} {
		of := make([]int, 3)
		for _, l := range part.(dataset.Labelled).Labels() {
			of[l]++
		}
		want := []int{4, 2, 2}
		if name == "train" {
			want = []int{12, 6, 6}
		}
		if !slices.Equal(of, want) {
			t.Errorf("%s: %v examples of each class, want %v", name, of, want)
		}
	}

	// Without a transform, every batch holds what the files hold.
	seen := map[[2]float32]int{}
	skipped := 0
	for _, part := range []dataset.Source{train, validation, test} {
		b := dataset.Batches(dataset.BatchesConfig{Source: part, BatchSize: 5, SkipErrors: true})
		for b.Next() {
			x, labels := b.X().Data().([]float32), b.Y().Data().([]int64)
			for i, l := range labels {
				one := x[i*8*6*3 : (i+1)*8*6*3]
				if one[0] != float32(l) || one[2] != 200 || one[len(one)-2] != one[1] {
					t.Fatalf("label %d beside %v", l, one)
				}
				seen[[2]float32{one[0], one[1]}]++
			}
		}
		if b.Err() != nil {
			t.Fatal(b.Err())
		}
		n, first := b.Skipped()
		if skipped += n; n > 0 {
			wantError(t, first[0], "class2/damaged.png", "png")
		}
	}
	if len(seen) != 39 || skipped != 1 {
		t.Errorf("%d pictures and %d skipped, want 39 and 1", len(seen), skipped)
	}

	// All of it together, the same for any number of workers.
	cfg := dataset.BatchesConfig{
		Source:     dataset.Cache(train),
		Map:        []dataset.Transform{Augment(AugmentConfig{Shift: 1, Rotate: 10, FlipHorizontal: true, Cutout: 3}), ToCHW()},
		MapBatch:   []dataset.BatchTransform{dataset.Mixup(0.2, 3)},
		BatchSize:  7,
		Seed:       5,
		Epochs:     2,
		SkipErrors: true,
	}
	var want []float32
	for _, workers := range []int{-1, 1, 3} {
		cfg.Workers = workers
		b := dataset.Batches(cfg)
		var got []float32
		for b.Next() {
			n := b.X().Shape()[0]
			if x, y := b.X().Shape(), b.Y().Shape(); !slices.Equal(x[1:], []int{3, 8, 6}) || !slices.Equal(y, []int{n, 3}) {
				t.Fatalf("shapes %v and %v", x, y)
			}
			got = append(append(got, b.X().Data().([]float32)...), b.Y().Data().([]float32)...)
		}
		if b.Err() != nil {
			t.Fatal(b.Err())
		}
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("Workers %d: other numbers than Next's own", workers)
		}
		if half := len(got) / 2; slices.Equal(got[:half], got[half:]) {
			t.Error("the second epoch is the first again")
		}
	}
}

// Every picture is in one validation part, each of which has its share of each class.
func TestKFoldOfAFolder(t *testing.T) {
	src, err := Folder(pictureFolder(t, 6, 3, 2), FolderConfig{Image: Config{Height: 2, Width: 2, Resampling: Nearest, Normalize: Bytes}})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[2]float32]int{}
	for fold := range 3 {
		train, validation, err := dataset.KFold(src, dataset.KFoldConfig{Folds: 3, Stratified: true}, fold)
		if err != nil {
			t.Fatal(err)
		}
		of := make([]int, 3)
		for _, l := range validation.(dataset.Labelled).Labels() {
			of[l]++
		}
		if !slices.Equal(of, []int{2, 1, 1}) || train.Len() != 8 {
			t.Errorf("fold %d: %v of each class, %d to train on", fold, of, train.Len())
		}
		b := dataset.Batches(dataset.BatchesConfig{Source: validation, SkipErrors: true})
		for b.Next() {
			x := b.X().Data().([]float32)
			for ; len(x) > 0; x = x[12:] {
				seen[[2]float32{x[0], x[1]}]++
			}
		}
		if b.Err() != nil {
			t.Fatal(b.Err())
		}
	}
	if len(seen) != 11 {
		t.Errorf("%d pictures, want 11", len(seen))
	}
	for picture, n := range seen {
		if n != 1 {
			t.Errorf("picture %v: in %d folds", picture, n)
		}
	}
}

func TestStringOfChangedClasses(t *testing.T) {
	src, err := Folder(pictureFolder(t, 1, 2), FolderConfig{})
	if err != nil {
		t.Fatal(err)
	}
	src.Classes = src.Classes[:1]
	if got, want := src.String(), src.name+": 4 pictures, class0 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
