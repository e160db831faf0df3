package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// virtualBatchNorm is batchStatistics with the batch cut into virtual ones of
// size examples, each normalised by its own statistics: Hoffer, Hubara and
// Soudry (2017) call it ghost batch normalisation. As in TensorFlow, example e of
// n/size virtual batches belongs to number e mod (n/size), and the statistics
// given are the mean of those of the virtual batches.
//
// Virtual batches are channels of their own: x is seen as [size, ..., (n/size) *
// channels], so that the fused op does all the work.
func virtualBatchNorm(s *graph.Scope, x, gamma, beta *gorgonia.Node, size int, epsilon float64) normalised {
	channels := graph.SpecOf(gamma).Shape[0]
	view := virtualBatches(s, x, size, channels, false)
	fused := fusedBatchNorm(s, view, tiled(s, gamma, view), tiled(s, beta, view), epsilon)
	average := func(k int) *gorgonia.Node {
		return Mean(s, Reshape(s, graph.Aux(s, fused, k), -1, channels), 0)
	}
	return normalised{
		y: virtualBatches(s, fused, size, channels, true), fused: fused,
		mean: average(0), variance: average(1),
	}
}

// virtualBatches rearranges x [n, ..., channels] to [size, ..., (n/size) *
// channels], and back again.
func virtualBatches(s *graph.Scope, x *gorgonia.Node, size, channels int, back bool) *gorgonia.Node {
	name := "VirtualBatches"
	if back {
		name = "UndoVirtualBatches"
	}
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"virtual_batch_size": size},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x := in[0]
			out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape.Clone()}
			last := x.Rank() - 1
			if back {
				out.Shape[0], out.Shape[last] = graph.Unknown, channels
				if d := x.Shape[last]; d >= 0 {
					out.Shape[0] = d / channels * size
				}
				return out, nil
			}
			out.Shape[0], out.Shape[last] = size, graph.Unknown
			if n := x.Shape[0]; n >= 0 {
				out.Shape[last] = n / size * channels
				if n%size != 0 {
					return out, errors.Errorf("x is %v; want a batch that is a multiple of VirtualBatchSize, %d", x, size)
				}
			}
			return out, nil
		},
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) {
			whole := b.In[0].Shape
			if back {
				whole = b.Out.Shape
			}
			batches := whole[0] / size
			inner := sizeOf(whole[1 : len(whole)-1])
			if back {
				return newLayout(tensor.Shape{size, batches, inner, channels},
					[]int{inner * batches * channels, channels, batches * channels, 1})
			}
			return newLayout(tensor.Shape{size, inner, batches, channels},
				[]int{batches * inner * channels, channels, inner * channels, 1})
		}),
		Alias: func(in []graph.Spec, out graph.Spec) int {
			if in[0].Known() && sizeOf(in[0].Shape[1:in[0].Rank()-1]) == 1 {
				return 0
			}
			return -1
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(virtualBatches(s, grad, size, channels, !back))
		},
	}, x)
}

// tiled repeats a vector v [channels] to the size of the last axis of like, of
// which only the shape is used.
func tiled(s *graph.Scope, v, like *gorgonia.Node) *gorgonia.Node {
	channels := graph.SpecOf(v).Shape[0]
	return graph.Apply(s, graph.OpDef{
		Name:      "TileChannels",
		Infer:     func(in []graph.Spec) (graph.Spec, error) { return channelSpec(in[1]), nil },
		ShapeOnly: []int{1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, tileKernel[float32], tileKernel[float64])
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{Sum(s, Reshape(s, grad, -1, channels), 0), nil}
		},
	}, v, like)
}

func tileKernel[T float](c *graph.Call) error {
	v := elements[T](c.In[0])
	for out := elements[T](c.Out); len(out) > 0; {
		out = out[copy(out, v):]
	}
	return nil
}
