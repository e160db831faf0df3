package training

import "github.com/plexaura/plexaura/internal/kernel"

// penalty reads the strength of a penalty of a config.
func (o *optimizer) penalty(field string, strength float64) float64 {
	nonNegative(&o.err, field, strength)
	return orDefault(strength, 0)
}

// softThreshold moves every x towards 0 by at most t, which is not negative: what a
// step on t*|x| does (the proximal operator of l1), sign(x) * max(|x|-t, 0). NaN
// stays NaN. dst is another slice than x.
func softThreshold[T float](dst, x []T, t T) {
	kernel.Clip(dst, x, -t, t)
	kernel.Sub(dst, x, dst)
}
