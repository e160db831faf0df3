package rbm

import (
	"context"
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// GapConfig says what FreeEnergyGap compares. Training and Validation are required.
type GapConfig struct {
	// Training and Validation are the batches of examples that were trained on, a part as large as the others will do, and of examples that were not.
	// One epoch of each is read.
	Training, Validation training.Data

	X     *gorgonia.Node // the placeholder that is fed the examples; default: the machine's X
	Feeds graph.Feeds    // fed beside it
}

// Gap is the mean free energy of an example, in nats up to a constant that both have in common.
type Gap struct{ Training, Validation float64 }

// FreeEnergyGap measures overfitting (Hinton's guide, section 6): the mean free energies of training and of validation data. While the machine
// generalises they are about the same; that of the validation data rises over the other as it overfits. The difference is that of the
// log-likelihoods, since log Z cancels.
//
// It trains nothing. To have a curve of either, take MeanFreeEnergy as a metric of hooks.Evaluate.
func (r *RBM) FreeEnergyGap(ctx context.Context, sess *graph.Session, cfg GapConfig) (Gap, error) {
	if !r.exists() {
		return Gap{}, errors.WithMessage(errMissing, "rbm: FreeEnergyGap")
	}
	x := cfg.X
	if x == nil {
		x = r.X
	}
	mean := func(name string, data training.Data) (float64, error) {
		out, err := training.Evaluate(ctx, sess, training.EvaluateConfig{
			Data: data, X: x, Feeds: cfg.Feeds, Metrics: map[string]*gorgonia.Node{"F": r.MeanFreeEnergy},
		})
		return out["F"], errors.WithMessagef(err, "rbm: FreeEnergyGap: %s", name)
	}
	var g Gap
	var err error
	if g.Training, err = mean("Training", cfg.Training); err == nil {
		g.Validation, err = mean("Validation", cfg.Validation)
	}
	if err != nil {
		return Gap{}, err
	}
	return g, nil
}

// Difference is Validation - Training: above zero by how much worse the machine explains what it was not trained on.
func (g Gap) Difference() float64 { return g.Validation - g.Training }

// String is the gap in a line.
func (g Gap) String() string {
	return fmt.Sprintf("free energy of training data %.4g, of validation data %.4g: a gap of %.4g", g.Training, g.Validation, g.Difference())
}

// SimpleRender is what a notebook shows of the gap.
func (g Gap) SimpleRender() map[string]interface{} {
	return map[string]interface{}{"text/plain": g.String()}
}
