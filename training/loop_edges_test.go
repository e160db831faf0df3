package training_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// A panic in a hook, wherever, or in what hooks put off, is an error that names the hook and the
// step; every hook that has begun is ended.
func TestHookPanics(t *testing.T) {
	failure := errors.New("broken")
	for _, tt := range []struct {
		at   string
		what any
		want string
	}{
		{"begin", "boom", "training: epoch 1, after step 0: *training_test.diary: panic: boom"},
		{"before", failure, "training: epoch 1, after step 0: *training_test.diary: panic: broken"},
		{"after", 7, "training: epoch 1, after step 1: *training_test.diary: panic: 7"},
		{"epoch", "boom", "training: epoch 1, after step 3: *training_test.diary: panic: boom"},
		{"end", failure, "training: at the end, after step 3: *training_test.diary: panic: broken"},
		{"later", "boom", "training: epoch 1, after step 3: panic: boom"},
	} {
		m := newSumming(t)
		cfg := m.config(5)
		cfg.Epochs = 1
		var lines []string
		do := map[string]func(*training.Loop) error{tt.at: func(*training.Loop) error { panic(tt.what) }}
		if tt.at == "later" {
			do = map[string]func(*training.Loop) error{"epoch": func(l *training.Loop) error {
				l.Later(func() error { panic(tt.what) })
				return nil
			}}
		}
		cfg.Hooks = []training.Hook{&diary{name: "a ", lines: &lines}, &diary{name: "b ", lines: &lines, at: do}}
		h, err := training.Fit(context.Background(), m.sess, cfg)
		if h == nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.at, err, tt.want)
		}
		if tt.what == any(failure) && !errors.Is(err, failure) {
			t.Errorf("%s: the cause of %v is lost", tt.at, err)
		}
		if !strings.Contains(fmt.Sprintf("%+v", err), "loop_edges_test.go") {
			t.Errorf("%s: %%+v does not show where", tt.at)
		}
		if !strings.Contains(strings.Join(lines, ","), "a end") {
			t.Errorf("%s: the other hook was not ended: %v", tt.at, lines)
		}
	}
}

// A panic of Data, Feed or a metric is an error too.
func TestDataPanics(t *testing.T) {
	m := newSumming(t)
	boom := func(training.Data) graph.Feeds { panic("boom") }
	cfg := m.config(5)
	cfg.Epochs, cfg.Feed = 1, boom
	_, err := training.Fit(context.Background(), m.sess, cfg)
	wantError(t, err, "training: epoch 1, after step 0: panic: boom")
	metrics := map[string]*gorgonia.Node{"mean": m.loss}
	values, err := training.Evaluate(context.Background(), m.sess, training.EvaluateConfig{Data: &numbers{n: 5}, X: m.x, Feed: boom, Metrics: metrics})
	wantError(t, err, "training: Evaluate: panic: boom")
	if values != nil {
		t.Error(values)
	}
}

// A hook that would run the loop, or close it, is told not to; the training ends.
func TestHookRunsLoop(t *testing.T) {
	for name, do := range map[string]func(l *training.Loop) error{
		"Next":  func(l *training.Loop) error { l.Next(context.Background()); return nil },
		"Close": func(l *training.Loop) error { _ = l.Close(); return nil },
	} {
		for _, at := range []string{"begin", "after", "epoch", "end"} {
			m := newSumming(t)
			cfg := m.config(4)
			cfg.Epochs = 3
			var lines []string
			cfg.Hooks = []training.Hook{&diary{lines: &lines, at: map[string]func(*training.Loop) error{at: do}}}
			_, err := training.Fit(context.Background(), m.sess, cfg)
			wantError(t, err, "a hook called Loop."+name)
			if n := strings.Count(strings.Join(lines, ","), "end"); n != 1 || at != "end" && len(lines) > 7 {
				t.Errorf("%s in %s: %v", name, at, lines)
			}
		}
	}
}

// What one hook puts off at the end fails; what another puts off is done all the same.
func TestLaterAtTheEnd(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(4)
	cfg.Epochs = 1
	failure, closed := errors.New("disk full"), false
	var lines []string
	cfg.Hooks = []training.Hook{
		&diary{lines: &lines, at: map[string]func(*training.Loop) error{"end": func(l *training.Loop) error {
			l.Later(func() error { closed = true; return nil })
			return nil
		}}},
		&diary{lines: &lines, at: map[string]func(*training.Loop) error{"end": func(l *training.Loop) error {
			l.Later(func() error { return failure })
			return nil
		}}},
	}
	if _, err := training.Fit(context.Background(), m.sess, cfg); !errors.Is(err, failure) || !closed {
		t.Error(err, closed)
	}
}

// A context that is cancelled when nothing is left to do changes nothing.
func TestCancelledAtTheEnd(t *testing.T) {
	for name, change := range map[string]func(*training.FitConfig){
		"steps":  func(c *training.FitConfig) { c.Steps = 3 },
		"epochs": func(c *training.FitConfig) { c.Epochs = 1 },
	} {
		m := newSumming(t)
		cfg := m.config(10)
		x := tensor.New(tensor.WithShape(10), tensor.WithBacking(tensor.Range(tensor.Float32, 0, 10)))
		cfg.Data = dataset.Batches(dataset.BatchesConfig{X: x, BatchSize: 4})
		cfg.X, cfg.Feed = nil, func(training.Data) graph.Feeds { return graph.Feeds{m.x: []float64{1}} }
		change(&cfg)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var lines []string
		cfg.Hooks = []training.Hook{&diary{lines: &lines, at: map[string]func(*training.Loop) error{"epoch": func(*training.Loop) error {
			cancel()
			return nil
		}}}}
		h, err := training.Fit(ctx, m.sess, cfg)
		if err != nil || len(h.Epochs) != 1 || value(t, m.sess, m.v).Data() != 3. {
			t.Errorf("%s: %v, %v, %v", name, h, err, lines)
		}
	}
}

