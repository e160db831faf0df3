package schedule

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// Schedule is a learning rate as a function of the step: every config of this
// package is one, and a type of the user's own may be.
type Schedule interface {
	// At returns the rate of a step; steps count from 0, and an earlier one
	// counts as 0. Of a config that its Check rejects it may be any number.
	At(step int64) float64
}

// Node makes a node of any schedule: the rate at step, a scalar int, int32 or int64
// such as training.GlobalStep gives. The result is a scalar of the graph's dtype,
// computed in float64. A schedule with a method Check() error is asked for
// mistakes when the node is built; that a rate is NaN or infinite is an error
// of the Run.
func Node(s *graph.Scope, step *gorgonia.Node, schedule Schedule) *gorgonia.Node {
	return node(s, "Schedule", step, schedule)
}

// noisy is a schedule that draws random numbers.
type noisy interface {
	// atNoise is At with a number drawn from the standard normal distribution.
	atNoise(step int64, z float64) float64
}

// node is Node with the name of the op.
func node(s *graph.Scope, name string, step *gorgonia.Node, schedule Schedule) *gorgonia.Node {
	rate := graph.Spec{Dtype: s.Graph().Dtype(), Shape: tensor.Shape{}}
	if err := check(schedule); err != nil {
		return s.Fail(name, gorgonia.Nodes{step}, rate, err)
	}
	random, draws := schedule.(noisy)
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"schedule": fmt.Sprintf("%+v", schedule)},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if !in[0].IsInt() || in[0].Rank() != 0 {
				return rate, errors.Errorf("the step is %v; want a scalar of int, int32 or int64, such as training.GlobalStep(s)", in[0])
			}
			return rate, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			key := philox.Key(b.Seed, b.Name)
			return func(c *graph.Call) error {
				step := max(0, integer(c.In[0]))
				var rate float64
				if draws {
					var z [1]float64
					philox.FillNormal(z[:], philox.New(key, c.Draw), 0, 0, 1)
					rate = random.atNoise(step, z[0])
				} else {
					rate = schedule.At(step)
				}
				if math.IsNaN(rate) || math.IsInf(rate, 0) {
					return errors.Errorf("the rate of step %d is %v; want a finite number", step, rate)
				}
				set(c.Out, rate)
				return nil
			}, nil
		},
		Draws:             draws,
		NotDifferentiable: true,
	}, step)
}

// integer reads an integer scalar.
func integer(a *graph.Array) int64 {
	switch a.Dtype() {
	case tensor.Int:
		return int64(a.Ints()[0])
	case tensor.Int32:
		return int64(a.Int32s()[0])
	}
	return a.Int64s()[0]
}

// set writes a float scalar.
func set(a *graph.Array, x float64) {
	if a.Dtype() == tensor.Float32 {
		a.Float32s()[0] = float32(x)
		return
	}
	a.Float64s()[0] = x
}
