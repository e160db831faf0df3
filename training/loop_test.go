package training_test

import (
	"context"
	"encoding/json"
	"fmt"
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

// numbers is Data over the numbers 1, 2, ..., n in batches of two, with x = y; its state is where
// it stands.
type numbers struct {
	n    int
	at   int // examples handed out in this epoch
	pass int
	x    *tensor.Dense
	err  error
}

func (d *numbers) Next() bool {
	if d.err != nil || d.at >= d.n {
		d.x = nil
		return false
	}
	var x []float64
	for len(x) < 2 && d.at < d.n {
		d.at++
		x = append(x, float64(d.at))
	}
	d.x = tensor.New(tensor.WithShape(len(x)), tensor.WithBacking(x))
	return true
}

func (d *numbers) X() tensor.Tensor { return d.x }
func (d *numbers) Y() tensor.Tensor { return d.x }
func (d *numbers) Err() error       { return d.err }
func (d *numbers) Reset() {
	if d.at > 0 {
		d.at, d.pass = 0, d.pass+1
	}
}
func (d *numbers) MarshalBinary() ([]byte, error) { return json.Marshal([]int{d.at, d.pass}) }
func (d *numbers) UnmarshalBinary(b []byte) error {
	var v []int
	if err := json.Unmarshal(b, &v); err != nil || len(v) != 2 {
		return errors.Errorf("numbers: %q", b)
	}
	d.at, d.pass = v[0], v[1]
	return nil
}

// summing is a "training" whose step adds the batch's sum to a variable; its loss is the batch's
// mean.
type summing struct {
	sess          *graph.Session
	v, x          *gorgonia.Node
	step, loss, n *gorgonia.Node
	square        *gorgonia.Node // of each number
	globalStep    *gorgonia.Node
}

func newSumming(t testing.TB) *summing {
	g := graph.New(graph.Config{})
	s := g.Scope()
	m := &summing{}
	m.x = graph.Placeholder(s, "x", tensor.Float64, -1)
	m.v = variable(s, "v", tensor.Float64, 0)
	m.globalStep = training.GlobalStep(s)
	one := graph.Const(s, int64(1))
	m.step = graph.Group(s, graph.AssignAdd(s, m.v, ops.Sum(s, m.x)), graph.AssignAdd(s, m.globalStep, one))
	m.loss = ops.Mean(s, m.x)
	m.square = ops.Square(s, m.x)
	m.n = ops.Sum(s, m.square)
	m.sess = open(t, g)
	return m
}

func (m *summing) config(n int) training.FitConfig {
	return training.FitConfig{Step: m.step, Loss: m.loss, Data: &numbers{n: n}, X: m.x, GlobalStep: m.globalStep}
}

// diary is a hook that notes how it is called.
type diary struct {
	name  string
	lines *[]string
	at    map[string]func(l *training.Loop) error
}

func (d *diary) note(what string, l *training.Loop) error {
	*d.lines = append(*d.lines, fmt.Sprintf("%s%s %d/%d/%d", d.name, what, l.Epoch(), l.EpochStep(), l.Step()))
	if f := d.at[what]; f != nil {
		return f(l)
	}
	return nil
}
func (d *diary) Begin(l *training.Loop) error      { return d.note("begin", l) }
func (d *diary) BeforeStep(l *training.Loop) error { return d.note("before", l) }
func (d *diary) AfterStep(l *training.Loop) error  { return d.note("after", l) }
func (d *diary) AfterEpoch(l *training.Loop) error { return d.note("epoch", l) }
func (d *diary) End(l *training.Loop) error        { return d.note("end", l) }

func TestFit(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Epochs = 2
	cfg.StepLosses = true
	cfg.Metrics = map[string]*gorgonia.Node{"squares": m.n}
	var lines []string
	cfg.Hooks = []training.Hook{&diary{name: "a ", lines: &lines}, &diary{name: "b ", lines: &lines}}
	h, err := training.Fit(context.Background(), m.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got := value(t, m.sess, m.v).Data(); got != 30. {
		t.Errorf("two epochs of 1+...+5 give %v", got)
	}
	// Batches 1 2 | 3 4 | 5: the mean over the epoch is that of all numbers, (5+25+...)-weighted by
	// the size of the batch.
	steps, losses := h.Series("loss")
	if fmt.Sprintln(steps, losses, h.Losses, h.Stopped) != "[3 6] [3 3] [1.5 3.5 5 1.5 3.5 5] after 2 epochs\n" {
		t.Error(steps, losses, h.Losses, h.Stopped)
	}
	if v, ok := h.Epochs[1].Value("squares"); !ok || v != (2*5+2*25+25)/5. || h.Epochs[1].GlobalStep != 6 {
		t.Error(h.Epochs[1])
	}
	want := "a begin 1/0/0, b begin 1/0/0, a before 1/0/0, b before 1/0/0, a after 1/1/1, b after 1/1/1, a before 1/1/1"
	if got := strings.Join(lines[:7], ", "); got != want {
		t.Errorf("called %s\nwant   %s", got, want)
	}
	want = "b after 2/3/6, a epoch 2/3/6, b epoch 2/3/6, b end 2/3/6, a end 2/3/6"
	if got := strings.Join(lines[len(lines)-5:], ", "); got != want {
		t.Errorf("called %s\nwant   %s", got, want)
	}
}

func TestFitBadConfig(t *testing.T) {
	m := newSumming(t)
	other := newSumming(t)
	wrong := errors.New("a wrong path")
	for name, tt := range map[string]struct {
		change func(c *training.FitConfig)
		want   string
	}{
		"step":         {func(c *training.FitConfig) { c.Step = nil }, "Step is nil"},
		"data":         {func(c *training.FitConfig) { c.Data = nil }, "Data is nil"},
		"no end":       {func(c *training.FitConfig) { c.Epochs = 0 }, "Epochs and Steps are both 0"},
		"negative":     {func(c *training.FitConfig) { c.Steps = -1 }, "Steps -1"},
		"data error":   {func(c *training.FitConfig) { c.Data = &numbers{err: wrong} }, "a wrong path"},
		"empty":        {func(c *training.FitConfig) { c.Data = &numbers{} }, "no batch in epoch 1"},
		"hook":         {func(c *training.FitConfig) { c.Hooks = []training.Hook{nil} }, "hook 0 is nil"},
		"hook pointer": {func(c *training.FitConfig) { c.Hooks = []training.Hook{&diary{}, (*diary)(nil)} }, "hook 1 is nil"},
		"hook twice": {func(c *training.FitConfig) {
			d := &diary{lines: new([]string)}
			c.Hooks = []training.Hook{training.NoHook{}, &training.NoHook{}, &training.NoHook{}, d, &diary{}, d}
		}, "hooks 3 and 5 are one and the same *training_test.diary"},
		"data pointer":  {func(c *training.FitConfig) { c.Data = (*numbers)(nil) }, "Data is nil"},
		"loss":          {func(c *training.FitConfig) { c.Loss = m.x }, "Loss: x is float64[?]; want a scalar"},
		"other graph":   {func(c *training.FitConfig) { c.Loss = other.loss }, "another graph"},
		"metric":        {func(c *training.FitConfig) { c.Metrics = map[string]*gorgonia.Node{"m": nil} }, `metric "m": the node is nil`},
		"effect metric": {func(c *training.FitConfig) { c.Metrics = map[string]*gorgonia.Node{"m": m.step} }, `metric "m"`},
		"metric's name": {func(c *training.FitConfig) { c.Metrics = map[string]*gorgonia.Node{"": m.n} }, "no name"},
		"taken name":    {func(c *training.FitConfig) { c.Metrics = map[string]*gorgonia.Node{"loss": m.n} }, "the name of Loss"},
		"global step":   {func(c *training.FitConfig) { c.GlobalStep = m.v }, "GlobalStep v is float64[]"},
		"no X":          {func(c *training.FitConfig) { c.X = nil }, "epoch 1, step 1"},
	} {
		cfg := m.config(5)
		cfg.Epochs = 1
		tt.change(&cfg)
		_, err := training.Fit(context.Background(), m.sess, cfg)
		t.Run(name, func(t *testing.T) { wantError(t, err, "training: ", tt.want) })
	}
	cfg := m.config(5)
	cfg.Epochs = 1
	_, err := training.Fit(context.Background(), nil, cfg)
	wantError(t, err, "the session is nil")
	if got := value(t, m.sess, m.v).Data(); got != 0. {
		t.Errorf("a wrong config has trained: %v", got)
	}
}

// The loop in the caller's hands: between two steps its logs are there; leaving it early is no
// error.
func TestLoopByHand(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Epochs = 3
	var lines []string
	cfg.Hooks = []training.Hook{&diary{name: "", lines: &lines}}
	l, err := training.NewLoop(m.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) > 0 {
		t.Error("hooks are called before the first Next")
	}
	var seen []string
	for l.Next(context.Background()) {
		loss, ok := l.Log("loss")
		seen = append(seen, fmt.Sprint(l.Epoch(), l.EpochStep(), l.Step(), l.GlobalStep(), l.Loss(), loss.Value, ok))
		if l.Step() == 5 {
			break
		}
	}
	want := "1 1 1 1 1.5 1.5 true, 1 2 2 2 3.5 2.5 true, 1 3 3 3 5 3 true, 2 1 4 4 1.5 1.5 true, 2 2 5 5 3.5 2.5 true"
	if got := strings.Join(seen, ", "); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for range 2 {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	if l.Next(context.Background()) {
		t.Error("a step after Close")
	}
	if n := strings.Count(strings.Join(lines, ","), "end"); n != 1 || l.History().Stopped != "left after step 5" {
		t.Errorf("End was called %d times; %s", n, l.History().Stopped)
	}
	// The epoch that was left is in the history as far as it went.
	if rows := l.History().Epochs; len(rows) != 2 || rows[1].Step != 5 {
		t.Error(rows)
	}
}

// Steps end a training in the middle of an epoch; another one goes on with the data where they are.
func TestFitSteps(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Steps = 4
	h, err := training.Fit(context.Background(), m.sess, cfg)
	if err != nil || value(t, m.sess, m.v).Data() != 18. || h.Stopped != "after 4 steps" {
		t.Error(h, err)
	}
	cfg.Steps, cfg.Epochs = 100, 1
	h, err = training.Fit(context.Background(), m.sess, cfg)
	if err != nil || value(t, m.sess, m.v).Data() != 30. || h.Epochs[0].GlobalStep != 6 || h.Epochs[0].Step != 2 {
		t.Error(h, err)
	}
	// And one that finds them at the end of an epoch begins the next.
	h, err = training.Fit(context.Background(), m.sess, cfg)
	if err != nil || value(t, m.sess, m.v).Data() != 45. || h.Epochs[0].GlobalStep != 9 {
		t.Error(h, err)
	}
}

// A cancelled context lets the step at work end, and the hooks too.
func TestFitIsCancelled(t *testing.T) {
	m := newSumming(t)
	ctx, cancel := context.WithCancel(context.Background())
	cfg := m.config(5)
	cfg.Epochs = 2
	var lines []string
	cfg.Hooks = []training.Hook{&diary{lines: &lines, at: map[string]func(*training.Loop) error{"before": func(l *training.Loop) error {
		if l.Step() == 1 {
			cancel()
		}
		return nil
	}}}}
	h, err := training.Fit(ctx, m.sess, cfg)
	if !errors.Is(err, context.Canceled) || h == nil || value(t, m.sess, m.v).Data() != 10. {
		t.Error(h, err)
	}
	wantError(t, err, "after step 2, in epoch 1")
	if got := lines[len(lines)-1]; got != "end 1/2/2" {
		t.Error(lines)
	}
	lines = nil
	h, err = training.Fit(ctx, m.sess, cfg)
	if !errors.Is(err, context.Canceled) || len(h.Epochs) != 0 || fmt.Sprint(lines) != "[begin 1/0/0 end 1/0/0]" {
		t.Error(h, err, lines)
	}
}

// Batches from a pipeline give the same training whether or not they go on from epoch to epoch, and
// after a cancelled one another.
func TestFitOfPipeline(t *testing.T) {
	x := tensor.New(tensor.WithShape(10, 1), tensor.WithBacking(tensor.Range(tensor.Float32, 0, 10)))
	batches := func(epochs int) *dataset.BatchIterator {
		return dataset.Batches(dataset.BatchesConfig{X: x, BatchSize: 3, Seed: 1, Epochs: epochs, Map: []dataset.Transform{
			func(e *dataset.Example) error { e.X[0] += e.Rand.Float32(); return nil },
		}})
	}
	var want string
	for _, epochs := range []int{0, -1} {
		m := newSumming(t)
		d := batches(epochs)
		defer d.Close()
		cfg := m.config(1)
		cfg.X, cfg.Data, cfg.Epochs, cfg.StepLosses = nil, d, 3, true
		cfg.Feed = func(d training.Data) graph.Feeds {
			v := d.X().Data().([]float32)
			return graph.Feeds{m.x: []float64{float64(v[0])}}
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := training.Fit(ctx, m.sess, cfg); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		d.NextContext(ctx)
		h, err := training.Fit(context.Background(), m.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(h, h.Losses)
		if want == "" {
			want = got
		}
		if got != want || len(h.Losses) != 12 {
			t.Errorf("with Epochs %d: %s\nwant %s", epochs, got, want)
		}
	}
}

// Whatever a hook returns an error from, every hook that has begun is ended, and no error is lost.
func TestHookErrors(t *testing.T) {
	for _, tt := range []struct{ at, want, called string }{
		{"begin", "before the first step: begin fails", "[a begin 1/0/0 b begin 1/0/0 a end 1/0/0]"},
		{"before", "epoch 1, step 1: before fails", ""},
		{"after", "epoch 1, after step 1: after fails", ""},
		{"epoch", "epoch 1, after step 3: epoch fails", ""},
		{"end", "at the end, after step 3: end fails", ""},
	} {
		m := newSumming(t)
		cfg := m.config(5)
		cfg.Epochs = 1
		var lines []string
		failure := errors.New(tt.at + " fails")
		cleanup := errors.New("cleanup fails")
		cfg.Hooks = []training.Hook{
			&diary{name: "a ", lines: &lines, at: map[string]func(*training.Loop) error{"end": func(*training.Loop) error { return cleanup }}},
			&diary{name: "b ", lines: &lines, at: map[string]func(*training.Loop) error{tt.at: func(*training.Loop) error { return failure }}},
		}
		h, err := training.Fit(context.Background(), m.sess, cfg)
		wantError(t, err, tt.want, "cleanup fails")
		if !errors.Is(err, failure) || !errors.Is(err, cleanup) || h == nil {
			t.Errorf("%s: %v", tt.at, err)
		}
		if tt.called != "" && fmt.Sprint(lines) != tt.called {
			t.Errorf("%s: called %v, want %v", tt.at, lines, tt.called)
		}
		ends := strings.Count(strings.Join(lines, ","), "end ")
		if tt.at != "begin" && ends != 2 {
			t.Errorf("%s: %d Ends", tt.at, ends)
		}
	}
}

// An error of a step says where it was, and leaves the history.
func TestStepError(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Epochs = 2
	cfg.X = nil
	cfg.Feed = func(d training.Data) graph.Feeds {
		if d.(*numbers).pass == 1 {
			return graph.Feeds{m.x: "no number"}
		}
		return graph.Feeds{m.x: d.X()}
	}
	h, err := training.Fit(context.Background(), m.sess, cfg)
	wantError(t, err, "epoch 2, step 4", "x")
	if len(h.Epochs) != 1 || !strings.Contains(h.Stopped, "step 4") {
		t.Error(h)
	}
}

// Fetch gives further values of the very step, for that step only.
func TestFetch(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(6)
	cfg.Epochs = 1
	var got []string
	cfg.Hooks = []training.Hook{&diary{lines: new([]string), at: map[string]func(*training.Loop) error{
		"before": func(l *training.Loop) error {
			if l.Step() == 1 {
				l.Fetch(m.n, m.loss, m.n, m.v)
			}
			return nil
		},
		"after": func(l *training.Loop) error {
			text := fmt.Sprint(l.Step())
			for _, n := range []*gorgonia.Node{m.n, m.loss, m.v, m.x, m.step} {
				if v := l.Value(n); v != nil {
					text += fmt.Sprint(" ", v.Data())
				}
			}
			got = append(got, text)
			return nil
		},
	}}}
	if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
		t.Fatal(err)
	}
	if want := "[1 1.5 2 25 3.5 3 3 5.5]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// Stop ends after the step or epoch, when every hook has seen it; what is put off by Later sees
// what hooks behind recorded.
func TestStopAndLater(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Epochs = 3
	var lines []string
	seen := ""
	cfg.Hooks = []training.Hook{
		&diary{name: "a ", lines: &lines, at: map[string]func(*training.Loop) error{"epoch": func(l *training.Loop) error {
			l.Later(func() error { seen = fmt.Sprint(l.Logs()); return nil })
			l.Stop("enough")
			l.Stop("too late")
			return nil
		}}},
		&diary{name: "b ", lines: &lines, at: map[string]func(*training.Loop) error{"epoch": func(l *training.Loop) error {
			wantError(t, l.Record("loss", 1e6), `"loss" is the name of a running mean`)
			wantError(t, l.Record("", 1), "the name is empty")
			return l.Record("score", 7)
		}}},
	}
	h, err := training.Fit(context.Background(), m.sess, cfg)
	if err != nil || h.Stopped != "enough" || len(h.Epochs) != 1 {
		t.Error(h, err)
	}
	if seen != "[loss 3.0000 score 7.0000]" || lines[len(lines)-3] != "b epoch 1/3/3" {
		t.Error(seen, lines)
	}
	want := "epoch  step    loss   score\n    1     3  3.0000  7.0000\nended: enough\n"
	if h.String() != want {
		t.Errorf("%s\nwant\n%s", h, want)
	}
}

// What the session remarks on, such as layers in inference mode while training, is for who calls Fit to see as well.
func TestHistoryHasTheSessionsWarnings(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float64, -1)
	flag := graph.PlaceholderWithDefault(s, "training", false)
	column := ops.Reshape(s, x, -1, 1)
	loss := ops.Mean(s, ops.Square(s, ops.BatchNorm(s.Sub("norm"), column, flag, ops.BatchNormConfig{})))
	step := training.GradientDescent(training.GradientDescentConfig{LearningRate: .1}).Minimize(s.After(g.UpdatesOf(loss)...), loss, g.Trainable())
	cfg := training.FitConfig{Step: step, Loss: loss, Data: &numbers{n: 8}, X: x, Epochs: 1}
	h, err := training.Fit(context.Background(), open(t, g), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Warnings) != 1 || !strings.Contains(h.Warnings[0], "norm/") || !strings.Contains(h.Warnings[0], "feed training true") {
		t.Errorf("warnings %q", h.Warnings)
	}
	cfg.Feeds = graph.Feeds{flag: true}
	cfg.Data = &numbers{n: 8}
	if h, err = training.Fit(context.Background(), open(t, g), cfg); err != nil || len(h.Warnings) != 0 {
		t.Errorf("warnings %q, error %v of a healthy training", h.Warnings, err)
	}
}
