package image

import (
	"math/rand/v2"

	"github.com/plexaura/plexaura/training/dataset"
)

// mirrorX exchanges left and right in place.
func (g grid) mirrorX(pix []float32) {
	if g.plane == 1 && g.c > 1 {
		for y := range g.h {
			for i, j := y*g.row, (y+1)*g.row-g.c; i < j; i, j = i+g.c, j-g.c {
				for ch := range g.c {
					pix[i+ch], pix[j+ch] = pix[j+ch], pix[i+ch]
				}
			}
		}
		return
	}
	for row := 0; row < g.len(); row += g.w { // one channel, or planes
		line := pix[row : row+g.w]
		for i, j := 0, g.w-1; i < j; i, j = i+1, j-1 {
			line[i], line[j] = line[j], line[i]
		}
	}
}

// mirrorY exchanges top and bottom in place.
func (g grid) mirrorY(pix []float32) {
	planes, step := g.lines()
	length := g.w * step
	for p := range planes {
		plane := pix[p*g.h*length:]
		for i, j := 0, g.h-1; i < j; i, j = i+1, j-1 {
			a, b := plane[i*length:(i+1)*length], plane[j*length:(j+1)*length]
			for k, v := range a {
				a[k], b[k] = b[k], v
			}
		}
	}
}

// FlipHorizontal exchanges left and right with a probability, usually 0.5. torchvision.transforms.RandomHorizontalFlip;
// tf.image.random_flip_left_right.
func FlipHorizontal(probability float64) dataset.Transform {
	return random("FlipHorizontal", within("probability", probability, 0, 1), func(p *picture, _ *scratch, r *rand.Rand) {
		if r.Float64() < probability {
			p.mirrorX(p.X)
		}
	})
}

// FlipVertical exchanges top and bottom with a probability. torchvision.transforms.RandomVerticalFlip; tf.image.random_flip_up_down.
func FlipVertical(probability float64) dataset.Transform {
	return random("FlipVertical", within("probability", probability, 0, 1), func(p *picture, _ *scratch, r *rand.Rand) {
		if r.Float64() < probability {
			p.mirrorY(p.X)
		}
	})
}
