package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// ClipByValue limits every element of every gradient to [lo, hi]; nil gradients
// stay nil. It is applied between ComputeGradients and ApplyGradients, and
// changes the gradient's direction. ops.ClipByValue has the details.
// torch.nn.utils.clip_grad_value_.
func ClipByValue(s *graph.Scope, grads []GradVar, lo, hi float64) []GradVar {
	return eachGradient(grads, func(grad *gorgonia.Node) *gorgonia.Node { return ops.ClipByValue(s, grad, lo, hi) })
}

// ClipByNorm scales each gradient that is longer than c, in Euclidean norm,
// down to the length c; nil gradients stay nil. ops.ClipByNorm has the details.
func ClipByNorm(s *graph.Scope, grads []GradVar, c float64) []GradVar {
	return eachGradient(grads, func(grad *gorgonia.Node) *gorgonia.Node { return ops.ClipByNorm(s, grad, c) })
}

// ClipByGlobalNorm scales all gradients together so that their common Euclidean
// norm is at most c, which keeps their direction, and returns that norm of
// before as well: a scalar worth watching. nil gradients stay nil; where all are,
// so is the norm. An infinite or NaN norm makes all gradients NaN.
// ops.ClipByGlobalNorm has the details. torch.nn.utils.clip_grad_norm_.
func ClipByGlobalNorm(s *graph.Scope, grads []GradVar, c float64) (clipped []GradVar, norm *gorgonia.Node) {
	nodes := make(gorgonia.Nodes, len(grads))
	for i, gv := range grads {
		nodes[i] = gv.Grad
	}
	nodes, norm = ops.ClipByGlobalNorm(s, nodes, c)
	clipped = make([]GradVar, len(grads))
	for i, gv := range grads {
		clipped[i] = GradVar{nodes[i], gv.Var}
	}
	return clipped, norm
}

// eachGradient replaces the gradients; by passes nil on.
func eachGradient(grads []GradVar, by func(*gorgonia.Node) *gorgonia.Node) []GradVar {
	out := make([]GradVar, len(grads))
	for i, gv := range grads {
		out[i] = GradVar{by(gv.Grad), gv.Var}
	}
	return out
}
