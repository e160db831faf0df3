package hooks_test

import (
	"context"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// A batch that holds a NaN in step 7, in the second epoch.
func TestNaNGuardFindsABatch(t *testing.T) {
	for name, tt := range map[string]struct {
		every  int
		state  bool
		want   []string
		weight float64
	}{
		"from the start":  {0, true, []string{"epoch 2, after step 7", "the loss is NaN after step 7", "in step 7: x (feed)"}, 6},
		"from a snapshot": {5, true, []string{"in step 7: x (feed)"}, 6},
		"of each step":    {1, true, []string{"in step 7: x (feed)"}, 6},
		"of one batch": {5, false,
			[]string{"with the same batch once more: x (feed)", "Data do not implement training.State", "the weights of step 5"}, 5},
	} {
		m := newToy(t)
		cfg := m.config(5, &hooks.NaNGuard{EverySteps: tt.every})
		data := &ones{steps: 4, special: map[int]float64{7: math.NaN()}}
		cfg.Data = data
		if !tt.state {
			cfg.Data = stateless{data}
		}
		h, err := training.Fit(context.Background(), m.sess, cfg)
		wantError(t, err, append(tt.want, "hooks.NaNGuard")...)
		if got := m.weightNow(t); got != tt.weight || len(h.Epochs) == 0 {
			t.Errorf("%s: the weights are those of step %v, want %v", name, got, tt.weight)
		}
	}
}

// A weight that becomes infinite in the update of step 5 makes the loss of step 6 infinite; the
// weights go back to those before step 5.
func TestNaNGuardFindsAnUpdate(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float64)
	other := graph.Variable(s, "other", tensor.Shape{}, graph.VariableConfig{Dtype: tensor.Float64, Initializer: initializers.Zeros()})
	weight := graph.Variable(s, "weight", tensor.Shape{}, graph.VariableConfig{Dtype: tensor.Float64, Initializer: initializers.Constant(1)})
	grow := ops.Exp(s.Sub("layer"), ops.Mul(s, weight, x))
	step := graph.Group(s, graph.AssignAdd(s, other, x), graph.Assign(s, weight, grow)) // weight: 1, e, e^e, ...
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	loss := ops.Mul(s, weight, graph.ConstOf(s, tensor.Float64, 2))
	count := ops.Mul(s, other, graph.ConstOf(s, tensor.Float64, 1))
	_, err = training.Fit(context.Background(), sess, training.FitConfig{
		Step: step, Loss: count, Metrics: map[string]*gorgonia.Node{"weight": loss},
		Data: &ones{steps: 100}, X: x, Epochs: 1, Hooks: []training.Hook{&hooks.NaNGuard{EverySteps: 3}},
	})
	// e^e^e^e is beyond float64, so the fourth update (of step 4) is infinite, and the metric of
	// step 5.
	wantError(t, err, `the metric "weight" is +Inf after step 5`, "in step 4: layer/Exp")
	values, err := sess.Values(other, weight)
	if err != nil {
		t.Fatal(err)
	}
	if o, w := values[0].Data().(float64), values[1].Data().(float64); o != 3 || math.IsInf(w, 0) || math.Abs(w/math.Exp(math.Exp(math.E))-1) > 1e-12 {
		t.Errorf("the variables are %v and %v", o, w)
	}
}

// What cannot be found again is said so.
func TestNaNGuardWithoutCause(t *testing.T) {
	m := newToy(t)
	spoil := &hooks.Func{EverySteps: 3, Do: func(l *training.Loop) error { return l.Session().SetValue(m.weight, math.NaN()) }}
	_, err := training.Fit(context.Background(), m.sess, m.config(5, spoil, &hooks.NaNGuard{}))
	wantError(t, err, "the loss is NaN after step 4", "something beside the steps", "the weights of step 0")
	if got := m.weightNow(t); got != 0 {
		t.Errorf("the weight is %v", got)
	}
	_, err = training.Fit(context.Background(), m.sess, m.config(1, &hooks.NaNGuard{EverySteps: -1}))
	wantError(t, err, "EverySteps is -1")
}

// The states of batches, dropout and Adam are taken back too, so a net's steps come out as they
// were.
func TestNaNGuardReplaysANet(t *testing.T) {
	n := newNet()
	sess := n.open(t)
	train, _ := digits(t)
	data := newNoisy(train, 0.1)
	cfg := n.config(&poisoned{data, 20})
	cfg.Epochs = 2
	cfg.Hooks = []training.Hook{&hooks.NaNGuard{EverySteps: 8}}
	_, err := training.Fit(context.Background(), sess, cfg)
	wantError(t, err, "in step 20: X (feed)", "the weights of before")

	again := newNet()
	clean := again.open(t)
	cfg = again.config(newNoisy(train, 0.1))
	cfg.Steps = 19
	if _, err := training.Fit(context.Background(), clean, cfg); err != nil {
		t.Fatal(err)
	}
	got, err := sess.Values(n.g.Variables()...)
	if err != nil {
		t.Fatal(err)
	}
	want, err := clean.Values(again.g.Variables()...)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range want {
		if !got[i].Eq(v) {
			t.Errorf("%s is not what it was before step 20", again.g.NameOf(again.g.Variables()[i]))
		}
	}
}

// poisoned is Data with a NaN in one batch of the first epoch.
type poisoned struct {
	*dataset.BatchIterator
	at int
}

func (d *poisoned) NextContext(ctx context.Context) bool {
	ok := d.BatchIterator.NextContext(ctx)
	if ok && d.Epoch() == 0 && d.Step() == d.at {
		d.X().Data().([]float32)[5] = float32(math.NaN())
	}
	return ok
}

func (d *poisoned) Next() bool { return d.NextContext(context.Background()) }
