package training

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
	"github.com/plexaura/plexaura/ops"
)

// AccumulateConfig configures Accumulate. MicroBatches is required.
type AccumulateConfig struct {
	MicroBatches int    // how many Runs make one step; at least 1
	Name         string // of its ops and slots; default "Accumulate"
}

// AccumulateOptimizer is made by Accumulate.
type AccumulateOptimizer struct{ wrapper }

// Accumulate adds up the gradients of several Runs of the train op, each on a
// micro-batch, and lets the inner optimizer make one step with their mean in the
// last of them. With losses that are means over equal micro-batches, that is the
// step on the one large batch, of which only a part has to fit into memory.
//
// Between the steps no weight, slot or global step of the inner optimizer
// changes: the global step counts steps, not Runs, so schedules see steps, and
// constraints are applied in steps only. What the train op runs after, such as
// the updates of batch normalisation, happens in every Run.
//
// The sum beside hidden1/kernel is the variable hidden1/kernel/Accumulate; the
// variable Accumulate/place, an int64 scalar from 0 to MicroBatches-1, counts Runs.
// A checkpoint of g.Variables() keeps both, so that training may be taken up
// between two steps. Make one train op of such an optimizer: all of them share the count.
//
// Wrap what should happen once a step, such as Lookahead and clipping of the mean
// gradient, inside: Accumulate(ProcessGradients(Adam(...), step), ...).
func Accumulate(inner Optimizer, cfg AccumulateConfig) *AccumulateOptimizer {
	o := &AccumulateOptimizer{}
	o.wrap(inner, cfg.Name, "Accumulate", true, func(s *graph.Scope, grads []GradVar) *gorgonia.Node {
		return o.accumulate(s, grads, cfg.MicroBatches)
	})
	if cfg.MicroBatches < 1 && o.err == nil {
		o.err = errors.Errorf("MicroBatches is %d; want the number of Runs that make one step, at least 1", cfg.MicroBatches)
	}
	return o
}

func (o *AccumulateOptimizer) accumulates() bool { return true }

// base is nil: the learning rate is not one of every Run.
func (o *AccumulateOptimizer) base() *optimizer { return nil }

func (o *AccumulateOptimizer) accumulate(s *graph.Scope, grads []GradVar, n int) *gorgonia.Node {
	g := s.Graph()
	in := s.NameScope(o.name)
	runs := cycle{o.counter(g, o.name+"/place"), n}
	inLast := in.Branch(runs.last(in), true)
	means := make([]GradVar, len(grads))
	var done gorgonia.Nodes
	for i, gv := range grads {
		means[i].Var = gv.Var
		if gv.Grad == nil {
			continue
		}
		at := opName("sum_" + g.NameOf(gv.Var))
		sum := o.sumOp(in.NameScope(at), gv, runs.place)
		done = append(done, sum)
		means[i].Grad = ops.Scale(inLast.NameScope(at), sum, 1/float64(n))
	}
	if bad := anyBad(done...); bad != nil {
		return bad
	}
	step := o.step(inLast, means)
	if graph.IsBad(step) {
		return step
	}
	done = append(done, step)
	return trainOp(s, o.name, append(done, runs.advance(in.After(done...)))...)
}

// sumOp adds a gradient to the sum, which in the first Run of a cycle it
// replaces.
func (o *AccumulateOptimizer) sumOp(s *graph.Scope, gv GradVar, place *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "AccumulateGradient",
		Infer:   func(in []graph.Spec) (graph.Spec, error) { return inferUpdate(in, 0) },
		Updates: []int{0},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return splitKernel(b, accumulate[float32], accumulate[float64])
		},
		NotDifferentiable: true,
	}, o.slot(s, gv.Var, "sum", o.name, filled(0)), gv.Grad, place)
}

func accumulate[T float](c *graph.Call, lo, hi int) {
	sum, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi)
	if c.In[2].Int64s()[0] == 0 {
		copy(sum, grad)
		return
	}
	kernel.SGD(sum, grad, -1) // sum += grad
}
