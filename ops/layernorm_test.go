package ops_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestLayerNormGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "layers2", "LayerNorm") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				feeds := graph.Feeds{}
				x := c.In("x")
				shape := append([]int(nil), x.Shape...)
				if len(shape) > 1 {
					shape[0] = -1
				}
				in := graph.Placeholder(s, "x", dtype, shape...)
				feeds[in] = values{x.Shape, x.Data}.feed(dtype)
				dy := input(s, feeds, "dy", dtype, values{c.In("dy").Shape, c.In("dy").Data}, true)
				y := ops.LayerNorm(s.Sub("ln"), in, ops.LayerNormConfig{
					Epsilon:         c.Param("epsilon"),
					BeginNormAxis:   int(c.Param("beginNormAxis")),
					BeginParamsAxis: int(c.Param("beginParamsAxis")),
					Gamma:           initializers.Constant(values{c.In("gamma").Shape, c.In("gamma").Data}.feed(dtype)),
					Beta:            initializers.Constant(values{c.In("beta").Shape, c.In("beta").Data}.feed(dtype)),
				})
				xs := gorgonia.Nodes{in, g.Node("ln/gamma"), g.Node("ln/beta")}
				out := run(t, g, feeds, append(graph.Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{dy}), y)...)
				rtol, atol := 4e-6, 3e-6
				if dtype == tensor.Float64 {
					rtol, atol = 1e-11, 1e-11
				}
				for i, name := range []string{"dx", "dgamma", "dbeta", "y"} {
					if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	}
}

func TestLayerNormGradients(t *testing.T) {
	for _, c := range []struct {
		shape []int
		cfg   ops.LayerNormConfig
	}{
		{[]int{3, 4}, ops.LayerNormConfig{}},
		{[]int{5}, ops.LayerNormConfig{}},
		{[]int{2, 3, 2}, ops.LayerNormConfig{BeginNormAxis: 1}},
		{[]int{2, 3, 2}, ops.LayerNormConfig{BeginNormAxis: -2, BeginParamsAxis: -2}},
		{[]int{3, 4}, ops.LayerNormConfig{NoCenter: true, NoScale: true}},
		{[]int{2, 2, 3}, ops.LayerNormConfig{BeginNormAxis: 1, BeginParamsAxis: 1, NoScale: true}},
	} {
		for _, unknown := range []bool{false, true} {
			t.Run(fmt.Sprint(c.shape, unknown), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: tensor.Float64, Seed: 3})
				s := g.Scope()
				shape := append([]int(nil), c.shape...)
				if unknown && len(shape) > 1 {
					shape[0] = -1
				}
				x := graph.Placeholder(s, "x", tensor.Float64, shape...)
				feeds := graph.Feeds{x: wave(1.3, .2, c.shape...).feed(tensor.Float64)}
				c.cfg.Gamma, c.cfg.Beta, c.cfg.Epsilon = initializers.RandomUniform(.5, 1.5), initializers.RandomNormal(0, 1), 1e-3
				y := ops.LayerNorm(s, x, c.cfg)
				twiceDifferentiable(t, g, feeds, y, append(gorgonia.Nodes{x}, g.Trainable()...))
			})
		}
	}
}

func TestLayerNormVariables(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float64, -1, 2, 7)
	ops.LayerNorm(s.Sub("full"), x, ops.LayerNormConfig{})
	ops.LayerNorm(s.Sub("bare"), x, ops.LayerNormConfig{NoCenter: true, NoScale: true})
	ops.LayerNorm(s.Sub("fixed"), x, ops.LayerNormConfig{NotTrainable: true, BeginNormAxis: 1, BeginParamsAxis: 1})
	wantNames(t, g, g.Trainable(), "full/gamma", "full/beta")
	wantNames(t, g, g.ModelVariables(), "full/gamma", "full/beta", "fixed/gamma", "fixed/beta")
	for name, want := range map[string]string{"full/gamma": "float64[7]", "fixed/beta": "float64[2, 7]"} {
		if got := graph.SpecOf(g.Node(name)).String(); got != want {
			t.Errorf("%s is %s; want %s", name, got, want)
		}
	}
	v, err := sessionOn(t, g).Values(g.Node("full/gamma"), g.Node("full/beta"))
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, v[0], []int{7}, 1, 1, 1, 1, 1, 1, 1)
	wantValues(t, v[1], []int{7}, 0, 0, 0, 0, 0, 0, 0)
}

