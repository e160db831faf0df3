package initializers

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Orthogonal makes a random matrix with orthonormal columns (rows, where there
// are fewer of them), times gain: Saxe, McClelland and Ganguli (2014).
// tf.orthogonal_initializer; gain 1 is usual, sqrt 2 suits ReLU. A kernel of
// more than two axes is taken as the matrix [product of the others, last].
//
// It is the factor Q of the QR decomposition of a matrix of standard normal
// draws, with the signs that make the diagonal of R positive: Q is then
// distributed uniformly, and is one matrix whatever the algorithm.
func Orthogonal(gain float64) graph.Initializer { return orthogonal{gain} }

type orthogonal struct{ gain float64 }

// String is the call that makes it.
func (i orthogonal) String() string { return fmt.Sprintf("Orthogonal(%v)", i.gain) }

// Initialize implements graph.Initializer.
func (i orthogonal) Initialize(v *graph.Initial) error {
	shape := v.Out.Shape()
	if len(shape) < 2 {
		return errors.Errorf("the variable has shape %v; Orthogonal needs two axes or more", []int(shape))
	}
	if !(i.gain > 0) || math.IsInf(i.gain, 0) {
		return errors.Errorf("Orthogonal has gain %v; want a positive number", i.gain)
	}
	if err := v.Normal(0, 1); err != nil {
		return err
	}
	if v.Out.Size() == 0 {
		return nil
	}
	cols := shape[len(shape)-1]
	if v.Out.Dtype() == tensor.Float32 {
		orthonormalise(v.Out.Float32s(), v.Out.Size()/cols, cols, float32(i.gain))
	} else {
		orthonormalise(v.Out.Float64s(), v.Out.Size()/cols, cols, i.gain)
	}
	return nil
}

// orthonormalise replaces the draws in x, which become a tall matrix in
// row-major order, by gain*Q, transposed where [rows, cols] is wide.
func orthonormalise[T float32 | float64](x []T, rows, cols int, gain T) {
	tall, narrow := max(rows, cols), min(rows, cols)
	a := blas64.General{Rows: tall, Cols: narrow, Stride: narrow, Data: make([]float64, tall*narrow)}
	for k, draw := range x {
		a.Data[k] = float64(draw)
	}
	tau := make([]float64, narrow)
	size := make([]float64, 1)
	lapack64.Geqrf(a, tau, size, -1) // asks how much working memory is best
	work := make([]float64, int(size[0]))
	lapack64.Geqrf(a, tau, work, len(work))
	sign := make([]T, narrow)
	for k := range sign {
		sign[k] = gain
		if a.Data[k*narrow+k] < 0 {
			sign[k] = -gain
		}
	}
	lapack64.Orgqr(a, tau, size, -1)
	work = make([]float64, int(size[0]))
	lapack64.Orgqr(a, tau, work, len(work))
	for r := range tall {
		for c := range narrow {
			at := r*narrow + c
			if rows < cols {
				at = c*tall + r
			}
			x[at] = sign[c] * T(a.Data[r*narrow+c])
		}
	}
}
