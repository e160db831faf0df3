package rbm

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// checkData is an effect that fails the Run where x, [batch, visible], is no data for visible units of a kind, before anything is written.
func checkData(s *graph.Scope, x *gorgonia.Node, units Units) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "CheckData",
		Infer: func(in []graph.Spec) (graph.Spec, error) { return graph.Spec{Dtype: tensor.Bool}, nil },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			if b.In[0].Dtype == tensor.Float64 {
				return func(c *graph.Call) error { return checkBatch[float64](units, c.In[0]) }, nil
			}
			return func(c *graph.Call) error { return checkBatch[float32](units, c.In[0]) }, nil
		},
		Acts:    true,
		NoValue: true,
	}, x)
}

func checkBatch[T float](units Units, batch *graph.Array) error {
	x, visible := elements[T](batch), batch.Shape()[1]
	if len(x) == 0 {
		return errors.New("the batch is empty; want at least one example")
	}
	if units.takes(float64(kernel.Min(x))) && units.takes(float64(kernel.Max(x))) { // NaN if any is
		return nil
	}
	for i, v := range x {
		if !units.takes(float64(v)) {
			return errors.Errorf("example %d of the batch has %v at feature %d: %s", i/visible, v, i%visible, units.wants())
		}
	}
	return nil
}

// takes tells whether a unit may have a value.
func (u Units) takes(v float64) bool {
	if u == Gaussian {
		return math.Abs(v) <= math.MaxFloat64
	}
	return v >= 0 && v <= 1
}

// wants says which values a unit may have.
func (u Units) wants() string {
	if u == Gaussian {
		return "Gaussian units want finite numbers; drop or fill such examples"
	}
	return "Bernoulli units want 0, 1 or probabilities between; divide grey levels by 255, or take Gaussian units for standardised data"
}
