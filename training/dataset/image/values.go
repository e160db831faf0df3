package image

import (
	"math"
	"math/rand/v2"

	"github.com/plexaura/plexaura/training/dataset"
)

// GaussianNoise adds normal noise of mean 0 and a standard deviation to each value. tf.keras.layers.GaussianNoise.
func GaussianNoise(std float64) dataset.Transform {
	return random("GaussianNoise", within("std", std, 0, 1e6), func(p *picture, _ *scratch, r *rand.Rand) {
		for i, v := range p.X {
			p.X[i] = v + float32(std*r.NormFloat64())
		}
	})
}

// Normalize is (v - Mean) / Std for each channel; see Normalization. torchvision.transforms.Normalize.
func Normalize(n Normalization) dataset.Transform {
	return build("Normalize", n.check(0), func(p *picture, _ *scratch) error {
		if err := n.check(p.c); err != nil {
			return err
		}
		n.apply(p.grid, p.X, 1)
		return nil
	})
}

// Standardize brings each picture to mean 0 and standard deviation 1 by itself: (x - mean) / max(std, 1/sqrt(n)) over its n values, so that a
// picture of one colour becomes 0. tf.image.per_image_standardization.
func Standardize() dataset.Transform {
	return transform("Standardize", nil, func(p *picture, _ *scratch) {
		n := float64(len(p.X))
		var mean, square float64
		for _, v := range p.X {
			mean += float64(v)
		}
		mean /= n
		for _, v := range p.X {
			d := float64(v) - mean
			square += d * d
		}
		scale := 1 / max(math.Sqrt(square/n), 1/math.Sqrt(n))
		for i, v := range p.X {
			p.X[i] = float32((float64(v) - mean) * scale)
		}
	})
}
