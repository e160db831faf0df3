package training_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training"
)

// Each kind of average gives the golden values, fused or not.
func TestMovingAverageGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "training", "MovingAverage") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, noFusion := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%v/%v", c.Name, dtype, noFusion), func(t *testing.T) { goldenAverage(t, c, dtype, noFusion) })
			}
		}
	}
}

func goldenAverage(t *testing.T, c golden.Case, dtype tensor.Dtype, noFusion bool) {
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope()
	w := variable(s, "w", dtype, 0, 6)
	next := graph.Placeholder(s, "next", dtype, 6)
	cfg := training.MovingAverageConfig{
		Decay: c.Param("decay"), ZeroDebias: c.Param("zeroDebias") == 1, Uniform: c.Param("uniform") == 1,
	}
	count := training.GlobalStep(s)
	if c.Param("numUpdates") == 1 {
		cfg.NumUpdates = count
	}
	// A "step" makes w the next value, and counts.
	step := graph.Group(s, graph.Assign(s, w, next), graph.AssignAdd(s, count, graph.ConstOf(s, tensor.Int64, 1)))
	average := training.NewMovingAverage(cfg)
	train := average.Apply(s.After(step), gorgonia.Nodes{w})
	sess, err := graph.NewSession(g, graph.SessionConfig{NoFusion: noFusion})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	values, rtol, atol := func(a golden.Array) interface{} { return a.Float32s() }, 2e-6, 2e-7
	if dtype == tensor.Float64 {
		values, rtol, atol = func(a golden.Array) interface{} { return a.Float64s() }, 1e-12, 1e-14
	}
	set(t, sess, w, values(c.In("w0")))
	if err := sess.Init(); err != nil { // the average begins with the value of w
		t.Fatal(err)
	}
	for k := range c.In("w").Shape[0] {
		if out := run(t, sess, graph.Feeds{next: values(c.In("w").Row(k))}, train); out[0] != nil {
			t.Fatalf("Apply fetches as %v", out[0])
		}
		if err := golden.Close(value(t, sess, average.Average(w)), c.Out("average").Row(k), rtol, atol); err != nil {
			t.Fatalf("after step %d: %v", k, err)
		}
	}
}

// Names and collections are TensorFlow's.
func TestMovingAverageNames(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w, b := variable(s.Sub("layer"), "kernel", tensor.Float32, 1, 2), variable(s.Sub("layer"), "bias", tensor.Float32, 1, 2)
	average := training.NewMovingAverage(training.MovingAverageConfig{Decay: .9, ZeroDebias: true})
	if average.Average(w) != nil {
		t.Error("there is an average before Apply")
	}
	average.Apply(s.NameScope("train"), gorgonia.Nodes{w})
	mean := training.NewMovingAverage(training.MovingAverageConfig{Uniform: true})
	mean.Apply(s.NameScope("train"), gorgonia.Nodes{w, b})
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	if got, want := names(g, average.Variables()), []string{"ExponentialMovingAverage/weight", "layer/kernel/ExponentialMovingAverage"}; !reflect.DeepEqual(got, want) {
		t.Errorf("variables %v; want %v", got, want)
	}
	if got := g.NameOf(mean.Average(b)); got != "layer/bias/UniformAverage" {
		t.Errorf("the mean is %s", got)
	}
	if got := names(g, g.Collection(graph.MovingAverageVariables)); !reflect.DeepEqual(got, []string{"layer/kernel", "layer/bias"}) {
		t.Errorf("the collection holds %v", got)
	}
	if average.Average(b) != nil || average.Average(nil) != nil {
		t.Error("Average finds what is not there")
	}
	if got := g.Trainable(); len(got) != 2 {
		t.Errorf("trainable: %v", names(g, got))
	}
}

// averaged is a graph with an average of w that differs from w, and b without
// one.
func averaged(t *testing.T) (g *graph.Graph, average *training.MovingAverage, sess *graph.Session, w, b *gorgonia.Node) {
	g = graph.New(graph.Config{})
	s := g.Scope()
	w, b = variable(s, "w", tensor.Float32, 0, 2), variable(s, "b", tensor.Float32, 7, 1)
	average = training.NewMovingAverage(training.MovingAverageConfig{Decay: .5})
	step := graph.AssignAdd(s, w, graph.Const(s, []float64{8, -4}))
	train := average.Apply(s.After(step), gorgonia.Nodes{w})
	sess = open(t, g)
	run(t, sess, nil, train)
	run(t, sess, nil, train) // w is 16, -8; the average 10, -5
	return g, average, sess, w, b
}

func TestMovingAverageSwap(t *testing.T) {
	_, average, sess, w, b := averaged(t)
	pair := func() string {
		return fmt.Sprint(value(t, sess, w), value(t, sess, average.Average(w)), value(t, sess, b))
	}
	before := pair()
	if before != "[16  -8] [10  -5] [7]" {
		t.Fatalf("w and its average are %s", before)
	}
	if err := average.Swap(sess); err != nil {
		t.Fatal(err)
	}
	if got := pair(); got != "[10  -5] [16  -8] [7]" {
		t.Errorf("swapped they are %s", got)
	}
	if err := average.Swap(sess); err != nil {
		t.Fatal(err)
	}
	if got := pair(); got != before {
		t.Errorf("swapped back they are %s; want %s", got, before)
	}
	wantError(t, average.Swap(nil), "the session is nil")
	other := graph.New(graph.Config{})
	variable(other.Scope(), "w", tensor.Float32, 0, 2)
	wantError(t, average.Swap(open(t, other)), "there are none in the session's graph", "Apply")
}

