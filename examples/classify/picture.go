package main

import (
	stdimage "image"
	"image/color"
	"path/filepath"

	"github.com/plexaura/plexaura/training/dataset/image"
)

// open reads a photo as a network wants to see it, and draws one where the path is empty.
//
// Where only the middle square is seen, it is cut out before it is resized: a crop of the resized photo may lie half a pixel elsewhere, and
// that is much for a network that is not sure.
func open(path string, in image.Config) (*image.Image, error) {
	if path == "" {
		return image.From(drawing(), in)
	}
	if in.Fit != image.Crop || in.Shorter != 0 || in.Height != in.Width {
		return image.Open(path, in)
	}
	whole := in
	whole.Height, whole.Width, whole.Fit, whole.Normalize = 0, 0, image.Stretch, image.Normalization{}
	m, err := image.Open(path, whole)
	if err != nil {
		return nil, err
	}
	side := min(m.Height, m.Width)
	if m, err = m.Crop((m.Height-side)/2, (m.Width-side)/2, side, side); err != nil {
		return nil, err
	}
	if m, err = m.Resize(in.Height, in.Width, in.Resampling); err != nil {
		return nil, err
	}
	return m.Normalize(in.Normalize)
}

// name is what is printed for a photo.
func name(path string) string {
	if path == "" {
		return "a drawing of an orange"
	}
	return filepath.Base(path)
}

// drawing is the picture where no photo is given.
func drawing() stdimage.Image {
	const side, radius = 256, 90
	m := stdimage.NewRGBA(stdimage.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			dx, dy := x-side/2, y-side/2
			shade := uint8(255 - (x+y)/4)
			c := color.RGBA{shade, shade, 255, 255}
			if dx*dx+dy*dy < radius*radius {
				c = color.RGBA{shade, shade / 2, 0, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}
