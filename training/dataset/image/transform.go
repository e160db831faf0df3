package image

import (
	"bytes"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// picture is an Example seen as a picture.
type picture struct {
	*dataset.Example
	grid
	form form
}

// form is how the shape of an Example says the size.
type form int

const (
	hwc  form = iota // [h, w, c]
	chw              // [c, h, w]
	grey             // [h, w]
	flat             // [h*w]
)

func pictureOf(e *dataset.Example) (picture, error) {
	p := picture{Example: e}
	if e == nil {
		return p, errors.New("wanted an Example, came nil")
	}
	switch s := e.Shape; {
	case len(s) == 3 && s[2] >= 1 && s[2] <= maxChannels:
		p.grid = gridOf(s[0], s[1], s[2], HWC)
	case len(s) == 3 && s[0] >= 1 && s[0] <= maxChannels:
		p.grid, p.form = gridOf(s[1], s[2], s[0], CHW), chw
	case len(s) == 2:
		p.grid, p.form = gridOf(s[0], s[1], 1, HWC), grey
	case len(s) == 1:
		side := int(math.Sqrt(float64(max(s[0], 0))) + 0.5)
		if side*side == s[0] {
			p.grid, p.form = gridOf(side, side, 1, HWC), flat
		}
	}
	if p.h < 1 || p.w < 1 {
		return p, errors.Errorf("example %d: wanted a picture [height, width, channels] or [channels, height, width] of 1 to %d channels, [height, width], "+
			"or [n] where n is a square number, came shape %v; reshape it", e.Index, maxChannels, e.Shape)
	}
	if len(e.X) != p.len() {
		return p, errors.Errorf("example %d: shape %v needs %d values, X has %d", e.Index, e.Shape, p.len(), len(e.X))
	}
	return p, nil
}

// resizeTo gives the example another size in the same form; its values hold anything then.
func (p *picture) resizeTo(h, w int) {
	switch p.form {
	case chw:
		p.Resize(p.c, h, w)
	case grey:
		p.Resize(h, w)
	case flat:
		p.Resize(h * w)
	default:
		p.Resize(h, w, p.c)
	}
	p.grid = gridOf(h, w, p.c, p.layout())
}

func (p *picture) layout() Layout {
	if p.form == chw {
		return CHW
	}
	return HWC
}

// scratch is memory that a Transform, or decoding, needs while it runs.
type scratch struct {
	pix, cut []float32
	file     bytes.Buffer
	row      [][4]byte
	resampler
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// keep copies the picture's values, so that X can be written.
func (s *scratch) keep(x []float32) []float32 {
	s.pix = append(s.pix[:0], x...)
	return s.pix
}

// transform makes a Transform of a function on pictures. err is what is wrong with the config.
func transform(name string, err error, change func(p *picture, s *scratch)) dataset.Transform {
	return build(name, err, func(p *picture, s *scratch) error {
		change(p, s)
		return nil
	})
}

// random is transform for a function that draws.
func random(name string, err error, change func(p *picture, s *scratch, r *rand.Rand)) dataset.Transform {
	return build(name, err, func(p *picture, s *scratch) error {
		if p.Rand == nil {
			return errNoRand(p.Index)
		}
		change(p, s, p.Rand)
		return nil
	})
}

func errNoRand(index int) error {
	return errors.Errorf("example %d: wanted Rand to draw from, came nil; Batches sets it", index)
}

func build(name string, err error, change func(p *picture, s *scratch) error) dataset.Transform {
	prefix := "image: " + name
	return func(e *dataset.Example) error {
		if err != nil {
			return errors.WithMessage(err, prefix)
		}
		p, err := pictureOf(e)
		if err != nil {
			return errors.WithMessage(err, prefix)
		}
		s := scratches.Get().(*scratch)
		err = change(&p, s)
		scratches.Put(s)
		if err != nil {
			return errors.WithMessage(err, prefix)
		}
		return nil
	}
}

// between draws uniformly from lo to hi.
func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// within returns an error unless lo <= v <= hi.
func within(name string, v, lo, hi float64) error {
	if v >= lo && v <= hi {
		return nil
	}
	if math.IsInf(hi, 1) && !math.IsInf(v, 1) && v == v {
		return errors.Errorf("%s: wanted %v or more, came %v", name, lo, v)
	}
	return errors.Errorf("%s: wanted %v to %v, came %v", name, lo, hi, v)
}
