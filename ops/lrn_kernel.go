package ops

import (
	"math"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// lrnBlock is about how many elements go through the steps of LRN at a time: they stay in
// the first-level cache.
const lrnBlock = 1024

// lrnPlan is how LRN walks over pixels of known sizes.
type lrnPlan struct {
	LRNConfig
	pixels, channels int
	block, chunk     int // pixels in a block, and for one goroutine
	scratch          int
	parts            [4]int // where the parts of a goroutine's scratch begin; the first is zero around the channels
}

func (cfg LRNConfig) plan(b *graph.Binding) *lrnPlan {
	p := &lrnPlan{LRNConfig: cfg, channels: b.Out.Shape[3]}
	if p.channels == 0 {
		return p
	}
	p.pixels = sizeOf(b.Out.Shape) / p.channels
	p.block = max(1, lrnBlock/p.channels)
	p.chunk = max(p.block, grain/4/p.channels, (p.pixels+maxPieces-1)/maxPieces)
	padded, size := p.block*(p.channels+2*p.DepthRadius), p.block*p.channels
	p.parts = [4]int{0, padded, padded + size, padded + 2*size}
	p.scratch = b.Scratch(b.Out.Dtype, (p.pixels+p.chunk-1)/max(1, p.chunk)*(padded+3*size))
	return p
}

// maxPieces bounds the pieces of work that have scratch of their own.
const maxPieces = 32

// lrnBlocks returns a kernel that calls do for blocks of elements [lo, hi), and hands them on.
func lrnBlocks[T float](b *graph.Binding, p *lrnPlan, do func(c *graph.Call, s lrnSpace[T], lo, hi int)) graph.Kernel {
	b.Finishes()
	body := func(c *graph.Call, lo, hi int) {
		size := p.parts[3] + p.block*p.channels
		own := elements[T](c.Scratch[p.scratch])[lo/p.chunk*size:][:size]
		clear(own[:p.parts[1]])
		for ; lo < hi; lo += p.block {
			n := min(p.block, hi-lo) * p.channels
			at := lo * p.channels
			s := lrnSpace[T]{p, own[:p.parts[1]], own[p.parts[1]:][:n], own[p.parts[2]:][:n], own[p.parts[3]:][:n]}
			do(c, s, at, at+n)
			if c.Followed() {
				c.Finish(at, at+n)
			}
		}
	}
	return func(c *graph.Call) error {
		if p.pixels > 0 {
			c.Split(p.pixels, p.chunk, body)
		}
		return nil
	}
}

// lrnSpace is the working memory for a block of pixels.
type lrnSpace[T float] struct {
	*lrnPlan
	padded             []T // pixels with zeros around their channels
	base, power, other []T
}

// sum sets each element of dst to the sum of neighbouring channels of the padded pixels.
func (s *lrnSpace[T]) sum(dst []T) {
	wide := s.channels + 2*s.DepthRadius
	kernel.MeanWindows(dst, s.padded, 1, kernel.Windows{Count: len(dst) / s.channels, Channels: s.channels,
		Rows: 1, Cols: 2*s.DepthRadius + 1, Step: wide, ColStep: 1})
}

// pixel returns the channels of padded pixel i, and where they lie in the block.
func (s *lrnSpace[T]) pixel(i int) (channels []T, at int) {
	return s.padded[i*(s.channels+2*s.DepthRadius)+s.DepthRadius:][:s.channels], i * s.channels
}

// prepare sets base to bias + alpha * sum of squares, and power to base^beta.
func (s *lrnSpace[T]) prepare(x []T) {
	for i := range len(x) / s.channels {
		to, at := s.pixel(i)
		kernel.Square(to, x[at:][:s.channels])
	}
	s.sum(s.base)
	kernel.MulScalar(s.base, s.base, T(s.Alpha))
	kernel.AddScalar(s.base, s.base, T(s.Bias))
	switch s.Beta { // without logarithms
	case 0.5:
		kernel.Sqrt(s.power, s.base)
	case 0.75:
		kernel.Sqrt(s.other, s.base)
		kernel.Sqrt(s.power, s.other)
		kernel.Mul(s.power, s.power, s.other)
	case 1:
		copy(s.power, s.base)
	default:
		for i, v := range s.base {
			s.power[i] = T(math.Pow(float64(v), s.Beta))
		}
	}
}

func lrn[T float](b *graph.Binding, cfg LRNConfig) graph.Kernel {
	return lrnBlocks(b, cfg.plan(b), func(c *graph.Call, s lrnSpace[T], lo, hi int) {
		x := elements[T](c.In[0])[lo:hi]
		s.prepare(x)
		kernel.Div(elements[T](c.Out)[lo:hi], x, s.power)
	})
}

func lrnGrad[T float](b *graph.Binding, cfg LRNConfig) graph.Kernel {
	return lrnBlocks(b, cfg.plan(b), func(c *graph.Call, s lrnSpace[T], lo, hi int) {
		dy, x, dx := elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi], elements[T](c.Out)[lo:hi]
		s.prepare(x)
		kernel.Div(s.power, dy, s.power)
		kernel.Div(s.base, s.power, s.base)
		for i := range len(x) / s.channels {
			to, at := s.pixel(i)
			kernel.Mul(to, s.base[at:][:s.channels], x[at:][:s.channels])
		}
		s.sum(s.other)
		kernel.Mul(s.other, s.other, x)
		kernel.MulScalar(s.other, s.other, T(2*s.Alpha*s.Beta))
		kernel.Sub(dx, s.power, s.other)
	})
}
