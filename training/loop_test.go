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
)

// numbers is Data over the numbers 1, 2, ..., n in batches of two, with x = y; its state is where it stands.
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

// summing is a "training" whose step adds the batch's sum to a variable; its loss is the batch's mean.
type summing struct {
	sess          *graph.Session
	v, x          *gorgonia.Node
	step, loss, n *gorgonia.Node
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
	m.n = ops.Sum(s, ops.Square(s, m.x))
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
	cfg.Hooks = []training.Hook{&diary{"a ", &lines, nil}, &diary{name: "b ", lines: &lines}}
	h, err := training.Fit(context.Background(), m.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got := value(t, m.sess, m.v).Data(); got != 30. {
		t.Errorf("two epochs of 1+...+5 give %v", got)
	}
	// Batches 1 2 | 3 4 | 5: the mean over the epoch is that of all numbers, (5+25+...)-weighted by the size of the batch.
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