// A Saver that renames gives the variables their averages, in the graph that was
// trained and in one that knows no averages.
func TestMovingAverageVariablesToRestore(t *testing.T) {
	g, average, sess, w, b := averaged(t)
	path, err := training.NewSaver(g.Variables(), training.SaverConfig{}).Save(sess, filepath.Join(t.TempDir(), "model.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	rename := average.VariablesToRestore(g, g.ModelVariables())
	if want := map[string]*gorgonia.Node{"w/ExponentialMovingAverage": w, "b": b}; !reflect.DeepEqual(rename, want) {
		t.Errorf("VariablesToRestore gives %v; want %v", rename, want)
	}
	same, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer same.Close()
	if err := training.NewSaver(nil, training.SaverConfig{Rename: rename}).Restore(same, path); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(value(t, same, w), value(t, same, b)); got != "[10  -5] [7]" {
		t.Errorf("restored: %s", got)
	}

	serving := graph.New(graph.Config{})
	v := variable(serving.Scope(), "w", tensor.Float32, 0, 2)
	rename = training.NewMovingAverage(training.MovingAverageConfig{Decay: .5}).VariablesToRestore(serving, serving.ModelVariables())
	into, err := graph.NewSession(serving, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer into.Close()
	if err := training.NewSaver(nil, training.SaverConfig{Rename: rename}).Restore(into, path); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(value(t, into, v)); got != "[10  -5]" {
		t.Errorf("restored for serving: %s", got)
	}
}

// A cell that is run again forgets the average with its variable.
func TestMovingAverageAfterFresh(t *testing.T) {
	g := graph.New(graph.Config{})
	average := training.NewMovingAverage(training.MovingAverageConfig{Decay: .5})
	var w *gorgonia.Node
	for range 2 {
		s := g.Scope().Sub("model").Fresh()
		old := w
		w = variable(s, "w", tensor.Float32, 3, 1)
		train := average.Apply(s, gorgonia.Nodes{w})
		sess := open(t, g)
		run(t, sess, nil, train)
		if err := average.Swap(sess); err != nil {
			t.Fatal(err)
		}
		if old != nil && average.Average(old) != nil {
			t.Error("the forgotten variable has an average")
		}
	}
	if got := g.NameOf(average.Average(w)); got != "model/w/ExponentialMovingAverage" {
		t.Errorf("the average is %s", got)
	}
}

func TestMovingAverageErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  func(s *graph.Scope) training.MovingAverageConfig
		vars func(g *graph.Graph, w *gorgonia.Node) gorgonia.Nodes
		want []string
	}{
		{name: "no decay", want: []string{"Decay is 0", "graph.Zero"}},
		{name: "decay 1", cfg: func(*graph.Scope) training.MovingAverageConfig { return training.MovingAverageConfig{Decay: 1} }, want: []string{"Decay is 1", "[0, 1)"}},
		{name: "uniform with decay", cfg: func(*graph.Scope) training.MovingAverageConfig {
			return training.MovingAverageConfig{Decay: .9, Uniform: true}
		}, want: []string{"Uniform excludes Decay"}},
		{name: "float count", cfg: func(s *graph.Scope) training.MovingAverageConfig {
			return training.MovingAverageConfig{Decay: .9, NumUpdates: graph.Const(s, 1.)}
		}, want: []string{"NumUpdates", "float32[]"}},
		{name: "count of another graph", cfg: func(*graph.Scope) training.MovingAverageConfig {
			return training.MovingAverageConfig{Decay: .9, NumUpdates: training.GlobalStep(graph.New(graph.Config{}).Scope())}
		}, want: []string{"NumUpdates belongs to another graph"}},
		{name: "none", cfg: valid, vars: func(*graph.Graph, *gorgonia.Node) gorgonia.Nodes { return nil }, want: []string{"empty", "g.Trainable()", "w"}},
		{name: "twice", cfg: valid, vars: func(_ *graph.Graph, w *gorgonia.Node) gorgonia.Nodes { return gorgonia.Nodes{w, w} }, want: []string{"w is given twice"}},
		{name: "nil", cfg: valid, vars: func(*graph.Graph, *gorgonia.Node) gorgonia.Nodes { return gorgonia.Nodes{nil} }, want: []string{"nil"}},
		{name: "no variable", cfg: valid, vars: func(g *graph.Graph, _ *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{graph.Const(g.Scope(), []float64{1})}
		}, want: []string{"is not a variable"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			w := variable(s, "w", tensor.Float32, 0, 2)
			cfg, vars := training.MovingAverageConfig{}, gorgonia.Nodes{w}
			if c.cfg != nil {
				cfg = c.cfg(s)
			}
			if c.vars != nil {
				vars = c.vars(g, w)
			}
			training.NewMovingAverage(cfg).Apply(s, vars)
			wantError(t, g.Err(), c.want...)
		})
	}
}

func valid(*graph.Scope) training.MovingAverageConfig { return training.MovingAverageConfig{Decay: .9} }
