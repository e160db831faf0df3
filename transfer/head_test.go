package transfer_test

import (
	"fmt"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
)

// A head is a dense layer on features, on the means of maps, or on each pixel of them.
func TestHead(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dt})
		s := g.Scope()
		maps := graph.ConstOf(s, dt, [][][][]float64{{{{1, 10}, {3, 30}}}}) // 1 image, 1 x 2 pixels, 2 channels
		ones := transfer.HeadConfig{Kernel: initializers.Ones()}
		pooled := transfer.Head(s.Sub("pooled"), maps, 3, ones)
		ones.Flatten = true
		flat := transfer.Head(s.Sub("flat"), maps, 3, ones)
		dense := transfer.Head(s.Sub("dense"), ops.Flatten(s, maps), 3, transfer.HeadConfig{Kernel: initializers.Ones()})
		sess := newSession(t, g)
		out, err := sess.Run(nil, pooled, flat, dense)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(out[0].Data(), out[1].Data(), out[2].Data()), "[22 22 22] [44 44 44] [44 44 44]"; got != want {
			t.Errorf("%v: %s; want %s", dt, got, want)
		}
		if got := names(g.Variables("pooled")); got != "pooled/kernel pooled/bias" {
			t.Errorf("the variables are %s", got)
		}
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 4)
	transfer.Head(s.Sub("regular"), x, 2, transfer.HeadConfig{KernelRegularizer: ops.L2(0.1)})
	if len(g.Collection(graph.RegularizationLosses)) != 1 {
		t.Error("the kernel is not regularised")
	}
	for _, c := range []struct {
		x       *gorgonia.Node
		classes int
		cfg     transfer.HeadConfig
		want    string
	}{
		{nil, 2, transfer.HeadConfig{}, "x is nil"},
		{x, 0, transfer.HeadConfig{}, "classes is 0"},
		{x, 2, transfer.HeadConfig{Dropout: 0.5}, "Training is nil"},
		{x, 2, transfer.HeadConfig{Dropout: -1}, "rate is -1"},
	} {
		bad := graph.New(graph.Config{})
		y := c.x
		if y != nil {
			y = graph.Placeholder(bad.Scope(), "x", tensor.Float32, -1, 4)
		}
		if transfer.Head(bad.Scope(), y, c.classes, c.cfg); bad.Err() == nil || !strings.Contains(bad.Err().Error(), c.want) {
			t.Errorf("%v; want %q", bad.Err(), c.want)
		}
	}
}

// A wider, a narrower and a reordered output layer keep the logits of the classes that they share.
func TestCopyClasses(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Seed: 3})
		s := g.Scope()
		x := graph.Const(s, [][]float32{{1, 2, 3}})
		old := transfer.Head(s.Sub("old"), x, 3, transfer.HeadConfig{})
		source, err := transfer.SharedClasses([]string{"ant", "bee", "cat"}, []string{"cat", "dog", "ant", "emu"})
		if err != nil || fmt.Sprint(source) != "[2 -1 0 -1]" {
			t.Fatalf("%v, %v", source, err)
		}
		young := transfer.Head(s.Sub("young"), ops.Cast(s, x, dt), 4, transfer.HeadConfig{})
		sess := newSession(t, g)
		run := func() (a, b []float64) {
			out, err := sess.Run(nil, ops.Cast(s, old, tensor.Float64), ops.Cast(s, young, tensor.Float64))
			if err != nil {
				t.Fatal(err)
			}
			return out[0].Data().([]float64), out[1].Data().([]float64)
		}
		a, b := run()
		if err := transfer.CopyClasses(sess, g.Variables("old"), sess, g.Variables("young"), source); err != nil {
			t.Fatal(err)
		}
		_, c := run()
		near := func(x, y float64) bool { return x-y < 1e-6 && y-x < 1e-6 }
		if !near(c[0], a[2]) || c[1] != b[1] || !near(c[2], a[0]) || c[3] != b[3] {
			t.Errorf("%v: the logits are %v; want 2 and 0 of %v, 1 and 3 of %v", dt, c, a, b)
		}
		if err := transfer.CopyClasses(sess, g.Variables("old"), sess, g.Variables("old"), []int{1, 0, 2}); err != nil {
			t.Fatal(err)
		}
		if d, _ := run(); !near(d[0], a[1]) || !near(d[1], a[0]) || !near(d[2], a[2]) {
			t.Errorf("swapped: %v; of %v", d, a)
		}
	}
}

