package finetune

import (
	"context"
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// Tuning is a classifier with what it is trained on and by. New makes one; Load, TrainHead, TuneAbove, Evaluate and Save are the steps that Run takes.
type Tuning struct {
	*Classifier
	Data *Data

	cfg       Config
	y         *gorgonia.Node // [batch], class ids
	rate      *gorgonia.Node // fed, since each phase has its own
	loss      *gorgonia.Node // with the penalty
	metrics   map[string]*gorgonia.Node
	optimizer training.Optimizer
}

// New builds the network and its head; all variables have their initial values. Data are cfg.Data, or else those of cfg's folders. Close the result.
func New(ctx context.Context, cfg Config) (*Tuning, error) {
	filled, entry, err := cfg.filled()
	if err != nil {
		return nil, errors.WithMessage(err, "finetune")
	}
	d := filled.Data
	if d == nil {
		if d, err = Folders(ctx, cfg); err != nil {
			return nil, err
		}
	} else if err := d.check(); err != nil {
		return nil, errors.WithMessage(err, "finetune")
	}
	k, err := filled.build(ctx, entry, d.Classes)
	if err != nil {
		return nil, errors.WithMessage(err, "finetune")
	}
	t := &Tuning{Classifier: k, Data: d, cfg: filled}
	if err := t.prepare(); err != nil {
		k.Close()
		return nil, errors.WithMessage(err, "finetune")
	}
	return t, nil
}

// prepare checks what layers the config names, adds what training needs, and initialises the variables.
func (t *Tuning) prepare() error {
	if frozen := t.cfg.Frozen; frozen != "" {
		if _, err := t.at(frozen); err != nil {
			return errors.WithMessage(err, "Frozen")
		}
	}
	g := t.Session.Graph()
	s := g.Scope()
	t.y = graph.Placeholder(s, "y", tensor.Int64, graph.Unknown)
	t.rate = graph.Placeholder(s, "rate", tensor.Float32)
	ls := s.NameScope("loss")
	mean := ops.Mean(ls, ops.SparseSoftmaxCrossEntropy(ls, t.y, t.Logits))
	t.loss = training.TotalLoss(ls, mean)
	t.metrics = map[string]*gorgonia.Node{"loss": mean, "accuracy": ops.Accuracy(s.NameScope("eval"), t.y, t.Logits)}
	// One optimizer for all phases: what it remembers of a variable stays when more of them are trained.
	t.optimizer = training.Adam(training.AdamConfig{Schedule: t.rate, Multipliers: t.multipliers()})
	if err := g.Err(); err != nil {
		return err
	}
	for _, p := range t.Data.parts() {
		if err := p.checkShape(graph.SpecOf(t.X).Shape[1:]); err != nil {
			return err
		}
	}
	return t.Session.Init()
}

// Load gives the network its published weights, of a mirror, the cache or the internet (Config.Fetch). The head keeps its values.
func (t *Tuning) Load(ctx context.Context) error {
	return errors.WithMessage(t.Model.Load(ctx, t.Session), "finetune")
}

// TrainHead is the first phase: the head is trained on the features of the frozen network, which are computed once.
func (t *Tuning) TrainHead(ctx context.Context) (*PhaseReport, error) {
	r, err := t.phase(ctx, "head", t.cfg.Head, t.features)
	return r, errors.WithMessage(err, "finetune: TrainHead")
}

// TuneAbove is the second phase: the layers above an endpoint of the trunk are trained with the head; "" stands for all of them. Where pictures are not
// augmented, what the endpoint gives is computed once. It may be called again, with a lower endpoint: gradual unfreezing.
func (t *Tuning) TuneAbove(ctx context.Context, endpoint string) (*PhaseReport, error) {
	frozen, err := t.X, error(nil)
	if endpoint != "" {
		frozen, err = t.at(endpoint)
	}
	var r *PhaseReport
	if err == nil {
		r, err = t.phase(ctx, "all layers", t.cfg.Tune, frozen)
	}
	if r != nil && endpoint != "" {
		r.Name = "above " + endpoint
	}
	return r, errors.WithMessage(err, "finetune: TuneAbove")
}

// trained are the trainable variables that the logits depend on and that a frozen node does not.
func (t *Tuning) trained(frozen *gorgonia.Node) gorgonia.Nodes {
	below := map[*gorgonia.Node]bool{}
	for _, v := range t.below(frozen) {
		below[v] = true
	}
	used := map[*gorgonia.Node]bool{}
	for _, v := range t.below(t.Logits) {
		used[v] = true
	}
	var vars gorgonia.Nodes
	for _, v := range t.Session.Graph().Trainable() {
		if used[v] && !below[v] {
			vars = append(vars, v)
		}
	}
	return vars
}

// Evaluate measures the network on pictures, such as Data.Test.
func (t *Tuning) Evaluate(ctx context.Context, pictures dataset.Source) (*Evaluation, error) {
	e, err := t.evaluate(ctx, pictures)
	return e, errors.WithMessage(err, "finetune: Evaluate")
}

// logf tells Config.Log what is done.
func (c Config) logf(format string, args ...interface{}) {
	if c.Log != nil {
		fmt.Fprintf(c.Log, format, args...)
	}
}
