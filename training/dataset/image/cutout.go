package image

import (
	"cmp"
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// CutoutConfig says what Cutout covers.
type CutoutConfig struct {
	Size  int     // side of the square in pixels
	Holes int     // how many squares; 0 means 1
	Value float32 // what they are filled with; the paper's is 0, the mean of a normalised picture
}

// Cutout covers squares of a picture: the centre is a random pixel, and what lies beyond the edge is cut off (DeVries and Taylor, "Improved
// Regularization of Convolutional Neural Networks with Cutout", 2017).
func Cutout(cfg CutoutConfig) dataset.Transform {
	if cfg.Holes == 0 {
		cfg.Holes = 1
	}
	var err error
	switch {
	case cfg.Size < 1 || cfg.Size > farthest:
		err = errors.Errorf("Size: wanted 1 or more pixels, came %d", cfg.Size)
	case cfg.Holes < 1:
		err = errors.Errorf("Holes: wanted 1 or more (0 means 1), came %d", cfg.Holes)
	}
	return random("Cutout", err, func(p *picture, _ *scratch, r *rand.Rand) {
		for range cfg.Holes {
			top, left := r.IntN(p.h)-cfg.Size/2, r.IntN(p.w)-cfg.Size/2
			bottom, right := min(top+cfg.Size, p.h), min(left+cfg.Size, p.w)
			top, left = max(top, 0), max(left, 0)
			p.cover(part{top, left, bottom - top, right - left}, func(row []float32) { fill(row, cfg.Value) })
		}
	})
}

// RandomErasingConfig says what RandomErasing covers.
type RandomErasingConfig struct {
	Probability          float64 // that a picture is touched; 0 means 0.5
	MinArea, MaxArea     float64 // share of the picture's area, uniform; 0 means 0.02 and 1/3
	MinAspect, MaxAspect float64 // height/width, uniform in its logarithm; 0 means 0.3 and 1/0.3
	Value                float32 // what it is filled with
	Noise                bool    // fill it with normal noise of mean Value and standard deviation 1 instead
}

// RandomErasing covers a rectangle of random area and aspect ratio inside of a picture (Zhong et al., "Random Erasing Data Augmentation", 2017),
// or nothing when ten tries do not fit.
//
// torchvision.transforms.RandomErasing.
func RandomErasing(cfg RandomErasingConfig) dataset.Transform {
	defaultTo(&cfg.Probability, 0.5)
	defaultTo(&cfg.MinArea, 0.02)
	defaultTo(&cfg.MaxArea, 1.0/3)
	defaultTo(&cfg.MinAspect, 0.3)
	defaultTo(&cfg.MaxAspect, 1/0.3)
	err := cmp.Or(
		within("Probability", cfg.Probability, 0, 1),
		within("MaxArea", cfg.MaxArea, 1e-6, 1), within("MinArea", cfg.MinArea, 1e-6, cfg.MaxArea),
		within("MinAspect", cfg.MinAspect, 1e-3, 1e3), within("MaxAspect", cfg.MaxAspect, cfg.MinAspect, 1e3))
	return random("RandomErasing", err, func(p *picture, _ *scratch, r *rand.Rand) {
		if r.Float64() >= cfg.Probability {
			return
		}
		for range 10 {
			area := float64(p.h) * float64(p.w) * between(r, cfg.MinArea, cfg.MaxArea)
			ratio := math.Exp(between(r, math.Log(cfg.MinAspect), math.Log(cfg.MaxAspect)))
			h, w := int(math.RoundToEven(math.Sqrt(area*ratio))), int(math.RoundToEven(math.Sqrt(area/ratio)))
			if h < 1 || w < 1 || h >= p.h || w >= p.w {
				continue
			}
			p.cover(part{r.IntN(p.h - h + 1), r.IntN(p.w - w + 1), h, w}, func(row []float32) {
				if !cfg.Noise {
					fill(row, cfg.Value)
					return
				}
				for i := range row {
					row[i] = cfg.Value + float32(r.NormFloat64())
				}
			})
			return
		}
	})
}

// cover calls change with each run of values in a part of the picture.
func (p *picture) cover(a part, change func(row []float32)) {
	planes, step := p.lines()
	for plane := range planes {
		for y := a.top; y < a.top+a.h; y++ {
			i := (plane*p.h+y)*p.w*step + a.left*step
			change(p.X[i : i+a.w*step])
		}
	}
}
