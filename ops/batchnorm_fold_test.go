package ops_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// foldable are layers that take the batch norm behind them, with their step's name.
var foldable = []struct {
	name  string
	in    []int
	layer func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
	step  string
}{
	{"conv 3x3", []int{7, 6, 5}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Conv2D(s, x, 9, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same, NoBias: true})
	}, "Conv2D+BatchNormInference+leaky_relu"},
	{"conv with a bias", []int{14, 6, 5}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Conv2D(s, x, 40, [2]int{3, 2}, ops.Conv2DConfig{Strides: [2]int{1, 2}, Dilations: [2]int{2, 1}})
	}, "Conv2D+BiasAdd+BatchNormInference+leaky_relu"},
	{"conv in groups", []int{5, 6, 6}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Conv2D(s, x, 9, [2]int{3, 3}, ops.Conv2DConfig{Groups: 3})
	}, "Conv2D+BiasAdd+BatchNormInference+leaky_relu"},
	{"conv of many pixels", []int{5, 6, 30}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Conv2D(s, x, 35, [2]int{1, 1}, ops.Conv2DConfig{})
	}, "Conv2D+BiasAdd+BatchNormInference+leaky_relu"},
	{"conv of few pixels", []int{2, 2, 30}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Conv2D(s, x, 35, [2]int{1, 1}, ops.Conv2DConfig{NoBias: true})
	}, "Conv2D+BatchNormInference+leaky_relu"},
	{"depthwise conv", []int{7, 6, 5}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.DepthwiseConv2D(s, x, [2]int{3, 3}, ops.DepthwiseConv2DConfig{Padding: ops.Same})
	}, "Conv2D+BiasAdd+BatchNormInference+leaky_relu"},
	{"dense", []int{30}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Dense(s, x, 17, ops.DenseConfig{})
	}, "MatMul+BiasAdd+BatchNormInference+leaky_relu"},
}

// Where batch norm uses given statistics it goes into the layer before it. That rounds
// differently, as the design says, but no worse; and an example's bits do not depend
// on those beside it. A training step in between is seen.
func TestBatchNormGoesIntoTheLayerBefore(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		tolerance := 1e-6
		if dtype == tensor.Float64 {
			tolerance = 1e-14
		}
		for _, c := range foldable {
			t.Run(fmt.Sprint(c.name, " ", dtype), func(t *testing.T) {
				r := rand.New(rand.NewPCG(6, 1))
				g := graph.New(graph.Config{Seed: 3})
				s := g.Scope()
				x := graph.Placeholder(s, "x", dtype, append([]int{-1}, c.in...)...)
				isTraining := graph.PlaceholderWithDefault(s, "training", false)
				y := ops.LeakyReLU(s, ops.BatchNorm(s, c.layer(s.Sub("layer"), x), isTraining, ops.BatchNormConfig{}), 0.1)
				loss := ops.Mean(s, ops.Square(s, y))
				steps := g.UpdatesOf(loss)
				for i, grad := range graph.Gradients(s, gorgonia.Nodes{loss}, g.Trainable(), nil) {
					steps = append(steps, graph.AssignSub(s, g.Trainable()[i], ops.Scale(s, grad, 0.1)))
				}
				step := graph.Group(s, steps...)
				tracer := &graph.Tracer{}
				folded, plain := session(t, g, graph.SessionConfig{Tracer: tracer}), session(t, g, graph.SessionConfig{NoFusion: true})
				batch := func(n int) *tensor.Dense { return normal(r, dtype, append([]int{n}, c.in...)...) }
				compare := func(when string) {
					t.Helper()
					feeds := graph.Feeds{x: batch(3)}
					tracer.Reset()
					got, want := runIn(t, folded, feeds, y), runIn(t, plain, feeds, y)
					if steps := tracer.ByOp(); len(steps) != 1 || steps[0].Name != c.step {
						t.Errorf("%s: the steps are %v; want %s", when, steps, c.step)
					}
					if e := distance(got, want); !(e <= tolerance) {
						t.Errorf("%s: it differs by %v; want %v at most", when, e, tolerance)
					}
					size := len(got) / 3
					alone := runIn(t, folded, graph.Feeds{x: example(t, feeds[x].(*tensor.Dense), 1)}, y)
					for i, v := range alone {
						if v != got[size+i] {
							t.Fatalf("%s: element %d of an example is %v alone, %v in a batch", when, i, v, got[size+i])
						}
					}
				}
				values := map[*gorgonia.Node]interface{}{}
				for _, v := range g.Variables() {
					value := normal(r, dtype, graph.SpecOf(v).Shape...)
					if strings.HasSuffix(g.NameOf(v), "moving_variance") {
						if _, err := tensor.Abs(value, tensor.UseUnsafe()); err != nil {
							t.Fatal(err)
						}
					}
					values[v] = value
				}
				for _, sess := range []*graph.Session{folded, plain} {
					if err := sess.SetValues(values); err != nil {
						t.Fatal(err)
					}
				}
				compare("first")
				feeds := graph.Feeds{x: batch(4), isTraining: true}
				runIn(t, folded, feeds, loss, step)
				moved := map[*gorgonia.Node]interface{}{}
				for _, v := range g.Variables() {
					value, err := folded.Value(v)
					if err != nil {
						t.Fatal(err)
					}
					moved[v] = value
				}
				if err := plain.SetValues(moved); err != nil {
					t.Fatal(err)
				}
				compare("after a training step")
			})
		}
	}
}

// session is an initialised session that ends with the test.
func session(t *testing.T, g *graph.Graph, cfg graph.SessionConfig) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(g, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

// runIn returns the elements of the first fetch.
func runIn(t *testing.T, sess *graph.Session, feeds graph.Feeds, fetches ...*gorgonia.Node) []float64 {
	t.Helper()
	out, err := sess.Run(feeds, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return floats(out.Tensor(0))
}

// normal draws a tensor from the standard normal distribution.
func normal(r *rand.Rand, dtype tensor.Dtype, shape ...int) *tensor.Dense {
	x := tensor.New(tensor.Of(dtype), tensor.WithShape(shape...))
	for i := range x.Shape().TotalSize() {
		if v := r.NormFloat64(); dtype == tensor.Float32 {
			x.Set(i, float32(v))
		} else {
			x.Set(i, v)
		}
	}
	return x
}

// example is a batch of one, example i of a batch.
func example(t *testing.T, batch *tensor.Dense, i int) *tensor.Dense {
	t.Helper()
	view, err := batch.Slice(gorgonia.S(i))
	if err != nil {
		t.Fatal(err)
	}
	one := view.Materialize().(*tensor.Dense)
	if err := one.Reshape(append([]int{1}, batch.Shape()[1:]...)...); err != nil {
		t.Fatal(err)
	}
	return one
}

// distance is the norm of the difference, relative to that of what is wanted.
func distance(got, want []float64) float64 {
	var d, n float64
	for i, w := range want {
		d += (got[i] - w) * (got[i] - w)
		n += w * w
	}
	return math.Sqrt(d / n)
}
