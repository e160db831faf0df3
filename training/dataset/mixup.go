package dataset

import (
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/draws"
)

// Mixup makes of every example a mixture with another one of the batch:
// lambda*x + (1-lambda)*x', with lambda drawn from Beta(alpha, alpha) once a batch
// and the partners from a permutation of it. Labels become soft ones, Targets
// float32 [N, classes], mixed in the same proportion; Targets that the batch
// has already are mixed as they are, and classes does not matter then. A usual alpha is 0.2.
//
// The loss is the cross-entropy with soft labels (ops.SoftmaxCrossEntropy).
//
// H. Zhang, M. Cisse, Y. Dauphin, D. Lopez-Paz, "mixup: Beyond Empirical Risk
// Minimization", ICLR 2018.
func Mixup(alpha float64, classes int) BatchTransform {
	return func(b *Batch) error {
		m, err := newMixing(b, alpha, classes)
		if err != nil {
			return errors.WithMessage(err, "Mixup")
		}
		m.mix(b.X, b.copyOf(b.X), float32(m.lambda))
		m.mix(b.Targets, b.copyOf(b.Targets), float32(m.lambda))
		return nil
	}
}

// CutMix pastes a rectangle of another picture of the batch into every picture; X
// is [N, height, width] or [N, height, width, channels]. The rectangle is one a
// batch: its share of the area is 1-lambda, with lambda drawn from
// Beta(alpha, alpha), its centre anywhere in the picture, and what lies outside is
// cut off. Labels become soft ones as with Mixup, in proportion to the areas. A
// usual alpha is 1.
//
// S. Yun, D. Han, S. J. Oh, S. Chun, J. Choe, Y. Yoo, "CutMix: Regularization
// Strategy to Train Strong Classifiers with Localizable Features", ICCV 2019.
func CutMix(alpha float64, classes int) BatchTransform {
	return func(b *Batch) error {
		if len(b.Shape) != 2 && len(b.Shape) != 3 {
			return errors.Errorf("CutMix: wanted pictures [height, width] or [height, width, channels], came %v", tensor.Shape(b.Shape))
		}
		m, err := newMixing(b, alpha, classes)
		if err != nil {
			return errors.WithMessage(err, "CutMix")
		}
		height, width := b.Shape[0], b.Shape[1]
		side := math.Sqrt(1 - m.lambda)
		top, bottom := m.cut(side, height)
		left, right := m.cut(side, width)
		m.paste(b, top, bottom, left, right)
		m.mix(b.Targets, b.copyOf(b.Targets), 1-float32((bottom-top)*(right-left))/float32(height*width))
		return nil
	}
}

// mixing is what is drawn for one batch.
type mixing struct {
	pcg     rand.PCG
	lambda  float64
	partner []int
}

// newMixing draws, and turns labels into targets.
func newMixing(b *Batch, alpha float64, classes int) (*mixing, error) {
	if !(alpha > 0 && alpha <= math.MaxFloat32) {
		return nil, errors.Errorf("alpha: wanted a number above 0, came %v", alpha)
	}
	if b.Targets == nil {
		if err := oneHot(b, classes); err != nil {
			return nil, err
		}
	}
	m := &mixing{partner: make([]int, b.N)}
	m.pcg.Seed(b.Rand.Uint64(), b.Rand.Uint64())
	m.lambda = beta(&m.pcg, alpha)
	shuffle(&m.pcg, m.partner)
	return m, nil
}

// oneHot makes Targets [N, classes] of Labels.
func oneHot(b *Batch, classes int) error {
	if b.Labels == nil {
		return errors.New("wanted a batch with labels or targets, came one without")
	}
	if classes < 1 {
		return errors.Errorf("classes: wanted 1 or more, came %d", classes)
	}
	t := b.ResizeTargets(classes)
	clear(t)
	for i, l := range b.Labels {
		if l < 0 || l >= int64(classes) {
			return errors.Errorf("wanted labels from 0 to %d, came %d", classes-1, l)
		}
		t[i*classes+int(l)] = 1
	}
	return nil
}

// mix is dst = lambda*src + (1-lambda)*(src of the partner), for rows of any width.
func (m *mixing) mix(dst, src []float32, lambda float32) {
	width := len(src) / len(m.partner)
	for i, p := range m.partner {
		own, other := src[i*width:(i+1)*width], src[p*width:(p+1)*width]
		for j, v := range own {
			dst[i*width+j] = lambda*v + (1-lambda)*other[j]
		}
	}
}

// cut draws where a stretch of a side lies: its length is share of n, its centre
// anywhere, and it ends at the ends of the side.
func (m *mixing) cut(share float64, n int) (from, to int) {
	length := int(share * float64(n))
	from = int(draws.Below(&m.pcg, uint64(n))) - length/2
	return max(from, 0), min(from+length, n)
}

// paste copies a rectangle of every partner.
func (m *mixing) paste(b *Batch, top, bottom, left, right int) {
	src := b.copyOf(b.X)
	size := product(b.Shape)
	row := size / b.Shape[0]
	pixel := row / b.Shape[1]
	for i, p := range m.partner {
		for y := top; y < bottom; y++ {
			from, to := y*row+left*pixel, y*row+right*pixel
			copy(b.X[i*size+from:i*size+to], src[p*size+from:p*size+to])
		}
	}
}
