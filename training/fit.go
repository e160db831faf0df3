package training

import (
	"context"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// FitConfig says what a training runs, on which data and for how long. Step, Data and Epochs or
// Steps are required.
type FitConfig struct {
	// Step is the node of one training step, what an optimizer's Minimize or ApplyGradients
	// returns.
	Step *gorgonia.Node
	// Loss is fetched beside every step, so it is the loss of the weights that the gradient was
	// taken at; a scalar. nil for none.
	Loss *gorgonia.Node
	// Metrics are further scalars fetched beside every step, by name. Their means over the epoch,
	// weighted by the size of the batch, are logged under that name, as the loss's is under "loss".
	Metrics map[string]*gorgonia.Node

	// Data are the batches, read on from where they stand, so a second Fit goes on where the
	// first was stopped; Data.Reset before it begins an epoch anew. An epoch ends when Next
	// returns false, or after as many batches as the method Steps of Data tells. A
	// dataset.BatchIterator wants Epochs: -1, with which it goes on making batches ahead over the
	// ends of epochs, or 0.
	Data  Data
	X, Y  *gorgonia.Node // placeholders that are fed Data.X() and Data.Y(); nil: not fed
	Feeds graph.Feeds    // fed in every step beside them, such as isTraining: true
	// Feed returns further feeds for the current batch, for models with more inputs than X and Y.
	// It is called once a step, and again where a hook looks at the batch once more.
	Feed func(d Data) graph.Feeds

	Epochs int // ends after so many passes over Data; 0: no such limit
	Steps  int // ends after so many steps, perhaps within an epoch; 0: no such limit

	// GlobalStep is the variable that counts training steps (see GlobalStep); nil for none.
	GlobalStep *gorgonia.Node
	// Hooks take part, in this order; see Hook.
	Hooks []Hook
	// StepLosses keeps the loss of every step in the History, not only the means of epochs.
	StepLosses bool
}

// Fit trains: it runs cfg.Step over the batches of cfg.Data until Epochs or Steps are done, a hook
// calls Loop.Stop, or something fails. It is these few lines, so a training that wants something
// between two steps writes them itself:
//
//	l, err := training.NewLoop(sess, cfg)
//	if err != nil { return err }
//	for l.Next(ctx) {
//		// one step is done: l.Step(), l.Loss(), ...
//	}
//	err = l.Close()
//
// When ctx is cancelled the step at work is finished, the hooks' End is called (which saves, with
// hooks.Checkpoint), and Fit returns the history with an error for which errors.Is(err,
// context.Canceled), or DeadlineExceeded, holds. An error of a step says at which epoch and step;
// the history so far comes with it, and so it is with a panic in a hook, Data or Feed. Only a wrong
// config returns no history.
func Fit(ctx context.Context, sess *graph.Session, cfg FitConfig) (*History, error) {
	l, err := NewLoop(sess, cfg)
	if err != nil {
		return nil, err
	}
	for l.Next(ctx) {
	}
	err = l.Close()
	return l.History(), err
}

// check reports what is wrong with a config.
func (cfg *FitConfig) check(sess *graph.Session) error {
	switch {
	case sess == nil:
		return errors.New("the session is nil")
	case cfg.Step == nil:
		return errors.New("Step is nil; want the node that an optimizer's Minimize returns")
	case isNil(cfg.Data):
		return errors.New("Data is nil; want batches, such as dataset.Batches(...)")
	case cfg.Epochs < 0 || cfg.Steps < 0:
		return errors.Errorf("Epochs is %d and Steps %d; want 0 (no limit) or more", cfg.Epochs, cfg.Steps)
	case cfg.Epochs == 0 && cfg.Steps == 0:
		return errors.New("Epochs and Steps are both 0, so it would never end; set one of them")
	}
	if err := dataErr(cfg.Data); err != nil {
		return err
	}
	if err := checkHooks(cfg.Hooks); err != nil {
		return err
	}
	if cfg.GlobalStep != nil {
		if err := checkGlobalStep(sess.Graph(), cfg.GlobalStep); err != nil {
			return err
		}
	}
	if _, ok := cfg.Metrics[lossName]; ok {
		return errors.Errorf("a metric is called %q, which is the name of Loss", lossName)
	}
	if cfg.Loss != nil {
		if err := checkScalar(sess.Graph(), cfg.Loss); err != nil {
			return errors.WithMessage(err, "Loss")
		}
	}
	return checkMetrics(sess.Graph(), cfg.Metrics)
}

// lossName is what Loss is logged as.
const lossName = "loss"

func checkMetrics(g *graph.Graph, metrics map[string]*gorgonia.Node) error {
	for _, name := range sortedNames(metrics) {
		if name == "" {
			return errors.New("a metric has no name")
		}
		if err := checkScalar(g, metrics[name]); err != nil {
			return errors.WithMessagef(err, "metric %q", name)
		}
	}
	return nil
}

// checkScalar reports a node that is not a number.
func checkScalar(g *graph.Graph, n *gorgonia.Node) error {
	switch {
	case n == nil:
		return errors.New("the node is nil")
	case n.Graph() != g.Expr():
		return errors.Errorf("%s belongs to another graph than the session's", n.Name())
	case graph.IsBad(n):
		return errors.Errorf("the node could not be built: %v", g.Err())
	}
	if sp := graph.SpecOf(n); sp.Rank() != 0 || !sp.IsFloat() && !sp.IsInt() {
		return errors.Errorf("%s is %v; want a scalar number, such as ops.Mean of it", g.NameOf(n), sp)
	}
	return nil
}

func sortedNames(nodes map[string]*gorgonia.Node) []string {
	names := make([]string, 0, len(nodes))
	for name := range nodes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
