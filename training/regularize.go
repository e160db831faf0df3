package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Regularize enters a regularisation loss for each trainable variable whose name a
// pattern matches into graph.RegularizationLosses, where TotalLoss finds it, and returns these
// losses. It is for layers that are built already:
//
//	training.Regularize(s, ops.L2(1e-4), ".*/kernel")
//	total := training.TotalLoss(s, loss)
//
// A variable that several patterns match counts once; one whose layer has a
// regularizer, or that an earlier call has regularized, gets this loss beside that
// one. The loss of hidden1/kernel is made in the scope hidden1/kernel/Regularizer of s.
// That no pattern is given, and that one matches nothing, are errors: ".*" would take biases
// as well. tf.contrib.layers.apply_regularization.
func Regularize(s *graph.Scope, regularizer ops.Regularizer, patterns ...string) gorgonia.Nodes {
	const name = "Regularize"
	if len(patterns) == 0 {
		s.Failf(name, nil, `no pattern was given; ".*/kernel" takes the kernel of every layer%s`, namesOf(s.Graph(), s.Graph().Trainable()))
		return nil
	}
	if regularizer == nil {
		s.Failf(name, nil, "the regularizer is nil; ops.L2(1e-4) is one")
		return nil
	}
	vars, err := s.Graph().Select(graph.TrainableVariables, patterns...)
	if err != nil {
		s.Fail(name, nil, graph.Spec{Dtype: s.Graph().Dtype()}, err)
		return nil
	}
	var losses gorgonia.Nodes
	for _, v := range vars {
		at := s.NameScope(opName(s.Graph().NameOf(v)) + "/Regularizer")
		if loss := regularizer.Enter(at, v); loss != nil {
			losses = append(losses, loss)
		}
	}
	return losses
}