func TestCopyClassesBadInput(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Const(s, [][]float32{{1, 2, 3}})
	transfer.Head(s.Sub("old"), x, 3, transfer.HeadConfig{})
	transfer.Head(s.Sub("young"), x, 4, transfer.HeadConfig{})
	transfer.Head(s.Sub("other"), graph.Const(s, [][]float32{{1, 2}}), 4, transfer.HeadConfig{})
	sess := newSession(t, g)
	old, young := g.Variables("old"), g.Variables("young")
	before := values(t, sess, g.Variables())
	for _, c := range []struct {
		err  error
		want string
	}{
		{transfer.CopyClasses(nil, old, sess, young, nil), "a session is nil"},
		{transfer.CopyClasses(sess, old[:1], sess, young, nil), "1 variables of the old layer and 2"},
		{transfer.CopyClasses(sess, old, sess, young, []int{0}), "source has 1 entries; want one for each of the 4"},
		{transfer.CopyClasses(sess, old, sess, young, []int{0, 1, 2, 3}), "source[3] is 3, but there are 3 old classes"},
		{transfer.CopyClasses(sess, old, sess, g.Variables("other"), []int{0, 1, 2, -1}), "from old/kernel to other/kernel: the shapes are"},
		{transfer.CopyClasses(sess, gorgonia.Nodes{x}, sess, young[:1], []int{0, 1, 2, -1}), "is not a variable"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%v; want %q", c.err, c.want)
		}
	}
	same(t, "after errors", before, values(t, sess, g.Variables()))
	for _, names := range [][2][]string{{{"a", "a"}, {"a"}}, {{"a"}, {"b", "b"}}} {
		if _, err := transfer.SharedClasses(names[0], names[1]); err == nil || !strings.Contains(err.Error(), "twice") {
			t.Errorf("%v; want an error", err)
		}
	}
}

// Chosen layers begin anew, with their slots; others go on.
func TestReinitialize(t *testing.T) {
	n := newDeepNet(tensor.Float32, 0, 0)
	opt := training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.9})
	step := n.minimize(opt, n.g.Trainable())
	sess := newSession(t, n.g)
	start := values(t, sess, n.g.Variables())
	losses(t, sess, n, step, 2)
	trained := values(t, sess, n.g.Variables())
	kernels := initializers.GlorotUniform()
	if err := transfer.Reinitialize(sess, kernels, "hidden3/kernel", "outputs/kernel"); err != nil {
		t.Fatal(err)
	}
	after := values(t, sess, n.g.Variables())
	for name, v := range after {
		switch name {
		case "hidden3/kernel", "outputs/kernel", "hidden3/kernel/Momentum", "outputs/kernel/Momentum":
			if v != start[name] { // the graph's own initializer is the same
				t.Errorf("%s is not what it began with", name)
			}
		default:
			if v != trained[name] {
				t.Errorf("%s has changed", name)
			}
		}
	}
	if err := transfer.Reinitialize(sess, nil, "hidden3/kernel"); err != nil {
		t.Fatal(err)
	}
	if again := values(t, sess, n.g.Variables("hidden3/kernel$")); again["hidden3/kernel"] == after["hidden3/kernel"] {
		t.Error("the variable's own initializer does not draw anew")
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{transfer.Reinitialize(nil, nil, "hidden3"), "the session is nil"},
		{transfer.Reinitialize(sess, nil), "no pattern"},
		{transfer.Reinitialize(sess, nil, "hiden3"), `"hiden3" matches nothing`},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%v; want %q", c.err, c.want)
		}
	}
	if err := n.g.Err(); err != nil {
		t.Errorf("the graph has the error %v", err)
	}
}
