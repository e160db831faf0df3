package image

import (
	"cmp"
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// ShiftConfig says how far Shift moves a picture.
type ShiftConfig struct {
	X, Y     float64 // pixels: at most so many to either side, and up or down
	Subpixel bool    // uniform in -X..X, bilinear; by default whole pixels, each equally likely
	Padding  Padding // what moves in from beyond the edge; the zero value is a constant, Value
	Value    float32 // for PadConstant
}

// Shift moves a picture by a random number of pixels; the size stays. Whole pixels are copied. scipy.ndimage.shift.
func Shift(cfg ShiftConfig) dataset.Transform {
	err := cmp.Or(within("X", cfg.X, 0, farthest), within("Y", cfg.Y, 0, farthest), cfg.Padding.check())
	if err == nil && cfg.X == 0 && cfg.Y == 0 {
		err = errors.New("X and Y: wanted how many pixels to shift by, both are 0")
	}
	if err == nil && !cfg.Subpixel && (cfg.X != math.Trunc(cfg.X) || cfg.Y != math.Trunc(cfg.Y)) {
		err = errors.Errorf("X and Y: wanted whole numbers of pixels, came %v and %v; set Subpixel for parts of them", cfg.X, cfg.Y)
	}
	border := AffineConfig{Padding: cfg.Padding, Value: cfg.Value}
	return random("Shift", err, func(p *picture, s *scratch, r *rand.Rand) {
		m := affine{zoom: 1}
		if cfg.Subpixel {
			m.shiftX, m.shiftY = between(r, -cfg.X, cfg.X), between(r, -cfg.Y, cfg.Y)
		} else {
			m.shiftX, m.shiftY = float64(r.IntN(2*int(cfg.X)+1)-int(cfg.X)), float64(r.IntN(2*int(cfg.Y)+1)-int(cfg.Y))
		}
		m.warp(p, s, border)
	})
}
