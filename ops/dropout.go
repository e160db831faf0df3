package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
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
func Dropout(s *graph.Scope, x *gorgonia.Node, rate float64, training *gorgonia.Node) *gorgonia.Node {
	const name = "Dropout"
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	if !graph.IsBad(x) && !sp.IsFloat() {
		return s.Failf(name, gorgonia.Nodes{x}, "x is %v; want float32 or float64 (ops.Cast converts)", sp)
	}
	if !(rate >= 0 && rate < 1) {
		return s.Failf(name, gorgonia.Nodes{x}, "rate is %v; want the share to drop, at least 0 and below 1", rate)
	}
	if training != nil && !graph.IsBad(training) {
		if t := graph.SpecOf(training); t.Dtype != tensor.Bool || t.Rank() != 0 {
			return s.Failf(name, gorgonia.Nodes{x, training}, "training is %v; want a scalar bool, or nil for never", t)
		}
	}
	if training == nil || rate == 0 {
		return graph.Identity(s, x)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return graph.Merge(s, training, dropout(s.Branch(training, true), x, rate), x)
	})
}

// dropout drops and scales in any case. Its extra output is the mask, a byte an
// element, 1 for what is kept.
func dropout(s *graph.Scope, x *gorgonia.Node, rate float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Dropout",
		Attrs: map[string]interface{}{"rate": rate},
		Infer: unaryFloat,
		Aux: func(in []graph.Spec) ([]graph.Spec, error) {
			return []graph.Spec{{Dtype: tensor.Uint8, Shape: in[0].Shape}}, nil
		},
		Draws: true,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			m := newMasking(b, rate)
			return floatKernel(b,
				dropoutKernel(m, kept32(1/(1-rate))),
				dropoutKernel(m, kept64(1/(1-rate))))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(dropoutGrad(s, grad, graph.Aux(s, out, 0), rate))
		},
	}, x)
}

// dropoutGrad is dy/(1-rate) where mask is 1 and 0 elsewhere.
func dropoutGrad(s *graph.Scope, dy, mask *gorgonia.Node, rate float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "DropoutGrad",
		Attrs: map[string]interface{}{"rate": rate},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if !agree(in[0].Shape, in[1].Shape) {
				return in[0], errors.Errorf("the gradient is %v, the mask %v; want equal shapes", in[0], in[1])
			}
			return in[0], nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, dropoutGradKernel(kept32(1/(1-rate))), dropoutGradKernel(kept64(1/(1-rate))))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{dropoutGrad(s, grad, in[1], rate), nil}
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
	stream := philox.New(m.key, draw)
	everywhere := m.hi * 0x01010101
	for k := 0; k < len(mask); {
		at := uint64(offset + k)
		words := stream.Block(at / 16)
		for l := at % 16; l < 16 && k < len(mask); {
			w := words[l/4] >> (8 * (l % 4))
			if l%4 != 0 || len(mask)-k < 4 {
				mask[k] = m.kept(stream, uint64(offset+k), w&0xff)
				k++
				l++
				continue
			}
			// Four at once; the top bit of a difference is set where a byte is less.
			four := mask[k:][:4]
			four[0] = uint8((w&0xff-m.hi)>>31) ^ 1
			four[1] = uint8((w>>8&0xff-m.hi)>>31) ^ 1
			four[2] = uint8((w>>16&0xff-m.hi)>>31) ^ 1
			four[3] = uint8((w>>24-m.hi)>>31) ^ 1
			if x := w ^ everywhere; (x-0x01010101)&^x&0x80808080 != 0 { // a byte may equal hi
				for j := range four {
					four[j] = m.kept(stream, uint64(offset+k+j), w>>(8*j)&0xff)
				}
			}
			k += 4
			l += 4
		}
	}
}

// kept decides on element i by its byte.
func (m masking) kept(stream philox.Stream, i uint64, b uint32) uint8 {
	if b == m.hi {
		return m.decide(stream, i)
	}
	return uint8((b-m.hi)>>31) ^ 1
}

// decide settles element i, whose byte is hi.
func (m masking) decide(stream philox.Stream, i uint64) uint8 {
	if m.lo != 0 && stream.Block(1<<63 | i)[0] < m.lo {
		return 0
	}
	return 1
}

func dropoutKernel[T float](m masking, kept func(out, x []T, mask []uint8)) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		mask := c.Aux[0].Uint8s()[lo:hi]
		m.fill(mask, c.Draw, lo)
		kept(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], mask)
	}
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), grain, body)
		return nil
	}
}

func dropoutGradKernel[T float](kept func(out, x []T, mask []uint8)) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		kept(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], c.In[1].Uint8s()[lo:hi])
	}
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), grain, body)
		return nil
	}
}

// kept32 and kept64 scale what the mask keeps and set the rest to 0, by its
// bits: a branch would be mispredicted half the time.
func kept32(scale float64) func(out, x []float32, mask []uint8) {
	k := float32(scale)
	return func(out, x []float32, mask []uint8) {
		x, mask = x[:len(out)], mask[:len(out)]
		for i := range out {
			out[i] = math.Float32frombits(math.Float32bits(x[i]*k) & -uint32(mask[i]))
		}
	}
}

func kept64(scale float64) func(out, x []float64, mask []uint8) {
	return func(out, x []float64, mask []uint8) {
		x, mask = x[:len(out)], mask[:len(out)]
		for i := range out {
			out[i] = math.Float64frombits(math.Float64bits(x[i]*scale) & -uint64(mask[i]))
		}
	}
}
