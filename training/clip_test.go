package training_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Clipping keeps the variables, the order and the nil gradients.
func TestClip(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	a, b, c := variable(s, "a", tensor.Float32, 0, 2), variable(s, "b", tensor.Float32, 0, 1), variable(s, "c", tensor.Float32, 0)
	grads := []training.GradVar{
		{Grad: graph.Const(s, []float64{3, -4}), Var: a},
		{Grad: nil, Var: b},
		{Grad: graph.Const(s, 12.), Var: c},
	}
	byValue := training.ClipByValue(s, grads, -1, 5)
	byNorm := training.ClipByNorm(s, grads, 2.5)
	byGlobal, norm := training.ClipByGlobalNorm(s, grads, 6.5)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	sess := open(t, g)
	if got := run(t, sess, nil, norm).Float(0); got != 13 {
		t.Errorf("global norm %v; want 13", got)
	}
	for name, x := range map[string]struct {
		got  []training.GradVar
		a    []float32
		want float64
	}{
		"value":  {byValue, []float32{3, -1}, 5},
		"norm":   {byNorm, []float32{1.5, -2}, 2.5},
		"global": {byGlobal, []float32{1.5, -2}, 6},
	} {
		if len(x.got) != 3 || x.got[0].Var != a || x.got[1].Var != b || x.got[2].Var != c || x.got[1].Grad != nil {
			t.Errorf("%s: %v", name, x.got)
			continue
		}
		out := run(t, sess, nil, x.got[0].Grad, x.got[2].Grad)
		for i, v := range out.Float32s(0) {
			if math.Abs(float64(v-x.a[i])) > 1e-6 || math.Abs(out.Float(1)-x.want) > 1e-6 {
				t.Errorf("%s: %v, %v; want %v, %v", name, out.Float32s(0), out.Float(1), x.a, x.want)
			}
		}
	}
	if clipped, norm := training.ClipByGlobalNorm(s, grads[1:2], 1); norm != nil || clipped[0].Grad != nil || clipped[0].Var != b {
		t.Errorf("all nil: %v, %v", clipped, norm)
	}
	if grads[0].Grad == byValue[0].Grad {
		t.Error("the given gradients were changed")
	}
}

func TestClipGlobalNormGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "clip", "ClipByGlobalNorm") {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		var grads []training.GradVar
		for _, name := range []string{"t0", "t1", "t2"} {
			in := c.In(name)
			x := graph.Placeholder(s, name, tensor.Float32, in.Shape...)
			feeds[x] = tensor.New(tensor.WithShape(in.Shape...), tensor.WithBacking(in.Float32s()))
			grads = append(grads, training.GradVar{Grad: x, Var: variable(s, "v"+name, tensor.Float32, 0, in.Shape...)})
		}
		clipped, norm := training.ClipByGlobalNorm(s, grads, c.Param("clipNorm"))
		out := run(t, open(t, g), feeds, clipped[0].Grad, clipped[1].Grad, clipped[2].Grad, norm)
		for i, name := range []string{"y0", "y1", "y2", "norm"} {
			if err := golden.Close(out[i], c.Out(name), 1e-6, 1e-7); err != nil {
				t.Errorf("%s: %s: %v", c.Name, name, err)
			}
		}
	}
}

func TestClipErrors(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	grads := []training.GradVar{{Grad: graph.Const(s, []float64{1}), Var: variable(s, "v", tensor.Float32, 0, 1)}}
	training.ClipByNorm(s.NameScope("train"), grads, -1)
	wantError(t, g.Err(), "train/clip_by_norm", "-1")
}

func TestTotalLoss(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	y := ops.Dense(s.Sub("one"), x, 1, ops.DenseConfig{Kernel: constantly(2), KernelRegularizer: ops.L1(.5)})
	y = ops.Dense(s.Sub("two"), y, 1, ops.DenseConfig{Kernel: constantly(3), KernelRegularizer: ops.L2(1)})
	loss := ops.Mean(s, y)
	if got := training.TotalLoss(graph.New(graph.Config{}).Scope(), loss); got != loss {
		t.Error("without regularization the loss is another node")
	}
	total := training.TotalLoss(s, loss)
	one := training.TotalLoss(s, loss, "one/")
	wide := graph.Const(s, tensor.New(tensor.FromScalar(1.)))
	cast := training.TotalLoss(s, wide)
	out := run(t, open(t, g), graph.Feeds{x: tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{1, 1}))}, loss, total, one, cast)
	// |2|+|2| halved, and 3 squared halved.
	if l := out.Float(0); l != 12 || out.Float(1) != l+2+4.5 || out.Float(2) != l+2 || out.Float(3) != 7.5 {
		t.Errorf("loss %v, total %v, of one layer %v, in float64 %v", l, out.Float(1), out.Float(2), out.Float(3))
	}
	training.TotalLoss(s.NameScope("loss"), y)
	wantError(t, g.Err(), "loss/TotalLoss", "float32[?, 1]", "scalar")
}
