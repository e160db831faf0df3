package plots

import (
	"fmt"

	"github.com/pkg/errors"
)

// Reconstructions draws images and, beneath each, what an autoencoder or a Boltzmann machine made of it, on one scale of grey. Both are as ImageGrid
// has them; there are as many captions, if any, as originals, and they stand beneath the reconstructions. cfg.Limit and cfg.Columns count pairs.
func Reconstructions(originals, reconstructions [][]float32, cfg ImageGridConfig) (*Picture, error) {
	p, err := pairs(originals, reconstructions, cfg)
	return p, errors.WithMessage(err, "plots: reconstructions")
}

func pairs(originals, reconstructions [][]float32, cfg ImageGridConfig) (*Picture, error) {
	if cfg.Channels == 0 {
		cfg.Channels = 1
	}
	n := len(originals)
	if len(reconstructions) != n {
		return nil, errors.Errorf("%d originals and %d reconstructions; give one for each", n, len(reconstructions))
	}
	if err := cfg.check(originals); err != nil {
		return nil, err
	}
	for i, im := range originals {
		if len(reconstructions[i]) != len(im) {
			return nil, errors.Errorf("reconstruction %d has %d values, its original %d", i, len(reconstructions[i]), len(im))
		}
	}
	images := make([][]float32, 0, 2*n)
	for i, im := range originals {
		images = append(images, im, reconstructions[i])
	}
	cfg.Captions, cfg.Flagged = beneath(cfg.Captions, ""), beneath(cfg.Flagged, false)
	p, err := imageGrid(images, 2, cfg)
	if err != nil {
		return nil, err
	}
	shown := len(cfg.limit(images, 2)) / 2
	p.kind = "reconstructions"
	p.text = fmt.Sprintf("%s%d images of %d x %d, each above its reconstruction", prefix(label(cfg.Title)), shown, cfg.Height, cfg.Width)
	return p, nil
}

// beneath gives every second image, from the second on, its value of x; nil stays nil.
func beneath[T any](x []T, otherwise T) []T {
	if x == nil {
		return nil
	}
	out := make([]T, 0, 2*len(x))
	for _, v := range x {
		out = append(out, otherwise, v)
	}
	return out
}