// A hook may stop a training at any point: in Begin there is no step, in BeforeStep that step is
// done.
func TestStopAnywhere(t *testing.T) {
	for at, want := range map[string]float64{"begin": 0, "before": 3, "after": 3, "epoch": 15} {
		m := newSumming(t)
		cfg := m.config(5)
		cfg.Epochs = 3
		cfg.Hooks = []training.Hook{&diary{lines: new([]string), at: map[string]func(*training.Loop) error{at: func(l *training.Loop) error {
			l.Stop("enough")
			return nil
		}}}}
		h, err := training.Fit(context.Background(), m.sess, cfg)
		if err != nil || h.Stopped != "enough" || value(t, m.sess, m.v).Data() != want {
			t.Errorf("%s: %v, %v, %v", at, h, err, value(t, m.sess, m.v))
		}
	}
}

// An evaluation reads one epoch of data that go on from epoch to epoch, and each time the whole of
// one.
func TestEvaluateEndlessData(t *testing.T) {
	m := newSumming(t)
	x := tensor.New(tensor.WithShape(10, 1), tensor.WithBacking(tensor.Range(tensor.Float32, 0, 10)))
	for _, epochs := range []int{0, -1, 4} {
		calls := 0
		d := dataset.Batches(dataset.BatchesConfig{X: x, BatchSize: 3, Seed: 1, Epochs: epochs, Map: []dataset.Transform{
			func(*dataset.Example) error { return nil },
		}})
		defer d.Close()
		cfg := training.EvaluateConfig{Data: d, Metrics: map[string]*gorgonia.Node{"mean": m.loss}, Feed: func(d training.Data) graph.Feeds {
			calls++
			var v []float64
			for _, x := range d.X().Data().([]float32) {
				v = append(v, float64(x))
			}
			return graph.Feeds{m.x: v}
		}}
		for i := range 3 {
			got, err := training.Evaluate(context.Background(), m.sess, cfg)
			if err != nil || got["mean"] != 4.5 || calls != 4*(i+1) {
				t.Errorf("Epochs %d: %v of %d batches, %v", epochs, got, calls, err)
			}
		}
	}
}

// An error that comes again at the end, as of a full disk, is told once; another one beside it.
func TestSameErrorOnce(t *testing.T) {
	full, other := errors.New("no space left"), errors.New("cleanup fails")
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Epochs = 1
	var lines []string
	fails := func(err error) func(*training.Loop) error {
		return func(*training.Loop) error { return errors.WithMessage(err, "hook") }
	}
	cfg.Hooks = []training.Hook{
		&diary{lines: &lines, at: map[string]func(*training.Loop) error{"end": fails(other)}},
		&diary{lines: &lines, at: map[string]func(*training.Loop) error{"after": fails(full), "end": fails(full)}},
	}
	_, err := training.Fit(context.Background(), m.sess, cfg)
	const want = "training: epoch 1, after step 1: hook: no space left; then: training: at the end, after step 1: hook: cleanup fails"
	if err == nil || err.Error() != want || !errors.Is(err, full) || !errors.Is(err, other) {
		t.Errorf("%v, want %s", err, want)
	}
}

// A loss that is NaN, and that nobody looks at, is remarked on once.
func TestNaNIsRemarkedOn(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(5)
	s := m.sess.Graph().Scope()
	cfg.Loss = ops.Sqrt(s, ops.Sub(s, graph.ConstOf(s, tensor.Float64, 4), m.loss)) // of 1.5, 3.5 and 5
	cfg.Epochs = 2
	h, err := training.Fit(context.Background(), m.sess, cfg)
	if err != nil || len(h.Warnings) != 1 || !strings.Contains(h.Warnings[0], "NaN in step 3; hooks.NaNGuard") {
		t.Errorf("%q, %v", h.Warnings, err)
	}
}

// SetStep takes another train op from the step on, and none that could not be run; the loop goes on with the one that it had.
func TestSetStep(t *testing.T) {
	m := newSumming(t)
	s := m.sess.Graph().Scope()
	twice := graph.Group(s, graph.AssignAdd(s, m.v, ops.Add(s, ops.Sum(s, m.x), ops.Sum(s, m.x))), graph.AssignAdd(s, m.globalStep, graph.Const(s, int64(1))))
	foreign := newSumming(t).step
	cfg := m.config(8)
	cfg.Epochs = 1
	var loop *training.Loop
	var lines []string
	var sums []float64
	steps := map[int]*gorgonia.Node{0: nil, 1: foreign, 2: twice, 3: nil}
	cfg.Hooks = []training.Hook{&diary{lines: &lines, at: map[string]func(*training.Loop) error{
		"before": func(l *training.Loop) error {
			loop = l
			step, ok := steps[l.Step()]
			if !ok {
				return nil
			}
			if err := l.SetStep(step); step != twice {
				wantError(t, err, "training: SetStep: the step is nil, of another graph", "want what an optimizer's Minimize returns")
			} else if err != nil {
				t.Error(err)
			}
			return nil
		},
		"after": func(l *training.Loop) error {
			v, err := m.sess.Value(m.v)
			if err == nil {
				sums = append(sums, v.Data().(float64))
			}
			return err
		},
	}}}
	if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(sums, []float64{3, 10, 32, 62}) {
		t.Errorf("the sums are %v; want 3, 10, and with twice the numbers 32, 62", sums)
	}
	wantError(t, loop.SetStep(ops.Add(s, m.x, nil)), "could not be built")
}
