package hooks_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
	"github.com/plexaura/plexaura/training/metrics"
)

func TestEvaluation(t *testing.T) {
	m := newToy(t)
	h := m.fit(t, 2, &hooks.Evaluation{Data: &ones{steps: 3, special: map[int]float64{2: 4}}}) // 1, 4, 1, then 1, 1, 1
	if steps, values := h.Series("validation/loss"); fmt.Sprint(steps, values) != "[4 8] [8 8]" {
		t.Error(steps, values)
	}
	m = newToy(t)
	h = m.fit(t, 2,
		&hooks.Evaluation{Name: "test", EverySteps: 3, Data: &ones{steps: 1}, Metrics: map[string]*gorgonia.Node{"product": m.product, "weight": m.weight}},
		&hooks.Evaluation{EveryEpochs: 2, Data: &ones{steps: 1}, Feeds: graph.Feeds{m.weight: 100.}})
	for name, want := range map[string]string{"test/product": "[3 6] [3 6]", "test/weight": "[3 6] [3 6]", "validation/loss": "[8] [100]"} {
		if steps, values := h.Series(name); fmt.Sprint(steps, values) != want {
			t.Error(name, steps, values)
		}
	}
}

// The values are those of the same nodes over the whole set at once; the state of batch
// normalisation does not change.
func TestEvaluationOfANet(t *testing.T) {
	n := newNet()
	sess := n.open(t)
	train, validation := digits(t)
	cfg := n.config(newNoisy(train, 0.1))
	cfg.Epochs = 1
	cfg.Hooks = []training.Hook{&hooks.Evaluation{Data: newNoisy(validation, 0)}}
	h, err := training.Fit(context.Background(), sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{n.x: validation.X, n.y: validation.Y}, n.loss, n.accuracy)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"validation/loss", "validation/accuracy"} {
		if v, ok := h.Last(name); !ok || v < out.Float(i)-1e-6 || v > out.Float(i)+1e-6 {
			t.Errorf("%s is %v, want %v", name, v, out.Float(i))
		}
	}
}

// An evaluation during which the context is cancelled is finished, so that the training can be
// saved where it is.
func TestEvaluationIsCancelled(t *testing.T) {
	for name, hook := range map[string]*hooks.Evaluation{"in a step": {EverySteps: 4}, "after an epoch": {}} {
		m := newToy(t)
		ctx, cancel := context.WithCancel(context.Background())
		hook.Data, hook.Feed = &ones{steps: 3}, func(training.Data) graph.Feeds { cancel(); return nil }
		dir := t.TempDir()
		h, err := training.Fit(ctx, m.sess, m.config(3, hook, &hooks.Checkpoint{Path: filepath.Join(dir, "m"), EverySteps: 100}))
		_, values := h.Series("validation/loss")
		if !errors.Is(err, context.Canceled) || len(values) != 1 || stepsSaved(t, dir) != "4" {
			t.Errorf("%s: %v, %v, saved %q", name, err, values, stepsSaved(t, dir))
		}
	}
}

// A name that the training has for a mean of its own is refused.
func TestEvaluationTakenName(t *testing.T) {
	m := newToy(t)
	cfg := m.config(2, &hooks.Evaluation{Data: &ones{steps: 1}})
	cfg.Metrics = map[string]*gorgonia.Node{"validation/loss": m.weight}
	_, err := training.Fit(context.Background(), m.sess, cfg)
	wantError(t, err, "hooks.Evaluation", `"validation/loss" is the name of a running mean`)
}

func TestEvaluationBadConfig(t *testing.T) {
	m := newToy(t)
	own := &ones{steps: 4}
	for _, tt := range []struct {
		hook hooks.Evaluation
		want string
	}{
		{hooks.Evaluation{}, "Data is nil"},
		{hooks.Evaluation{Data: &ones{steps: 1}, EveryEpochs: -1}, "EveryEpochs -1"},
		{hooks.Evaluation{Data: &ones{steps: 1}, Metrics: map[string]*gorgonia.Node{}}, "nothing to measure"},
		{hooks.Evaluation{Data: &ones{}}, "no batch"},
		{hooks.Evaluation{Data: own}, "the training's own"},
	} {
		cfg := m.config(1, &tt.hook)
		cfg.Data = own
		_, err := training.Fit(context.Background(), m.sess, cfg)
		wantError(t, err, "hooks.Evaluation", tt.want)
	}
}

// What Evaluate would refuse at the end of the first epoch is refused before the first step.
func TestEvaluationBadMetrics(t *testing.T) {
	m := newToy(t)
	vector := graph.Const(m.g.Scope(), []float64{1, 2})
	sess, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	for _, tt := range []struct {
		hook hooks.Evaluation
		want string
	}{
		{hooks.Evaluation{Metrics: map[string]*gorgonia.Node{"product": vector}}, `metric "product"`},
		{hooks.Evaluation{Metrics: map[string]*gorgonia.Node{"product": nil}}, `metric "product"`},
		{hooks.Evaluation{Streaming: map[string]training.Streaming{"f1": {}}}, `streaming metric "f1"`},
	} {
		tt.hook.Data = &ones{steps: 1}
		h, err := training.Fit(context.Background(), sess, m.config(1, &tt.hook))
		wantError(t, err, "hooks.Evaluation", "before the first step", tt.want)
		if len(h.Epochs) != 0 {
			t.Errorf("%s: %d epochs were trained before", tt.want, len(h.Epochs))
		}
	}
}

// Two evaluations that record one name would hide each other's values.
func TestEvaluationsOfOneName(t *testing.T) {
	m := newToy(t)
	for _, h := range [][]training.Hook{
		{&hooks.Evaluation{Data: &ones{steps: 1}}, &hooks.Evaluation{Data: &ones{steps: 2}}},
		{&hooks.Evaluation{Data: &ones{steps: 1}}, &hooks.Evaluation{Data: &ones{steps: 2}, Streaming: map[string]training.Streaming{"loss": {Metric: &metrics.MSE{}, Predictions: m.product}}}},
	} {
		_, err := training.Fit(context.Background(), m.sess, m.config(1, h...))
		wantError(t, err, "hooks.Evaluation", "before the first step", `"validation/loss" is recorded by another one as well`, "Name")
	}
	m.fit(t, 1, &hooks.Evaluation{Data: &ones{steps: 1}}, &hooks.Evaluation{Data: &ones{steps: 1}, Name: "test"},
		&hooks.Evaluation{Data: &ones{steps: 1}, Metrics: map[string]*gorgonia.Node{"product": m.product}})
}

// An evaluation on the training's own iterator would end its epochs early.
func TestEvaluationOnTheTrainingsData(t *testing.T) {
	m := newToy(t)
	hook := &hooks.Evaluation{EverySteps: 1}
	cfg := m.config(1, hook)
	hook.Data = cfg.Data
	_, err := training.Fit(context.Background(), m.sess, cfg)
	wantError(t, err, "hooks.Evaluation", "before the first step", "Data is the training's own")
	// Values that cannot be compared are no reason to panic.
	cfg.Data, hook.Data = incomparable{&ones{steps: 4}, nil}, incomparable{&ones{steps: 1}, nil}
	if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
		t.Error(err)
	}
}

// incomparable is Data of a type without ==.
type incomparable struct {
	*ones
	_ []int
}
