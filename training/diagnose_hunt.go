package training

import (
	"context"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// breakdown is where a NaN or an infinity first appeared.
type breakdown struct {
	step  int
	node  string
	cause string
}

// hunt makes step k again with CheckNumerics, from the values before it, and
// returns the first node that is not finite: of the loss, of the gradients, or of
// the step.
func (e *examination) hunt(ctx context.Context, k int, vars gorgonia.Nodes, before []*tensor.Dense) *breakdown {
	s, _, err := e.copySession(true)
	if err != nil {
		return nil
	}
	defer s.Close()
	values := map[*gorgonia.Node]interface{}{}
	for i, v := range vars {
		values[v] = before[i]
	}
	if err := s.SetValues(values); err != nil {
		return nil
	}
	grads := gorgonia.Nodes{e.cfg.Loss}
	for _, p := range e.probes {
		for _, n := range []*gorgonia.Node{p.gradPre, p.gradKernel} {
			if n != nil {
				grads = append(grads, n)
			}
		}
	}
	for _, nodes := range []gorgonia.Nodes{{e.cfg.Loss}, grads, {e.cfg.Step, e.cfg.Loss}} {
		_, err := s.RunContext(ctx, e.feeds[k], nodes...)
		if b := notFinite(k, err); b != nil {
			return b
		}
	}
	return nil
}

// notFinite returns the node at which a Run stopped because of a NaN or an
// infinity, found by the session or by an ops.CheckNumerics; nil for other errors.
func notFinite(step int, err error) *breakdown {
	var failed *graph.RunError
	if !errors.As(err, &failed) || !errors.Is(err, graph.ErrNotFinite) && failed.Op != "CheckNumerics" {
		return nil
	}
	return &breakdown{step: step, node: failed.Node, cause: failed.Cause.Error()}
}
