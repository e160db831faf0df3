package image_test

import (
	"errors"
	"fmt"
	stdimage "image"
	"image/color"
	"image/png"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
)

// A photo as torchvision's ImageNet models want it: the shorter side 256, the middle 224x224, normalised, channels first.
func ExampleOpen() {
	m, err := image.Open("testdata/420.jpg", image.Config{
		Height: 224, Width: 224, Fit: image.Crop, Shorter: 256,
		Layout: image.CHW, Normalize: image.ImageNet,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m)
	fmt.Println(m.Shape())
	// Output:
	// picture of height 224, width 224, 3 channels (CHW)
	// [3 224 224]
}

// Augmenting one example; Batches does it for every one that it reads.
func ExampleAugment() {
	transform := image.Augment(image.AugmentConfig{Shift: 1})
	e := &dataset.Example{
		X:     []float32{1, 2, 3, 4, 5, 6, 7, 8, 9},
		Shape: []int{3, 3, 1},
		Rand:  rand.New(rand.NewPCG(1, 1)),
	}
	if err := transform(e); err != nil {
		fmt.Println(err)
		return
	}
	for y := range 3 {
		fmt.Println(e.X[3*y : 3*y+3])
	}
	// Output:
	// [0 4 5]
	// [0 7 8]
	// [0 0 0]
}

// A wrong config is told when the Transform is called.
func ExampleAffine() {
	transform := image.Affine(image.AffineConfig{Rotate: 400})
	fmt.Println(transform(&dataset.Example{X: make([]float32, 784), Shape: []int{28, 28, 1}}))
	// Output: image: Affine: Rotate: wanted 0 to 180, came 400
}

// Pictures without classes, of whatever size, brought to one size.
func ExampleFolder() {
	s, err := image.Folder("testdata", image.FolderConfig{Flat: true, Image: image.Config{Height: 32, Width: 32, Channels: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := &dataset.Example{Index: 0}
	if err := s.Read(e); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s)
	fmt.Println(s.Paths[0], e.Shape, e.Label)
	// Output:
	// testdata: 27 pictures
	// 420.jpg [32 32 1] -1
}

// From a folder of pictures to batches for a net: 80 % of every class to train on, decoded once, changed anew in each epoch.
func ExampleFolder_batches() {
	dir, err := os.MkdirTemp("", "shapes")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := draw(dir); err != nil {
		log.Fatal(err)
	}

	photos, err := image.Folder(dir, image.FolderConfig{Image: image.Config{Height: 28, Width: 28, Channels: 1}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(photos.Classes, photos.Len())
	train, validation, err := dataset.Split(photos, dataset.SplitConfig{Stratified: true})
	if err != nil {
		log.Fatal(err)
	}
	batches := dataset.Batches(dataset.BatchesConfig{
		Source:    dataset.Cache(train),
		Map:       []dataset.Transform{image.Augment(image.AugmentConfig{Shift: 2, Rotate: 10, FlipHorizontal: true})},
		BatchSize: 8,
	})
	for batches.Next() {
		fmt.Println("train", batches.X().Shape(), batches.Y().Shape())
	}
	if err := batches.Err(); err != nil {
		log.Fatal(err)
	}
	unchanged := dataset.Batches(dataset.BatchesConfig{Source: validation, NoShuffle: true})
	for unchanged.Next() {
		fmt.Println("validation", unchanged.X().Shape(), unchanged.Y())
	}
	if err := unchanged.Err(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// [bar square] 20
	// train (8, 28, 28, 1) (8)
	// train (8, 28, 28, 1) (8)
	// validation (4, 28, 28, 1) [0  1  1  0]
}

// draw makes the folders bar and square, with ten PNG files each.
func draw(dir string) error {
	for class, width := range map[string]int{"bar": 4, "square": 12} {
		if err := os.Mkdir(filepath.Join(dir, class), 0o755); err != nil {
			return err
		}
		for i := range 10 {
			m := stdimage.NewGray(stdimage.Rect(0, 0, 32, 24+i))
			for y := range 12 {
				for x := range width {
					m.SetGray(6+i+x, 6+y, color.Gray{Y: 255})
				}
			}
			f, err := os.Create(filepath.Join(dir, class, fmt.Sprintf("%d.png", i)))
			if err != nil {
				return err
			}
			if err := errors.Join(png.Encode(f, m), f.Close()); err != nil {
				return err
			}
		}
	}
	return nil
}
