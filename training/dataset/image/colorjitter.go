package image

import (
	"cmp"
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// ColorJitterConfig says how much ColorJitter changes. The zero value changes nothing.
type ColorJitterConfig struct {
	Brightness float64 // the factor is uniform in max(0, 1-Brightness)..1+Brightness
	Contrast   float64 // the same
	Saturation float64 // the same; wants 3 or 4 channels
	Hue        float64 // the shift is uniform in -Hue..Hue of the colour circle; at most 0.5; wants 3 or 4 channels

	Max float64 // values are 0..Max and are cut off there; 0 means 1
}

// ColorJitter changes brightness, contrast, saturation and hue by random amounts and in a random order. It belongs before Normalize; alpha
// stays.
//
// torchvision.transforms.ColorJitter and its formulas: brightness f*x; contrast and saturation f*x + (1-f)*g, where g is the mean of the
// picture's grey (0.2989 R + 0.587 G + 0.114 B) and the grey of the pixel; hue in HSV.
func ColorJitter(cfg ColorJitterConfig) dataset.Transform {
	defaultTo(&cfg.Max, 1)
	err := cmp.Or(
		within("Brightness", cfg.Brightness, 0, 1e3),
		within("Contrast", cfg.Contrast, 0, 1e3),
		within("Saturation", cfg.Saturation, 0, 1e3),
		within("Hue", cfg.Hue, 0, 0.5),
		within("Max", cfg.Max, 1e-6, 1e6))
	return build("ColorJitter", err, func(p *picture, s *scratch) error {
		if p.c == 2 || p.c < 3 && (cfg.Saturation > 0 || cfg.Hue > 0) {
			return errors.Errorf("example %d: wanted 3 or 4 channels, or 1 without Saturation and Hue, came %d", p.Index, p.c)
		}
		if p.Rand == nil {
			return errNoRand(p.Index)
		}
		cfg.change(p, p.Rand)
		return nil
	})
}

func (c ColorJitterConfig) change(p *picture, r *rand.Rand) {
	order := [4]int{0, 1, 2, 3}
	for i := 3; i > 0; i-- {
		j := r.IntN(i + 1)
		order[i], order[j] = order[j], order[i]
	}
	top := float32(c.Max)
	factor := func(spread float64) float32 { return float32(between(r, max(0, 1-spread), 1+spread)) }
	for _, what := range order {
		switch {
		case what == 0 && c.Brightness > 0:
			p.brightness(p.X, factor(c.Brightness), top)
		case what == 1 && c.Contrast > 0:
			p.contrast(p.X, factor(c.Contrast), top)
		case what == 2 && c.Saturation > 0:
			p.saturation(p.X, factor(c.Saturation), top)
		case what == 3 && c.Hue > 0:
			p.hue(p.X, float32(between(r, -c.Hue, c.Hue)), top)
		}
	}
}

// colours is how many of the channels are not alpha.
func (g grid) colours() int { return min(g.c, 3) }

func (g grid) brightness(pix []float32, f, top float32) { g.blend(pix, f, 0, top) }

func (g grid) contrast(pix []float32, f, top float32) {
	var sum float64
	if g.c == 1 {
		for _, v := range pix {
			sum += float64(v)
		}
	} else {
		for y := range g.h {
			i := y * g.row
			for range g.w {
				sum += float64(greyOf(pix[i], pix[i+g.plane], pix[i+2*g.plane]))
				i += g.col
			}
		}
	}
	g.blend(pix, f, float32(sum/float64(g.h*g.w)), top)
}

// blend is x = f*x + (1-f)*other, cut off to 0..top.
func (g grid) blend(pix []float32, f, other, top float32) {
	other *= 1 - f
	if g.colours() == g.c {
		for i, v := range pix {
			pix[i] = min(max(f*v+other, 0), top)
		}
		return
	}
	for ch := range g.colours() {
		for y := range g.h {
			i := y*g.row + ch*g.plane
			for range g.w {
				pix[i] = min(max(f*pix[i]+other, 0), top)
				i += g.col
			}
		}
	}
}

func (g grid) saturation(pix []float32, f, top float32) {
	for y := range g.h {
		for x := range g.w {
			i := y*g.row + x*g.col
			j, k := i+g.plane, i+2*g.plane
			grey := (1 - f) * greyOf(pix[i], pix[j], pix[k])
			pix[i], pix[j], pix[k] = min(max(f*pix[i]+grey, 0), top), min(max(f*pix[j]+grey, 0), top), min(max(f*pix[k]+grey, 0), top)
		}
	}
}

func greyOf(r, g, b float32) float32 { return 0.2989*r + 0.587*g + 0.114*b }

// hue turns the colour circle by shift, 1 being the whole of it.
func (g grid) hue(pix []float32, shift, top float32) {
	for y := range g.h {
		for x := range g.w {
			i := y*g.row + x*g.col
			j, k := i+g.plane, i+2*g.plane
			pix[i], pix[j], pix[k] = turnHue(pix[i], pix[j], pix[k], shift, top)
		}
	}
}

// turnHue goes by HSV (Smith, "Color gamut transform pairs", 1978): largest and smallest colour stay, and so do brightness and saturation.
func turnHue(r, g, b, shift, top float32) (float32, float32, float32) {
	r, g, b = min(max(r, 0), top), min(max(g, 0), top), min(max(b, 0), top)
	high, low := max(r, g, b), min(r, g, b)
	span := high - low
	if span == 0 {
		return r, g, b
	}
	var h float32 // in sixths of the circle
	switch high {
	case r:
		h = (g - b) / span
	case g:
		h = 2 + (b-r)/span
	default:
		h = 4 + (r-g)/span
	}
	h = float32(math.Mod(float64(h+6*shift)+12, 6))
	// How far a colour is from the place on the circle where it is strongest says how strong it is.
	at := func(place float32) float32 {
		d := float32(math.Abs(float64(h - place)))
		d = min(d, 6-d)
		return low + span*min(max(2-d, 0), 1)
	}
	return at(0), at(2), at(4)
}
