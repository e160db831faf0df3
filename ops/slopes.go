package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// leakyBy is x where x > 0 and alpha*x otherwise, for slopes alpha in an array:
// one number, one per channel (the last axis), or one per element. PReLU and
// RReLU are made of it.
func leakyBy(s *graph.Scope, name string, x, alpha *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Infer: inferSlopes,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatLoop(b, leakyBySlopes[float32](b), leakyBySlopes[float64](b))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			x, alpha := in[0], in[1]
			return gorgonia.Nodes{leakyByGrad(s, name, grad, x, alpha), slopeGrad(s, name, grad, x, alpha)}
		},
	}, x, alpha)
}

// leakyByGrad is the gradient of leakyBy with respect to x: grad where x > 0
// and alpha*grad otherwise. NaN in x gives NaN.
func leakyByGrad(s *graph.Scope, name string, grad, x, alpha *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: name + "_grad",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in[:2])
			if err == nil {
				_, err = inferSlopes([]graph.Spec{out, in[2]})
			}
			return out, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatLoop(b, leakyBySlopesGrad[float32](b), leakyBySlopesGrad[float64](b))
		},
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dy, x, alpha := in[0], in[1], in[2]
			negative := Cast(s, LessEqual(s, x, graph.ZerosLike(s, x)), x.Dtype())
			return gorgonia.Nodes{
				leakyByGrad(s, name, grad, x, alpha),
				nil, // constant in x
				SumTo(s, Mul(s, Mul(s, grad, dy), negative), alpha),
			}
		},
	}, grad, x, alpha)
}

// slopeGrad is the gradient of leakyBy with respect to alpha: grad*min(x, 0)
// summed to the shape of alpha, in float64.
func slopeGrad(s *graph.Scope, name string, grad, x, alpha *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: name + "_slope_grad",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x, err := sameTwo(in[:2])
			if err == nil {
				_, err = inferSlopes([]graph.Spec{x, in[2]})
			}
			return in[2], err
		},
		ShapeOnly: []int{2},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			if sizeOf(b.In[0].Shape) == sizeOf(b.Out.Shape) {
				return floatLoop(b, zipOver(belowZero[float32]), zipOver(belowZero[float64]))
			}
			// No more partial sums than what few goroutines can share.
			size, cols := sizeOf(b.In[0].Shape), sizeOf(b.Out.Shape)
			rows := size / max(1, cols)
			chunk := max(1, (rows+15)/16, grain/max(1, cols))
			partial := b.Scratch(tensor.Float64, (rows+chunk-1)/chunk*cols)
			return floatKernel(b,
				slopeGradKernel[float32](rows, cols, chunk, partial),
				slopeGradKernel[float64](rows, cols, chunk, partial))
		},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			grad, x, alpha := in[0], in[1], in[2]
			return only(SumTo(s, Mul(s, grad, Minimum(s, x, graph.ZerosLike(s, x))), alpha))
		},
	}, grad, x, alpha)
}

// inferSlopes is the shape rule of leakyBy.
func inferSlopes(in []graph.Spec) (graph.Spec, error) {
	x, alpha := in[0], in[1]
	if !x.IsFloat() || alpha.Dtype != x.Dtype {
		return x, errors.Errorf("the input is %v and the slopes are %v; want one float dtype", x, alpha)
	}
	if len(alpha.Shape) == 0 || len(alpha.Shape) == 1 && alpha.Shape[0] == 1 {
		return x, nil
	}
	shift := x.Rank() - alpha.Rank()
	for i, d := range alpha.Shape {
		if shift < 0 || d >= 0 && x.Shape[shift+i] >= 0 && d != x.Shape[shift+i] {
			return x, errors.Errorf("the input is %v and the slopes are %v; want one slope, one per channel (the last axis) or one per element", x, alpha)
		}
	}
	return x, nil
}

// leakyBySlopes chooses by how often the slopes repeat: at every element, or
// every so many.
func leakyBySlopes[T float](b *graph.Binding) graph.Loop {
	cols := sizeOf(b.In[1].Shape)
	if cols == 1 {
		return func(c *graph.Call, lo, hi int) {
			kernel.LeakyReLU(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[0])
		}
	}
	return func(c *graph.Call, lo, hi int) {
		y, x, a := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
		for lo < hi {
			end := min(hi, lo+cols-lo%cols)
			leakyByLoop(y[lo:end], x[lo:end], a[lo%cols:])
			lo = end
		}
	}
}

func leakyByLoop[T float](y, x, a []T) {
	x, a = x[:len(y)], a[:len(y)]
	for i, v := range x {
		f := a[i]
		if v > 0 {
			f = 1
		}
		y[i] = v * f
	}
}

func leakyBySlopesGrad[T float](b *graph.Binding) graph.Loop {
	cols := sizeOf(b.In[2].Shape)
	if cols == 1 {
		return func(c *graph.Call, lo, hi int) {
			kernel.LeakyReLUGrad(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi], elements[T](c.In[2])[0])
		}
	}
	return func(c *graph.Call, lo, hi int) {
		dx, dy, x, a := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		for lo < hi {
			end := min(hi, lo+cols-lo%cols)
			leakyByGradLoop(dx[lo:end], dy[lo:end], x[lo:end], a[lo%cols:])
			lo = end
		}
	}
}

func leakyByGradLoop[T float](dx, dy, x, a []T) {
	dy, x, a = dy[:len(dx)], x[:len(dx)], a[:len(dx)]
	for i, v := range x {
		f := a[i]
		if v > 0 {
			f = 1
		}
		if v != v {
			f = v
		}
		dx[i] = dy[i] * f
	}
}

// belowZero is dy*min(x, 0).
func belowZero[T float](da, dy, x []T) {
	dy, x = dy[:len(da)], x[:len(da)]
	for i, v := range x {
		if v > 0 {
			v = 0
		}
		da[i] = dy[i] * v
	}
}

// slopeGradKernel adds up the rows of each chunk, then the chunks in order, so
// that the sum does not depend on the number of workers.
func slopeGradKernel[T float](rows, cols, chunk, partial int) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		dy, x := elements[T](c.In[0])[lo*cols:hi*cols], elements[T](c.In[1])[lo*cols:hi*cols]
		sums := c.Scratch[partial].Float64s()[lo/chunk*cols:][:cols]
		clear(sums)
		if cols == 1 {
			sum := 0.0
			for i, v := range x {
				sum += float64(dy[i]) * min(float64(v), 0)
			}
			sums[0] = sum
			return
		}
		for ; len(x) >= cols; dy, x = dy[cols:], x[cols:] {
			for j, v := range x[:cols] {
				sums[j] += float64(dy[j]) * min(float64(v), 0)
			}
		}
	}
	return func(c *graph.Call) error {
		out := elements[T](c.Out)
		c.Split(rows, chunk, body)
		partials := c.Scratch[partial].Float64s()
		for j := range out {
			sum := 0.0
			for k := j; k < len(partials); k += cols {
				sum += partials[k]
			}
			out[j] = T(sum)
		}
		return nil
	}
}
