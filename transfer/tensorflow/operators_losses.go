package tensorflow

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
)

// l2Loss is half the sum of squares.
func l2Loss(c *call) []*value {
	return one(ops.Scale(c.s, ops.Sum(c.parts, ops.Square(c.parts, c.x(0))), 0.5))
}

// softmaxCrossEntropy has a second output, the gradient for the logits.
func softmaxCrossEntropy(c *call) []*value {
	logits, labels := c.x(0), c.x(1)
	return []*value{{node: ops.SoftmaxCrossEntropy(c.s, labels, logits)}, {later: func() *gorgonia.Node {
		return ops.Sub(c.parts, ops.Softmax(c.parts, logits), labels)
	}}}
}

func sparseSoftmaxCrossEntropy(c *call) []*value {
	logits, labels := c.x(0), c.x(1)
	return []*value{{node: ops.SparseSoftmaxCrossEntropy(c.s, labels, logits)}, {later: func() *gorgonia.Node {
		sp := graph.SpecOf(logits)
		return ops.Sub(c.parts, ops.Softmax(c.parts, logits), ops.Cast(c.parts, ops.OneHot(c.parts, labels, sp.Shape[sp.Rank()-1]), sp.Dtype))
	}}}
}

func inTopK(c *call) []*value {
	k := c.int("k", 0)
	if c.op == "InTopKV2" {
		k = c.integer(2)
	}
	return one(ops.InTopK(c.s, c.x(1), c.x(0), k))
}

func topK(c *call) []*value {
	k := c.int("k", 0)
	if c.op == "TopKV2" {
		k = c.integer(1)
	}
	values, indices := ops.TopK(c.s, c.x(0), k)
	return several(values, ops.Cast(c.parts, indices, tensor.Int32))
}

// arg is the place of the greatest or least element.
func arg(f func(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node) operator {
	return func(c *call) []*value {
		axis := c.axis(c.integer(1), c.rank(0))
		if dt := c.dtype("output_type", tffile.Int64); dt != tensor.Int64 {
			return one(ops.Cast(c.s, f(c.parts, c.x(0), axis), dt))
		}
		return one(f(c.s, c.x(0), axis))
	}
}
