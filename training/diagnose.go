package training

import (
	"context"
	"math"
	"regexp"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// DiagnoseConfig says what Diagnose looks at, in the words of FitConfig. Step, Loss
// and Data are required.
type DiagnoseConfig struct {
	Step *gorgonia.Node // makes one training step, as Minimize returns it
	Loss *gorgonia.Node // float; of a loss that is no scalar the mean is reported

	// Data gives the batches that are fed to X and Y (each nil: not fed); when it
	// ends before the steps do, it is Reset. It is read on from where it stands:
	// give Diagnose an iterator of its own if that matters.
	Data Data
	X, Y *gorgonia.Node

	// Feed returns further feeds for the current batch, as FitConfig.Feed does.
	// Tensors are copied; slices must stay as they are.
	Feed func(d Data) graph.Feeds

	// Feeds are fed in every step besides, such as the training flag.
	Feeds graph.Feeds

	Steps int // training steps to look at; default 40

	// Layers are patterns of kernels' names, as in graph.Graph.Trainable, to
	// report these layers only; default all.
	Layers []string

	// NoTrials leaves out the trials at other learning rates, and so the two
	// troubles of the rate.
	NoTrials bool
}

const defaultDiagnoseSteps = 40

// Diagnose makes some training steps on a copy of the session's values and
// reports, layer by layer, how signals and gradients fare, names what is wrong,
// and the remedy (Géron, Hands-On Machine Learning, chapter 11). The session's
// values, optimizer slots and random counters stay as they are; the graph gains
// the gradients that are looked at, once, beneath the scope "diagnose".
//
// Layers are found in the graph: an op that multiplies data with trainable
// variables of rank 2 or more, the batch normalisation and the activation that
// follow. So hand-made layers, shared towers and graphs of Gorgonia's own ops
// are looked at as those of package ops. Layers inside a branch (ops.Cond) are
// left out.
//
// Learning rates are judged by trial: the same batches are run again from the
// same values with every update of a trainable variable multiplied by 0.1, 10
// and 100, which is what another rate of the same optimizer would do.
//
// The cost is that of 4*Steps training steps (Steps with NoTrials), with copies
// of all variables in each and, in the first Steps, of what is looked at.
// Thresholds, and how they were fixed and judged, are in DOCTOR.md.
//
// It adds to the graph, so no other goroutine may build on that meanwhile; Runs may
// go on. A cancelled context ends it with an error. A step that fails because of a
// NaN, or makes one, is a finding, not an error.
func Diagnose(ctx context.Context, sess *graph.Session, cfg DiagnoseConfig) (*Diagnosis, error) {
	d, err := diagnose(ctx, sess, cfg)
	return d, errors.WithMessage(err, "training.Diagnose")
}

func diagnose(ctx context.Context, sess *graph.Session, cfg DiagnoseConfig) (d *Diagnosis, err error) {
	defer recovered(&err) // of PanicOnError, or of Data and Feed
	if ctx == nil {
		ctx = context.Background()
	}
	if err := cfg.check(sess); err != nil {
		return nil, err
	}
	g := sess.Graph()
	a := dissect(g, cfg.Loss)
	layers, err := a.chosen(cfg.Layers)
	if err != nil {
		return nil, err
	}
	probes, err := a.probes(cfg.Loss, layers)
	if err != nil {
		return nil, err
	}
	e := &examination{cfg: cfg, a: a, sess: sess, probes: probes}
	if err := e.takeBatches(ctx); err != nil {
		return nil, err
	}
	if err := e.run(ctx); err != nil {
		return nil, err
	}
	if !cfg.NoTrials {
		if err := e.tryRates(ctx); err != nil {
			return nil, err
		}
	}
	return e.report(), nil
}

// check reports what is wrong with the config, and fills in defaults.
func (cfg *DiagnoseConfig) check(sess *graph.Session) error {
	if sess == nil {
		return errors.New("the session is nil")
	}
	g := sess.Graph()
	if err := g.Err(); err != nil {
		return err
	}
	for _, n := range []struct {
		name string
		node *gorgonia.Node
	}{{"Step", cfg.Step}, {"Loss", cfg.Loss}} {
		switch {
		case n.node == nil:
			return errors.Errorf("DiagnoseConfig.%s is nil; want the node that training runs", n.name)
		case n.node.Graph() != g.Expr():
			return errors.Errorf("DiagnoseConfig.%s belongs to another graph than the session", n.name)
		}
	}
	if !graph.SpecOf(cfg.Loss).IsFloat() {
		return errors.Errorf("DiagnoseConfig.Loss, %s, is %v; want float32 or float64", g.NameOf(cfg.Loss), graph.SpecOf(cfg.Loss))
	}
	switch {
	case isNil(cfg.Data):
		return errors.New("DiagnoseConfig.Data is nil; want batches, such as dataset.Batches(...)")
	case cfg.Steps < 0:
		return errors.Errorf("DiagnoseConfig.Steps is %d; want a positive number, or 0 for %d", cfg.Steps, defaultDiagnoseSteps)
	}
	if cfg.Steps == 0 {
		cfg.Steps = defaultDiagnoseSteps
	}
	return nil
}

// chosen returns the layers to look at.
func (a *anatomy) chosen(patterns []string) ([]*layer, error) {
	kernels := a.g.Trainable()
	if len(patterns) > 0 {
		kernels = nil
		for _, p := range patterns {
			found, err := kernelsLike(a.g, p)
			if err != nil {
				return nil, err
			}
			kernels = append(kernels, found...)
		}
	}
	var out []*layer
	for _, l := range a.layers {
		if slices.Contains(kernels, l.kernels[0]) && !a.g.InBranch(l.product) && !a.g.InBranch(l.pre) && !a.g.InBranch(l.act) {
			out = append(out, l)
		}
	}
	if len(out) == 0 {
		return nil, errors.Errorf("no layers were found between the inputs and the loss %s; want products of data with trainable variables of rank 2 or more",
			a.g.NameOf(a.order[len(a.order)-1]))
	}
	return out, nil
}

// kernelsLike returns the trainable variables that a pattern matches.
func kernelsLike(g *graph.Graph, p string) (gorgonia.Nodes, error) {
	re, err := regexp.Compile("^(?:" + p + ")")
	if err != nil {
		return nil, errors.Wrapf(err, "pattern %q of Layers", p)
	}
	var out gorgonia.Nodes
	for _, v := range g.Trainable() {
		if re.MatchString(g.NameOf(v)) {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		return nil, errors.Errorf("pattern %q of Layers matches no trainable variable%s", p, namesOf(g, g.Trainable()))
	}
	return out, nil
}

// takeBatches takes the batches of all steps, which the trials run again.
func (e *examination) takeBatches(ctx context.Context) error {
	data := e.cfg.Data
	for empty := 0; len(e.feeds) < e.cfg.Steps; {
		if !nextBatch(ctx, data) {
			if err := ctx.Err(); err != nil {
				return errors.Wrapf(err, "cancelled at batch %d of %d", len(e.feeds)+1, e.cfg.Steps)
			}
			if err := data.Err(); err != nil {
				return errors.WithMessage(err, "Data")
			}
			if empty++; empty > 1 { // twice in a row
				return errors.New("DiagnoseConfig.Data gives no batches")
			}
			data.Reset()
			continue
		}
		empty = 0
		feeds := graph.Feeds{}
		if err := feedBatch(feeds, data, e.cfg.X, e.cfg.Y, e.cfg.Feeds, e.cfg.Feed); err != nil {
			return err
		}
		for n, v := range feeds {
			if t, ok := v.(tensor.Tensor); ok && t != nil {
				feeds[n] = t.Clone() // it is valid until Next only
			}
		}
		e.feeds = append(e.feeds, feeds)
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
