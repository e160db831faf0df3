package image_test

import (
	"fmt"
	"math/rand/v2"

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
