package tensorflow

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
)

// Random ops draw from TensorFlow's distributions, but not its numbers: those of the graph's own generator, so that its seed counts, and
// TensorFlow's seed and seed2 do not.

var uniform = distribution{
	fixed: func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node {
		return ops.RandomUniform(s, 0, 1, cfg, shape...)
	},
	f32: func(dst []float32, st philox.Stream, offset int) { philox.FillUniform(dst, st, offset, 0, 1) },
	f64: func(dst []float64, st philox.Stream, offset int) { philox.FillUniform(dst, st, offset, 0, 1) },
}

var normal = distribution{
	fixed: func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node {
		return ops.RandomNormal(s, 0, 1, cfg, shape...)
	},
	f32: func(dst []float32, st philox.Stream, offset int) { philox.FillNormal(dst, st, offset, 0, 1) },
	f64: func(dst []float64, st philox.Stream, offset int) { philox.FillNormal(dst, st, offset, 0, 1) },
}

var truncated = distribution{
	fixed: func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node {
		return ops.TruncatedNormal(s, 0, 1, cfg, shape...)
	},
	f32: func(dst []float32, st philox.Stream, offset int) { philox.FillTruncatedNormal(dst, st, offset, 0, 1) },
	f64: func(dst []float64, st philox.Stream, offset int) { philox.FillTruncatedNormal(dst, st, offset, 0, 1) },
}

func randomUniform(c *call) []*value   { return c.draws(uniform) }
func randomNormal(c *call) []*value    { return c.draws(normal) }
func truncatedNormal(c *call) []*value { return c.draws(truncated) }

func (c *call) draws(d distribution) []*value {
	return one(d.draw(c.s, c.parts, c.dtype("dtype", tffile.Float32), c.sizes(0)))
}

func randomShuffle(c *call) []*value { return one(ops.RandomShuffle(c.s, c.x(0), ops.RandomConfig{})) }

// randomGamma draws numbers of a shape, or as many as are known to be wanted, for each element of alpha.
func randomGamma(c *call) []*value {
	shape, alpha := c.ints(0), c.spec(1)
	if len(shape) == 0 {
		return one(ops.RandomGamma(c.s, c.x(1), nil, ops.RandomConfig{}))
	}
	if !alpha.Known() {
		c.fail("alpha is %v; want a shape that is known", alpha)
	}
	return one(ops.RandomGamma(c.s, c.x(1), nil, ops.RandomConfig{}, append(shape[:len(shape):len(shape)], alpha.Shape...)...))
}

func multinomial(c *call) []*value {
	return one(ops.Categorical(c.s, c.x(0), c.integer(1), ops.RandomConfig{Dtype: c.dtype("output_dtype", tffile.Int64)}))
}