func TestLayerNormRows(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dtype})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := graph.Placeholder(s, "x", dtype, -1, 3)
		feeds[x] = at([]int{6, 3}, 1, 2, 3, nan, 1, 2, 4, 4, 4, inf, 1, 2, 1e30, -1e30, 0, 2, 4, 6).feed(dtype)
		y := ops.LayerNorm(s, x, ops.LayerNormConfig{})
		dx := graph.Gradients(s, gorgonia.Nodes{ops.Square(s, y)}, gorgonia.Nodes{x}, nil)[0]
		sess := sessionOn(t, g)
		out, err := sess.Run(feeds, y, dx)
		if err != nil {
			t.Fatal(err)
		}
		for k := range out {
			for i, v := range floats(out.Tensor(k)) {
				if bad := i/3 == 1 || i/3 == 3; math.IsNaN(v) != bad || math.IsInf(v, 0) {
					t.Errorf("%v: output %d, row %d has %v", dtype, k, i/3, v)
				}
			}
		}
		near(t, "an equal row", floats(out.Tensor(0))[6:9], 0, 0, 0, 0)
		root := math.Sqrt(1.5)
		near(t, "a row", floats(out.Tensor(0))[:3], 1e-6, -root, 0, root)
		near(t, "twice that row", floats(out.Tensor(0))[15:], 1e-6, -root, 0, root)
		// A batch of none.
		feeds[x] = wave(0, 0, 0, 3).feed(dtype)
		if out, err = sess.Run(feeds, y, dx); err != nil || out.Tensor(0).Shape()[0] != 0 {
			t.Errorf("an empty batch gives %v, %v", out, err)
		}
	}
}

// The same bits whatever the number of workers, forward and backward, and a row
// alone as in the batch.
func TestLayerNormDeterminism(t *testing.T) {
	for _, shape := range [][]int{{700, 91}, {20000, 3}, {3, 40000}} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		x := graph.Placeholder(s, "x", tensor.Float32, -1, shape[1])
		y := ops.LayerNorm(s, x, ops.LayerNormConfig{Gamma: initializers.RandomUniform(.5, 2)})
		loss := ops.Sum(s, ops.Mul(s, y, ops.Square(s, x)))
		grads := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{x, g.Node("gamma"), g.Node("beta")}, nil)
		sess := sessionOn(t, g)
		in := wave(1, 0.2, shape...)
		var first graph.Values
		for _, procs := range []int{1, 2, 5} {
			before := runtime.GOMAXPROCS(procs)
			out, err := sess.Run(graph.Feeds{x: in.feed(tensor.Float32)}, append(grads, y)...)
			runtime.GOMAXPROCS(before)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = out
			}
			for i := range out {
				for j, v := range out.Float32s(i) {
					if math.Float32bits(v) != math.Float32bits(first.Float32s(i)[j]) {
						t.Fatalf("%v: result %d, element %d is %v with 1 worker and %v with %d", shape, i, j, first.Float32s(i)[j], v, procs)
					}
				}
			}
		}
		row := at([]int{1, shape[1]}, in.data[shape[1]:2*shape[1]]...)
		alone, err := sess.Run(graph.Feeds{x: row.feed(tensor.Float32)}, y)
		if err != nil {
			t.Fatal(err)
		}
		for j, v := range alone.Float32s(0) {
			if w := first.Float32s(3)[shape[1]+j]; math.Float32bits(v) != math.Float32bits(w) {
				t.Fatalf("%v: element %d is %v alone and %v in the batch", shape, j, v, w)
			}
		}
	}
}

func TestLayerNormErrors(t *testing.T) {
	layer := func(dtype tensor.Dtype, cfg ops.LayerNormConfig, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.LayerNorm(s, graph.Placeholder(s, "x", dtype, shape...), cfg)
		}
	}
	for name, c := range map[string]struct {
		build func(s *graph.Scope) *gorgonia.Node
		words []string
	}{
		"integers":       {layer(tensor.Int, ops.LayerNormConfig{}, -1, 3), []string{"int[?, 3]", "ops.Cast"}},
		"scalar":         {layer(tensor.Float32, ops.LayerNormConfig{}), []string{"BeginNormAxis", "rank 0"}},
		"unknown":        {layer(tensor.Float32, ops.LayerNormConfig{}, 3, -1), []string{"float32[3, ?]", "gamma and beta"}},
		"axis":           {layer(tensor.Float32, ops.LayerNormConfig{BeginNormAxis: 2}, -1, 3), []string{"BeginNormAxis", "axis 2 is out of range"}},
		"params axis":    {layer(tensor.Float32, ops.LayerNormConfig{BeginParamsAxis: -3}, -1, 3), []string{"BeginParamsAxis", "axis -3"}},
		"params earlier": {layer(tensor.Float32, ops.LayerNormConfig{BeginParamsAxis: 1}, -1, 3, 4), []string{"BeginParamsAxis is 1", "before BeginNormAxis, 2"}},
		"epsilon":        {layer(tensor.Float32, ops.LayerNormConfig{Epsilon: -1}, -1, 3), []string{"Epsilon is -1"}},
		"nil":            {func(s *graph.Scope) *gorgonia.Node { return ops.LayerNorm(s, nil, ops.LayerNormConfig{}) }, []string{"x is nil"}},
		"twice": {func(s *graph.Scope) *gorgonia.Node {
			x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
			ops.LayerNorm(s, x, ops.LayerNormConfig{})
			return ops.LayerNorm(s, x, ops.LayerNormConfig{})
		}, []string{"net/layer/gamma", "s.Sub"}},
	} {
		t.Run(name, func(t *testing.T) { wantLayerError(t, c.build, c.words...) })
	}
}
