package main

import (
	"errors"
	"fmt"
	stdimage "image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// data is where a checkout that lies beside the shared folder has pictures and weights.
var data = filepath.Join("..", "shared", "data")

// filled puts in what the flags leave out.
func (o options) filled() (options, error) {
	if o.seeds < 1 {
		return o, fmt.Errorf("-seeds is %d; want 1 or more", o.seeds)
	}
	if o.way != "" && !slices.Contains([]string{frozen, tuned, scratch}, o.way) {
		return o, fmt.Errorf("-way is %q; want frozen, tuned or scratch", o.way)
	}
	if o.mirrors == "" {
		for _, dir := range []string{"mobilenet_v1_0.25_224_tfjs", "squeezenet_v1.1_notop"} {
			o.mirrors += string(filepath.ListSeparator) + filepath.Join(data, "imagenet", dir)
		}
		o.mirrors = o.mirrors[1:]
	}
	switch {
	case o.train != "":
		return o, nil
	case o.validation != "":
		return o, errors.New("-validation wants -train")
	case o.short:
		return o.generated()
	}
	photos := filepath.Join(data, "photos", "hymenoptera")
	if !exists(photos) {
		return o, fmt.Errorf("there is no %s; give -train a folder of your own pictures, one sub-folder a class. The ants and bees are those of PyTorch's "+
			"tutorial on transfer learning, https://download.pytorch.org/tutorial/hymenoptera_data.zip, of which those licensed freely suffice. -short needs none", photos)
	}
	o.train, o.validation = filepath.Join(photos, "train"), filepath.Join(photos, "val")
	return o, nil
}

// generated draws pictures of discs and squares into a folder, which clean removes.
func (o options) generated() (options, error) {
	dir, err := os.MkdirTemp("", "finetune-")
	if err != nil {
		return o, err
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, part := range []string{"train", "val"} {
		for _, class := range []string{"discs", "squares"} {
			for i := range 16 {
				if err := draw(filepath.Join(dir, part, class, fmt.Sprintf("%02d.png", i)), class == "discs", r); err != nil {
					os.RemoveAll(dir)
					return o, err
				}
			}
		}
	}
	o.train, o.validation, o.made = filepath.Join(dir, "train"), filepath.Join(dir, "val"), dir
	return o, nil
}

// draw writes a picture of 64 x 64 pixels with a disc or a square somewhere.
func draw(path string, disc bool, r *rand.Rand) error {
	m := stdimage.NewRGBA(stdimage.Rect(0, 0, 64, 64))
	colour := func() color.RGBA {
		return color.RGBA{R: uint8(r.IntN(256)), G: uint8(r.IntN(256)), B: uint8(r.IntN(256)), A: 255}
	}
	paper, ink := colour(), colour()
	size, cx, cy := 10+r.IntN(10), 22+r.IntN(20), 22+r.IntN(20)
	for y := range 64 {
		for x := range 64 {
			dx, dy := max(x-cx, cx-x), max(y-cy, cy-y)
			inside := max(dx, dy) <= size
			if disc {
				inside = dx*dx+dy*dy <= size*size
			}
			if inside {
				m.SetRGBA(x, y, ink)
			} else {
				m.SetRGBA(x, y, paper)
			}
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, m); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// clean removes what was generated.
func (o options) clean() {
	if o.made != "" {
		os.RemoveAll(o.made)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
