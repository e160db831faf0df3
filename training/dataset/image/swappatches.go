package image

import (
	"cmp"
	"math/rand/v2"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// SwapPatchesConfig says what SwapPatches exchanges.
type SwapPatchesConfig struct {
	Size  int // side of a patch in pixels
	Swaps int // how many times two are exchanged; 0 means 1
}

// SwapPatches exchanges two different patches of a picture, drawn from a grid of squares that begins at the upper left: the texture stays
// what it was, the whole does not. It is the corruption of Chen et al., "Self-supervised learning for medical image analysis using image
// context restoration" (2019), and a coarse form of the jigsaws of Noroozi and Favaro (2016). A picture with less than two patches is an error.
func SwapPatches(cfg SwapPatchesConfig) dataset.Transform {
	if cfg.Swaps == 0 {
		cfg.Swaps = 1
	}
	var err error
	switch {
	case cfg.Size < 1 || cfg.Size > farthest:
		err = errors.Errorf("Size: wanted 1 or more pixels, came %d", cfg.Size)
	case cfg.Swaps < 1:
		err = errors.Errorf("Swaps: wanted 1 or more (0 means 1), came %d", cfg.Swaps)
	}
	return build("SwapPatches", err, func(p *picture, _ *scratch) error {
		rows, columns := p.h/cfg.Size, p.w/cfg.Size
		n := rows * columns
		if err := cmp.Or(needsRand(p), twoPatches(p, n, cfg.Size)); err != nil {
			return err
		}
		for range cfg.Swaps {
			a, b := twoOf(p.Rand, n)
			p.swap(a/columns*cfg.Size, a%columns*cfg.Size, b/columns*cfg.Size, b%columns*cfg.Size, cfg.Size)
		}
		return nil
	})
}

func needsRand(p *picture) error {
	if p.Rand == nil {
		return errNoRand(p.Index)
	}
	return nil
}

func twoPatches(p *picture, n, size int) error {
	if n < 2 {
		return errors.Errorf("example %d: a picture of %d x %d has %d patches of %d x %d; wanted 2 or more to exchange", p.Index, p.h, p.w, n, size, size)
	}
	return nil
}

// twoOf draws two different numbers from 0 to n-1.
func twoOf(r *rand.Rand, n int) (a, b int) {
	a, b = r.IntN(n), r.IntN(n-1)
	if b >= a {
		b++
	}
	return a, b
}

// swap exchanges the squares at (top, left) and (top2, left2).
func (p *picture) swap(top, left, top2, left2, size int) {
	planes, step := p.lines()
	for plane := range planes {
		for y := range size {
			a := p.X[((plane*p.h+top+y)*p.w+left)*step:]
			b := p.X[((plane*p.h+top2+y)*p.w+left2)*step:]
			for i := range size * step {
				a[i], b[i] = b[i], a[i]
			}
		}
	}
}
