package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestDenseGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "layers", "Dense") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{})
				s := g.Scope()
				feeds := graph.Feeds{}
				x := graph.Placeholder(s, "x", dtype, unknownButLast(c.In("x").Shape)...)
				feeds[x] = values{c.In("x").Shape, c.In("x").Data}.feed(dtype)
				dy := input(s, feeds, "dy", dtype, values{c.In("dy").Shape, c.In("dy").Data}, true)
				kernel := c.In("kernel")
				y := ops.Dense(s.Sub("layer"), x, kernel.Shape[1], ops.DenseConfig{
					Kernel: initializers.Constant(kernel.Data), Bias: initializers.Constant(c.In("bias").Data)})
				grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x, g.Node("layer/kernel"), g.Node("layer/bias")}, gorgonia.Nodes{dy})
				out := run(t, g, feeds, append(gorgonia.Nodes{y}, grads...)...)
				rtol, atol := 2e-6, 4e-6
				if dtype == tensor.Float64 {
					rtol, atol = 1e-12, 1e-12
				}
				for i, name := range []string{"y", "dx", "dkernel", "dbias"} {
					if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	}
}

// unknownButLast replaces all sizes but the last by -1.
func unknownButLast(shape []int) []int {
	out := append([]int(nil), shape...)
	for i := range out[:len(out)-1] {
		out[i] = -1
	}
	return out
}

func TestDenseGradients(t *testing.T) {
	for _, shape := range [][]int{{4, 3}, {1, 1}, {2, 3, 3}, {2, 1, 2, 3}} {
		for _, unknown := range []bool{false, true} {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			s := g.Scope()
			declared := shape
			if unknown {
				declared = unknownButLast(shape)
			}
			x := graph.Placeholder(s, "x", tensor.Float64, declared...)
			feeds := graph.Feeds{x: wave(1, 0, shape...).feed(tensor.Float64)}
			y := ops.Dense(s, x, 2, ops.DenseConfig{Activation: ops.Tanh, Bias: initializers.RandomNormal(0, 1)})
			if got := graph.SpecOf(y).Shape; got[len(got)-1] != 2 || len(got) != len(shape) || unknown != (got[0] < 0) {
				t.Errorf("x of %v gives %v", declared, got)
			}
			twiceDifferentiable(t, g, feeds, y, gorgonia.Nodes{x, g.Node("kernel"), g.Node("bias")})
		}
	}
}

func TestDenseVariablesAndNames(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope().NameScope("dnn")
	x := graph.Placeholder(g.Scope(), "x", tensor.Float64, -1, 5)
	y := ops.Dense(s.Sub("hidden1"), x, 4, ops.DenseConfig{})
	ops.Dense(s.Sub("hidden2"), y, 3, ops.DenseConfig{NoBias: true, Activation: ops.ELUWith(1)})
	wantNames(t, g, g.Trainable(), "hidden1/kernel", "hidden1/bias", "hidden2/kernel")
	wantNames(t, g, g.ModelVariables(), "hidden1/kernel", "hidden1/bias", "hidden2/kernel")
	for _, name := range []string{"dnn/hidden1/MatMul", "dnn/hidden1/BiasAdd", "dnn/hidden2/MatMul", "dnn/hidden2/elu"} {
		if _, ok := g.Lookup(name); !ok {
			t.Errorf("there is no node %s", name)
		}
	}
	if got := g.NameOf(y); got != "dnn/hidden1/BiasAdd" {
		t.Errorf("the layer's result is %s", got)
	}
	for name, want := range map[string]string{"hidden1/kernel": "float64[5, 4]", "hidden1/bias": "float64[4]", "hidden2/kernel": "float64[4, 3]"} {
		if got := graph.SpecOf(g.Node(name)).String(); got != want {
			t.Errorf("%s is %s; want %s", name, got, want)
		}
	}
	sess := sessionOn(t, g)
	v, err := sess.Values(g.Node("hidden1/kernel"), g.Node("hidden1/bias"))
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, v[1], []int{4}, 0, 0, 0, 0)
	limit := math.Sqrt(6. / 9) // Glorot uniform
	largest := 0.0
	for _, w := range floats(v[0]) {
		largest = math.Max(largest, math.Abs(w))
	}
	if largest > limit || largest < limit/2 {
		t.Errorf("the largest weight is %v; want Glorot's uniform draws within %v", largest, limit)
	}
}

func TestDenseReuse(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	a, b := graph.Placeholder(s, "a", tensor.Float32, -1, 2), graph.Placeholder(s, "b", tensor.Float32, -1, 2)
	cfg := ops.DenseConfig{KernelRegularizer: ops.L2(1)}
	ya := ops.Dense(s.Sub("tower"), a, 3, cfg)
	yb := ops.Dense(s.Sub("tower").Reuse(), b, 3, cfg)
	wantNames(t, g, g.Variables(), "tower/kernel", "tower/bias")
	if n := len(g.Collection(graph.RegularizationLosses)); n != 1 {
		t.Errorf("the shared kernel entered %d losses; want 1", n)
	}
	out := run(t, g, graph.Feeds{a: []float32{1, 2}, b: []float32{1, 2}}, ya, yb)
	wantValues(t, out.Tensor(0), []int{1, 3}, floats(out.Tensor(1))...)
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
		return ops.Dense(s.Reuse(), x, 3, ops.DenseConfig{})
	}, "net/layer/kernel", "reuse")
}

