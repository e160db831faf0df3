package ops

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
	"github.com/plexaura/plexaura/internal/philox"
)

// Dropout sets each element of x to 0 with probability rate and multiplies the
// others by 1/(1-rate) where training, a scalar bool, holds; elsewhere, and
// always when training is nil, it is x: Srivastava et al. (2014). A rate of 0
// is legal, and is x; it must be below 1.
//
// Any shape, float32 or float64. What is dropped is 0 even if it was infinite or
// NaN. The gradient drops and scales the same elements. Each Run draws anew,
// once for all consumers of the node; a draw depends on the graph's seed, the
// node's name, the number of the Run and the element's index only. Without
// training nothing is drawn.
//
// tf.layers.dropout, whose rate this is (tf.nn.dropout takes 1-rate in TF1);
// torch.nn.Dropout.
//
// TF: tf.layers.dropout. PyTorch: torch.nn.functional.dropout. Dtypes: float. Gradient: yes.
func Dropout(s *graph.Scope, x *gorgonia.Node, rate float64, training *gorgonia.Node) *gorgonia.Node {
	if !(rate >= 0 && rate < 1) {
		return s.Failf("Dropout", gorgonia.Nodes{x}, "rate is %v; want the share to drop, at least 0 and below 1", rate)
	}
	var noisy func(s *graph.Scope) *gorgonia.Node
	if rate > 0 {
		noisy = func(s *graph.Scope) *gorgonia.Node {
			return dropping{name: "Dropout", rate: rate, scale: 1 / (1 - rate), keep32: kernel.Keep[float32], keep64: kernel.Keep[float64]}.apply(s, x)
		}
	}
	return inTraining(s, "Dropout", x, training, noisy)
}

// dropping is a kind of dropout: what happens to the elements that a mask keeps
// and to the others.
type dropping struct {
	name  string
	rate  float64 // the share that is dropped
	scale float64 // what the kept ones, and their gradients, are multiplied by

	keep32 func(out, x []float32, mask []uint8, scale float32)
	keep64 func(out, x []float64, mask []uint8, scale float64)
}

// apply drops in any case. The extra output is the mask, a byte an element, 1
// for what is kept.
func (d dropping) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  d.name,
		Attrs: map[string]interface{}{"rate": d.rate},
		Infer: graph.SameFloat,
		Aux: func(in []graph.Spec) ([]graph.Spec, error) {
			return []graph.Spec{{Dtype: tensor.Uint8, Shape: in[0].Shape}}, nil
		},
		Draws: true,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			m := newMasking(b, d.rate)
			return floatKernel(b,
				dropoutKernel(m, d.keep32, float32(d.scale)),
				dropoutKernel(m, d.keep64, d.scale))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(d.grad(s, grad, graph.Aux(s, out, 0)))
		},
	}, x)
}

// grad is dy*scale where mask is 1 and 0 elsewhere.
func (d dropping) grad(s *graph.Scope, dy, mask *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  d.name + "Grad",
		Attrs: map[string]interface{}{"rate": d.rate},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if !graph.Compatible(in[0].Shape, in[1].Shape) {
				return in[0], errors.Errorf("the gradient is %v, the mask %v; want equal shapes", in[0], in[1])
			}
			return in[0], nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatLoop(b, dropoutGrad(kernel.Keep[float32], float32(d.scale)), dropoutGrad(kernel.Keep[float64], d.scale))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{d.grad(s, grad, in[1]), nil}
		},
	}, dy, mask)
}

// masking draws masks. Byte i%16 of block i/16 decides on element i: below hi it
// is dropped, above it is kept, and where it equals hi a word from the far half of
// the stream does, against lo. So a draw costs a sixteenth of a block, and the
// share dropped is rate to within 2^-40.
type masking struct {
	key    [2]uint32
	hi, lo uint32
}

func newMasking(b *graph.Binding, rate float64) masking {
	below := uint64(math.Round(rate * (1 << 40)))
	return masking{philox.Key(b.Seed, b.Name), uint32(below >> 32), uint32(below)}
}

// fill sets mask to the decisions on the elements from offset on.
func (m masking) fill(mask []uint8, draw uint64, offset int) {
	if m.hi > 0xff {
		clear(mask)
		return
	}
	stream := philox.New(m.key, draw)
	philox.FillBytes(mask, stream, offset)
	if m.lo == 0 { // what equals hi is kept
		kernel.Order(mask, mask, uint8(m.hi), 1)
		return
	}
	kernel.Order(mask, mask, uint8(m.hi), 2)
	k := 0
	for ; k+8 <= len(mask); k += 8 {
		const two = 0x0202020202020202
		for equal := binary.LittleEndian.Uint64(mask[k:]) & two; equal != 0; equal &= equal - 1 {
			i := k + bits.TrailingZeros64(equal)/8
			mask[i] = m.decide(stream, uint64(offset+i))
		}
	}
	for ; k < len(mask); k++ {
		if mask[k] == 2 {
			mask[k] = m.decide(stream, uint64(offset+k))
		}
	}
}

// decide settles element i, whose byte is hi.
func (m masking) decide(stream philox.Stream, i uint64) uint8 {
	if stream.Block(1<<63 | i)[0] < m.lo {
		return 0
	}
	return 1
}

func dropoutKernel[T float](m masking, keep func(out, x []T, mask []uint8, scale T), scale T) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		mask := c.Aux[0].Uint8s()[lo:hi]
		m.fill(mask, c.Draw, lo)
		keep(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], mask, scale)
	}
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), grain, body)
		return nil
	}
}

func dropoutGrad[T float](keep func(out, x []T, mask []uint8, scale T), scale T) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		keep(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], c.In[1].Uint8s()[lo:hi], scale)
	}
}
