package image

import (
	"cmp"
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// RandomCropConfig says what RandomCrop cuts out.
type RandomCropConfig struct {
	Height, Width int     // of the result; both 0 mean the size of the picture, which then wants Pad
	Pad           int     // so many rows and columns are added on each side first; CIFAR's is 4
	Padding       Padding // what is added; the zero value is a constant, Value
	Value         float32 // for PadConstant
}

// RandomCrop cuts a part out at random, after padding: torchvision.transforms.RandomCrop; tf.image.random_crop. All places are equally likely.
func RandomCrop(cfg RandomCropConfig) dataset.Transform {
	err := cfg.Padding.check()
	switch {
	case cfg.Height < 0 || cfg.Width < 0 || (cfg.Height == 0) != (cfg.Width == 0):
		err = errors.Errorf("Height and Width: wanted both 1 or more, or both 0 to keep the size, came %d and %d", cfg.Height, cfg.Width)
	case cfg.Pad < 0 || cfg.Pad > farthest:
		err = errors.Errorf("Pad: wanted 0 or more pixels, came %d", cfg.Pad)
	case cfg.Height == 0 && cfg.Pad == 0:
		err = errors.New("Height, Width and Pad are all 0: wanted a size to cut out, or Pad to move the picture by")
	}
	return build("RandomCrop", err, func(p *picture, s *scratch) error {
		h, w := cfg.Height, cfg.Width
		if h == 0 {
			h, w = p.h, p.w
		}
		if h > p.h+2*cfg.Pad || w > p.w+2*cfg.Pad {
			return errors.Errorf("example %d: wanted a picture of at least %dx%d, came %dx%d and Pad %d; resize it first or set Pad", p.Index, h, w, p.h, p.w, cfg.Pad)
		}
		if p.Rand == nil {
			return errNoRand(p.Index)
		}
		top, left := p.Rand.IntN(p.h+2*cfg.Pad-h+1)-cfg.Pad, p.Rand.IntN(p.w+2*cfg.Pad-w+1)-cfg.Pad
		from, src := p.grid, s.keep(p.X)
		p.resizeTo(h, w)
		translate(p.X, p.grid, src, from, -top, -left, cfg.Padding, cfg.Value)
		return nil
	})
}

// RandomResizedCropConfig says what RandomResizedCrop cuts out, and its size afterwards.
type RandomResizedCropConfig struct {
	Height, Width        int        // of the result
	MinArea, MaxArea     float64    // share of the picture's area, uniform; 0 means 0.08 and 1
	MinAspect, MaxAspect float64    // width/height, uniform in its logarithm; 0 means 3/4 and 4/3
	Resampling           Resampling // the zero value is PIL's bilinear
}

// RandomResizedCrop cuts out a part of random area and aspect ratio and resizes it, as ImageNet nets are trained (Szegedy et al., "Going Deeper
// with Convolutions", 2015). After ten tries that do not fit it takes the largest middle part of an allowed ratio.
//
// torchvision.transforms.RandomResizedCrop.
func RandomResizedCrop(cfg RandomResizedCropConfig) dataset.Transform {
	defaultTo(&cfg.MinArea, 0.08)
	defaultTo(&cfg.MaxArea, 1)
	defaultTo(&cfg.MinAspect, 3.0/4)
	defaultTo(&cfg.MaxAspect, 4.0/3)
	err := cmp.Or(
		checkSides(cfg.Height, cfg.Width),
		within("MaxArea", cfg.MaxArea, 1e-6, 1), within("MinArea", cfg.MinArea, 1e-6, cfg.MaxArea),
		within("MinAspect", cfg.MinAspect, 1e-3, 1e3), within("MaxAspect", cfg.MaxAspect, cfg.MinAspect, 1e3),
		cfg.Resampling.check())
	return random("RandomResizedCrop", err, func(p *picture, s *scratch, r *rand.Rand) {
		part := cfg.part(p.grid, r)
		from, src := p.grid, s.keep(p.X)
		// Only the part is looked at, as if it were the whole picture.
		cut := resized(s.cut, part.h*part.w*p.c)
		s.cut = cut
		g := gridOf(part.h, part.w, p.c, p.layout())
		crop(cut, g, src, from, part.top, part.left)
		p.resizeTo(cfg.Height, cfg.Width)
		s.run(cfg.Resampling, p.X, p.grid, cut, g)
	})
}

type part struct{ top, left, h, w int }

// part draws what is cut out.
func (c RandomResizedCropConfig) part(g grid, r *rand.Rand) part {
	area := float64(g.h) * float64(g.w)
	for range 10 {
		a := area * between(r, c.MinArea, c.MaxArea)
		ratio := math.Exp(between(r, math.Log(c.MinAspect), math.Log(c.MaxAspect)))
		w, h := int(math.RoundToEven(math.Sqrt(a*ratio))), int(math.RoundToEven(math.Sqrt(a/ratio)))
		if w > 0 && w <= g.w && h > 0 && h <= g.h {
			return part{r.IntN(g.h - h + 1), r.IntN(g.w - w + 1), h, w}
		}
	}
	h, w := g.h, g.w
	switch ratio := float64(g.w) / float64(g.h); {
	case ratio < c.MinAspect:
		h = min(max(int(math.RoundToEven(float64(w)/c.MinAspect)), 1), g.h)
	case ratio > c.MaxAspect:
		w = min(max(int(math.RoundToEven(float64(h)*c.MaxAspect)), 1), g.w)
	}
	return part{(g.h - h) / 2, (g.w - w) / 2, h, w}
}

// defaultTo sets what was left 0.
func defaultTo(v *float64, to float64) {
	if *v == 0 {
		*v = to
	}
}
