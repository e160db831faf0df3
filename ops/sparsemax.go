package ops

import (
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Sparsemax is the projection of each row onto the probability simplex, a
// softmax that gives exact zeros: Martins and Astudillo, "From softmax to
// sparsemax" (2016). With z sorted in descending order,
//
//	k = the largest k with 1 + k*z[k] > sum of z[1..k]
//	y = max(x - (sum of z[1..k] - 1)/k, 0)
//
// Over the last axis, [..., classes] -> [..., classes], float32 or float64, rank
// 1 or more. Special values are as in Softmax: -Inf is a mask and gives 0; NaN,
// +Inf or nothing but -Inf makes its own row NaN.
//
// The gradient is computed from the output: where y > 0, grad less its mean over
// these elements of the row; 0 elsewhere.
//
// TF: tf.contrib.sparsemax.sparsemax. PyTorch: none. Dtypes: float. Gradient: yes.
func Sparsemax(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "sparsemax",
		Infer: inferLastAxis,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, sparsemax[float32](b), sparsemax[float64](b))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(sparsemaxGrad(s, grad, out))
		},
	}, x)
}

// sparsemaxGrad is, where y > 0, grad less its mean over these elements of the
// row, and 0 elsewhere; y is the output of Sparsemax.
func sparsemaxGrad(s *graph.Scope, grad, y *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "sparsemax_grad",
		Infer:   sameTwo,
		Kernel:  rowZipKernel(sparsemaxGradRow[float32], sparsemaxGradRow[float64]),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(sparsemaxGrad(s, grad, in[1])) // symmetric in grad, constant in y
		},
	}, grad, y)
}

func sparsemax[T float](b *graph.Binding) graph.Kernel {
	rows, cols, rowGrain := rowsOf(b.Out)
	sorted := b.Scratch(b.Out.Dtype, (rows+rowGrain-1)/rowGrain*cols)
	body := func(c *graph.Call, lo, hi int) {
		y, x := elements[T](c.Out), elements[T](c.In[0])
		z := elements[T](c.Scratch[sorted])[lo/rowGrain*cols:][:cols]
		for r := lo * cols; r < hi*cols; r += cols {
			sparsemaxRow(y[r:r+cols], x[r:r+cols], z)
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}

// sparsemaxRow works on x less its maximum. Of that only what lies above -1 can
// be in the support, because no y exceeds 1: only this needs sorting.
func sparsemaxRow[T float](y, x, z []T) {
	top := slices.Max(x) // NaN if there is one
	if top-top != 0 {
		top -= top // an infinity makes the row NaN
	}
	n := 0
	for _, v := range x {
		if d := v - top; d > -1 {
			z[n] = d
			n++
		}
	}
	z = z[:n]
	slices.Sort(z)
	sum, threshold := 0.0, 0.0
	for k := 1; k <= n; k++ {
		v := float64(z[n-k])
		if k > 1 && !(1+float64(k)*v > sum+v) {
			break
		}
		sum += v
		threshold = (sum - 1) / float64(k)
	}
	for i, v := range x {
		y[i] = T(max(float64(v-top)-threshold, 0))
	}
}

func sparsemaxGradRow[T float](dx, dy, y []T) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	sum, n := 0.0, 0
	for i, v := range y {
		if v > 0 {
			sum += float64(dy[i])
			n++
		}
	}
	mean := T(sum / float64(max(n, 1)))
	for i, v := range y {
		d := dy[i] - mean
		if v == 0 {
			d = 0
		}
		if v != v {
			d = v
		}
		dx[i] = d
	}
}