func TestDenseRegularizerAndConstraint(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope().NameScope("dnn")
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	kernel := initializers.Constant([]float32{3, 1, 4, -1})
	ops.Dense(s.Sub("a"), x, 2, ops.DenseConfig{Kernel: kernel, KernelRegularizer: ops.L1(.5)})
	ops.Dense(s.Sub("b"), x, 2, ops.DenseConfig{Kernel: kernel, KernelRegularizer: ops.L2(.1), KernelConstraint: ops.MaxNorm(1)})
	ops.Dense(s.Sub("c"), x, 2, ops.DenseConfig{Kernel: kernel, KernelRegularizer: ops.L2(0)})
	losses := g.Collection(graph.RegularizationLosses)
	wantNames(t, g, losses, "dnn/a/kernel/Regularizer/l1_regularizer", "dnn/b/kernel/Regularizer/l2_regularizer")
	out := run(t, g, nil, losses...)
	near(t, "l1", []float64{out.Float(0)}, 1e-6, 4.5)
	near(t, "l2", []float64{out.Float(1)}, 1e-6, .1*27/2)
	if g.ConstraintOf(g.Node("a/kernel")) != nil {
		t.Error("a kernel without a constraint has one")
	}
	constraint := g.ConstraintOf(g.Node("b/kernel"))
	if constraint == nil {
		t.Fatal("the constraint is lost")
	}
	// Columns [3 4] and [1 -1] are brought to length 1.
	half := math.Sqrt(.5)
	near(t, "the constrained kernel", floats(run(t, g, nil, constraint(s, g.Node("b/kernel"))).Tensor(0)), 1e-6, .6, half, .8, -half)
}

// A layer inside a branch still has its loss outside.
func TestDenseRegularizerInABranch(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	ops.Cond(s, graph.Const(s, false),
		func(s *graph.Scope) *gorgonia.Node {
			return ops.Dense(s, x, 2, ops.DenseConfig{Kernel: initializers.Ones(), KernelRegularizer: ops.L1(1)})
		},
		func(s *graph.Scope) *gorgonia.Node { return x })
	near(t, "the loss", []float64{run(t, g, nil, g.Collection(graph.RegularizationLosses)...).Float(0)}, 1e-6, 4)
}

func TestDenseBatchOfNone(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	y := ops.Dense(s, x, 3, ops.DenseConfig{})
	empty := tensor.New(tensor.WithShape(0, 2), tensor.WithBacking([]float32{}))
	grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{g.Node("kernel"), g.Node("bias")}, nil)
	out := run(t, g, graph.Feeds{x: empty}, append(grads, y)...)
	wantValues(t, out.Tensor(0), []int{2, 3}, 0, 0, 0, 0, 0, 0)
	wantValues(t, out.Tensor(1), []int{3}, 0, 0, 0)
	if got := out.Tensor(2).Shape(); got[0] != 0 || got[1] != 3 {
		t.Errorf("an empty batch gives shape %v", got)
	}
}

func TestDenseErrors(t *testing.T) {
	layer := func(dtype tensor.Dtype, units int, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.Dense(s, graph.Placeholder(s, "x", dtype, shape...), units, ops.DenseConfig{})
		}
	}
	cases := []struct {
		name  string
		build func(s *graph.Scope) *gorgonia.Node
		words []string
	}{
		{"units", layer(tensor.Float32, 0, -1, 3), []string{"units is 0", "float32[?, 3]"}},
		{"negative units", layer(tensor.Float32, -4, -1, 3), []string{"units is -4"}},
		{"rank 1", layer(tensor.Float32, 2, 3), []string{"float32[3]", "[batch, in]"}},
		{"unknown input size", layer(tensor.Float32, 2, -1, -1), []string{"float32[?, ?]", "last axis"}},
		{"integers", layer(tensor.Int, 2, -1, 3), []string{"int[?, 3]", "ops.Cast"}},
		{"nil", func(s *graph.Scope) *gorgonia.Node { return ops.Dense(s, nil, 2, ops.DenseConfig{}) }, []string{"x is nil"}},
		{"twice", func(s *graph.Scope) *gorgonia.Node {
			x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
			ops.Dense(s, x, 2, ops.DenseConfig{})
			return ops.Dense(s, x, 2, ops.DenseConfig{})
		}, []string{"net/layer/kernel", "s.Sub"}},
		{"regularizer scale", func(s *graph.Scope) *gorgonia.Node {
			ops.Dense(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), 2, ops.DenseConfig{KernelRegularizer: ops.L2(-1)})
			return badAfter(s)
		}, []string{"kernel/Regularizer", "scale is -1"}},
		{"regularizer shape", func(s *graph.Scope) *gorgonia.Node {
			square := func(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node { return ops.Square(s, w) }
			ops.Dense(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), 2, ops.DenseConfig{KernelRegularizer: square})
			return badAfter(s)
		}, []string{"float32[3, 2]", "scalar"}},
		{"constraint", func(s *graph.Scope) *gorgonia.Node {
			return ops.MaxNorm(0)(s, graph.Placeholder(s, "w", tensor.Float32, 3, 2))
		}, []string{"norm is 0", "positive"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { wantLayerError(t, c.build, c.words...) })
	}
}

// badAfter returns a bad node where the error of interest gave none.
func badAfter(s *graph.Scope) *gorgonia.Node {
	return ops.Dense(s.Sub("after"), graph.Placeholder(s, "rank1", tensor.Float32, 3), 1, ops.DenseConfig{})
}
