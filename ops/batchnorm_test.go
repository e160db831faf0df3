package ops_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestBatchNormGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "layers", "BatchNorm") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				feeds := graph.Feeds{}
				x := input(s, feeds, "x", dtype, values{c.In("x").Shape, c.In("x").Data}, false)
				dy := input(s, feeds, "dy", dtype, values{c.In("dy").Shape, c.In("dy").Data}, false)
				training := graph.PlaceholderWithDefault(s, "training", false)
				feeds[training] = c.Param("training") == 1
				y := ops.BatchNorm(s.Sub("bn"), x, training, ops.BatchNormConfig{
					Momentum: c.Param("momentum"), Epsilon: c.Param("epsilon"),
					Gamma:          initializers.Constant(c.In("gamma").Data),
					Beta:           initializers.Constant(c.In("beta").Data),
					MovingMean:     initializers.Constant(c.In("movingMean").Data),
					MovingVariance: initializers.Constant(c.In("movingVariance").Data),
				})
				xs := gorgonia.Nodes{x, g.Node("bn/gamma"), g.Node("bn/beta")}
				grads := graph.Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{dy})
				sess := sessionOn(t, g)
				fetches := append(gorgonia.Nodes{y}, grads...)
				out, err := sess.Run(feeds, append(fetches, g.Collection(graph.UpdateOps)...)...)
				if err == nil && c.Param("training") == 0 {
					for i := range g.Collection(graph.UpdateOps) {
						if out[len(fetches)+i] != nil {
							t.Errorf("update %d has run without training", i)
						}
					}
				}
				if err != nil {
					t.Fatal(err)
				}
				rtol, atol := 4e-6, 3e-6
				if dtype == tensor.Float64 {
					rtol, atol = 1e-11, 1e-11
				}
				for i, name := range []string{"y", "dx", "dgamma", "dbeta"} {
					if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
				for variable, name := range map[string]string{"bn/moving_mean": "newMovingMean", "bn/moving_variance": "newMovingVariance"} {
					v, err := sess.Value(g.Node(variable))
					if err != nil {
						t.Fatal(err)
					}
					if err := golden.Close(v, c.Out(name), rtol, atol); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	}
}

func TestBatchNormGradients(t *testing.T) {
	uneven := ops.BatchNormConfig{
		Gamma:          initializers.RandomUniform(.5, 1.5),
		Beta:           initializers.RandomNormal(0, 1),
		MovingMean:     initializers.RandomNormal(0, 1),
		MovingVariance: initializers.RandomUniform(.5, 2),
	}
	frozen, bare := uneven, uneven
	frozen.Frozen = true
	bare.NoCenter, bare.NoScale = true, true
	cases := []struct {
		name     string
		shape    []int
		training bool
		cfg      ops.BatchNormConfig
	}{
		{"train/2D", []int{5, 3}, true, uneven},
		{"train/3D", []int{2, 3, 2}, true, uneven},
		{"train/4D", []int{2, 2, 3, 2}, true, uneven},
		{"train/one channel", []int{4, 1}, true, uneven},
		{"train/bare", []int{5, 3}, true, bare},
		{"infer/2D", []int{5, 3}, false, uneven},
		{"infer/4D", []int{2, 2, 3, 2}, false, uneven},
		{"infer/bare", []int{5, 3}, false, bare},
		{"frozen", []int{5, 3}, true, frozen},
	}
	for _, c := range cases {
		for _, unknown := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/unknown=%v", c.name, unknown), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: tensor.Float64, Seed: 4})
				s := g.Scope()
				feeds := graph.Feeds{}
				v := wave(1.3, .2, c.shape...)
				shape := append([]int(nil), c.shape...)
				if unknown {
					for i := range shape[:len(shape)-1] {
						shape[i] = -1
					}
				}
				x := graph.Placeholder(s, "x", tensor.Float64, shape...)
				feeds[x] = v.feed(tensor.Float64)
				training := graph.Placeholder(s, "training", tensor.Bool)
				feeds[training] = c.training
				y := ops.BatchNorm(s, x, training, c.cfg)
				xs := gorgonia.Nodes{x}
				if !c.cfg.NoScale {
					xs = append(xs, g.Node("gamma"), g.Node("beta"))
				}
				if !c.training || c.cfg.Frozen {
					xs = append(xs, g.Node("moving_mean"), g.Node("moving_variance"))
				}
				twiceDifferentiable(t, g, feeds, y, xs)
			})
		}
	}
}

// The batch's statistics, extra outputs of the fused op, can be differentiated
// too.
func TestBatchNormExtraOutputsHaveGradients(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float64, wave(1, .5, 6, 2), false)
	ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{})
	var fused *gorgonia.Node
	for _, n := range g.Operations("FusedBatchNorm") {
		if def, ok := g.OpOf(n); ok && def.Name == "FusedBatchNorm" {
			fused = n
		}
	}
	for k := range 2 {
		if err := graph.CheckGradients(g, feeds, graph.Aux(s, fused, k), gorgonia.Nodes{x}, graph.CheckConfig{}); err != nil {
			t.Errorf("extra output %d: %v", k, err)
		}
	}
}

// A gradient through a stack of two layers with a shared input: the branches'
// gradients meet.
func TestBatchNormStackGradients(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	training := graph.PlaceholderWithDefault(s, "training", false)
	x := graph.Placeholder(s, "x", tensor.Float64, -1, 3)
	h := ops.BatchNorm(s.Sub("a"), x, training, ops.BatchNormConfig{})
	h = ops.ELU(s, ops.Dense(s.Sub("d"), h, 4, ops.DenseConfig{}), 1)
	h = ops.BatchNorm(s.Sub("b"), h, training, ops.BatchNormConfig{})
	for _, mode := range []bool{true, false} {
		feeds := graph.Feeds{x: wave(2, 0, 5, 3).feed(tensor.Float64), training: mode}
		if err := graph.CheckGradients(g, feeds, h, append(g.Trainable(), x), graph.CheckConfig{}); err != nil {
			t.Errorf("training %v: %v", mode, err)
		}
	}
}

func TestBatchNormVariables(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float64, -1, 7)
	ops.BatchNorm(s.Sub("full"), x, nil, ops.BatchNormConfig{})
	ops.BatchNorm(s.Sub("bare"), x, nil, ops.BatchNormConfig{NoCenter: true, NoScale: true})
	ops.BatchNorm(s.Sub("fixed"), x, nil, ops.BatchNormConfig{NotTrainable: true})
	wantNames(t, g, g.Trainable(), "full/gamma", "full/beta")
	model := []string{"full/gamma", "full/beta", "full/moving_mean", "full/moving_variance", "bare/moving_mean", "bare/moving_variance",
		"fixed/gamma", "fixed/beta", "fixed/moving_mean", "fixed/moving_variance"}
	wantNames(t, g, g.ModelVariables(), model...)
	wantNames(t, g, g.Variables(), model...)
	sess := sessionOn(t, g)
	for name, want := range map[string]float64{"gamma": 1, "beta": 0, "moving_mean": 0, "moving_variance": 1} {
		v, err := sess.Value(g.Node("full/" + name))
		if err != nil {
			t.Fatal(err)
		}
		wantValues(t, v.(*tensor.Dense), []int{7}, want, want, want, want, want, want, want)
		if v.Dtype() != tensor.Float64 {
			t.Errorf("%s is %v; want the dtype of x", name, v.Dtype())
		}
	}
}

func wantNames(t *testing.T, g *graph.Graph, nodes gorgonia.Nodes, want ...string) {
	t.Helper()
	var got []string
	for _, n := range nodes {
		got = append(got, g.NameOf(n))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

// moving reads a layer's moving statistics.
func moving(t *testing.T, sess *graph.Session, layer string) (mean, variance []float64) {
	t.Helper()
	for name, to := range map[string]*[]float64{"moving_mean": &mean, "moving_variance": &variance} {
		v, err := sess.Value(sess.Graph().Node(layer + name))
		if err != nil {
			t.Fatal(err)
		}
		*to = floats(v.(*tensor.Dense))
	}
	return mean, variance
}

func near(t *testing.T, what string, got []float64, tolerance float64, want ...float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s is %v; want %v", what, got, want)
		return
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= tolerance*math.Max(1, math.Abs(w))) {
			t.Errorf("%s: element %d is %v; want %v", what, i, got[i], w)
			return
		}
	}
}

func TestBatchNormUpdates(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	training := graph.PlaceholderWithDefault(s, "training", false)
	y := ops.BatchNorm(s, x, training, ops.BatchNormConfig{Momentum: .9})
	other := ops.BatchNorm(s.Sub("other"), x, training, ops.BatchNormConfig{})
	loss := ops.Mean(s, y)
	updates := g.UpdatesOf(loss)
	if len(updates) != 2 || len(g.Collection(graph.UpdateOps)) != 4 || len(g.UpdatesOf(loss, other)) != 4 {
		t.Fatalf("the loss has %d updates, the graph %d", len(updates), len(g.Collection(graph.UpdateOps)))
	}
	step := graph.Group(s.After(updates...), loss)
	sess := sessionOn(t, g)
	runs := func(feeds graph.Feeds, fetches ...*gorgonia.Node) {
		t.Helper()
		if _, err := sess.Run(feeds, fetches...); err != nil {
			t.Fatal(err)
		}
	}
	batch := []float32{1, 10, 3, 30, 5, 80} // means 3, 40; variances 8/3, 2600/3
	runs(graph.Feeds{x: batch, training: true}, loss)
	mean, variance := moving(t, sess, "")
	near(t, "the moving mean after a Run without updates", mean, 0, 0, 0)
	near(t, "the moving variance after a Run without updates", variance, 0, 1, 1)
	runs(graph.Feeds{x: batch}, step)
	mean, _ = moving(t, sess, "")
	near(t, "the moving mean after a Run without training", mean, 0, 0, 0)
	m, v := []float64{0, 0}, []float64{1, 1}
	for range 3 {
		runs(graph.Feeds{x: batch, training: true}, step)
		for c, b := range [][2]float64{{3, 8. / 3}, {40, 2600. / 3}} {
			m[c] -= (m[c] - b[0]) * .1
			v[c] -= (v[c] - b[1]) * .1
		}
		mean, variance = moving(t, sess, "")
		near(t, "the moving mean", mean, 1e-6, m...)
		near(t, "the moving variance", variance, 1e-6, v...)
	}
	// The other layer's updates were not asked for.
	mean, _ = moving(t, sess, "other/")
	near(t, "the other moving mean", mean, 0, 0, 0)
	// Inference with what was learned.
	out, err := sess.Run(graph.Feeds{x: []float32{1, 2}}, y)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "y", floats(out.Tensor(0)), 1e-6, (1-m[0])/math.Sqrt(v[0]+1e-3), (2-m[1])/math.Sqrt(v[1]+1e-3))
	// An empty batch leaves them alone, and gives an empty result.
	empty := tensor.New(tensor.WithShape(0, 2), tensor.WithBacking([]float32{}))
	runs(graph.Feeds{x: empty, training: true}, step, y)
	mean, variance = moving(t, sess, "")
	near(t, "the moving mean after an empty batch", mean, 1e-6, m...)
	near(t, "the moving variance after an empty batch", variance, 1e-6, v...)
}

// The running statistics do not change what the step itself computes: the
// update is not an input of y.
func TestBatchNormUpdateOfAFedLayerIsLeftOut(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	training := graph.Const(s, true)
	h := ops.BatchNorm(s.Sub("a"), x, training, ops.BatchNormConfig{})
	loss := ops.Mean(s, ops.BatchNorm(s.Sub("b"), h, training, ops.BatchNormConfig{}))
	step := graph.Group(s.After(g.UpdatesOf(loss)...), loss)
	sess := sessionOn(t, g)
	if _, err := sess.Run(graph.Feeds{h: []float32{1, 2, 3, 4}}, step); err != nil { // x is not fed
		t.Fatal(err)
	}
	a, _ := moving(t, sess, "a/")
	near(t, "the moving mean below the feed", a, 0, 0, 0)
	b, _ := moving(t, sess, "b/")
	near(t, "the moving mean above the feed", b, 1e-6, .02, .03)
}

func TestBatchNormModes(t *testing.T) {
	batch := []float32{1, 3}
	trained := 1 / math.Sqrt(1+1e-3)
	still := 1 / math.Sqrt(1+1e-3) // with moving mean 0 and variance 1
	cases := []struct {
		name     string
		training func(s *graph.Scope) *gorgonia.Node
		frozen   bool
		updates  int
		want     []float64
	}{
		{"constant true", func(s *graph.Scope) *gorgonia.Node { return graph.Const(s, true) }, false, 2, []float64{-trained, trained}},
		{"constant false", func(s *graph.Scope) *gorgonia.Node { return graph.Const(s, false) }, false, 2, []float64{still, 3 * still}},
		{"nil", func(s *graph.Scope) *gorgonia.Node { return nil }, false, 0, []float64{still, 3 * still}},
		{"frozen", func(s *graph.Scope) *gorgonia.Node { return graph.Const(s, true) }, true, 0, []float64{still, 3 * still}},
		{"default", func(s *graph.Scope) *gorgonia.Node { return graph.PlaceholderWithDefault(s, "t", true) }, false, 2, []float64{-trained, trained}},
		{"computed", func(s *graph.Scope) *gorgonia.Node {
			return ops.Less(s, graph.Read(s, graph.Variable(s, "epoch", nil, graph.VariableConfig{Initializer: initializers.Zeros()})), graph.Const(s, 1.0))
		}, false, 2, []float64{-trained, trained}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			x := graph.Placeholder(s, "x", tensor.Float32, -1, 1)
			y := ops.BatchNorm(s, x, c.training(s), ops.BatchNormConfig{Frozen: c.frozen})
			updates := g.Collection(graph.UpdateOps)
			if len(updates) != c.updates {
				t.Errorf("there are %d updates; want %d", len(updates), c.updates)
			}
			sess := sessionOn(t, g)
			out, err := sess.Run(graph.Feeds{x: batch}, append(gorgonia.Nodes{y}, updates...)...)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "y", floats(out.Tensor(0)), 1e-6, c.want...)
			mean, _ := moving(t, sess, "")
			if moved := mean[0] != 0; moved != (c.want[0] < 0) {
				t.Errorf("the moving mean is %v", mean)
			}
		})
	}
}

func TestBatchNormShared(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	a := graph.Placeholder(s, "a", tensor.Float32, -1, 1)
	b := graph.Placeholder(s, "b", tensor.Float32, -1, 1)
	training := graph.Const(s, true)
	cfg := ops.BatchNormConfig{Momentum: .5}
	ya := ops.BatchNorm(s.Sub("bn"), a, training, cfg)
	yb := ops.BatchNorm(s.Sub("bn").Reuse(), b, training, cfg)
	if n := len(g.Variables()); n != 4 {
		t.Fatalf("there are %d variables; want 4", n)
	}
	if len(g.UpdatesOf(ya)) != 2 || len(g.UpdatesOf(yb)) != 2 || len(g.UpdatesOf(ya, yb)) != 4 {
		t.Fatal("each use must have its own updates")
	}
	sess := sessionOn(t, g)
	if _, err := sess.Run(graph.Feeds{a: []float32{4, 4}, b: []float32{8}}, g.Collection(graph.UpdateOps)...); err != nil {
		t.Fatal(err)
	}
	mean, variance := moving(t, sess, "bn/")
	near(t, "the moving mean after both", mean, 1e-6, (0*.5+4*.5)*.5+8*.5)
	near(t, "the moving variance after both", variance, 1e-6, .25)
}

func TestBatchNormErrors(t *testing.T) {
	type build = func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
	with := func(cfg ops.BatchNormConfig) build {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.BatchNorm(s, x, nil, cfg) }
	}
	cases := []struct {
		name  string
		dtype tensor.Dtype
		shape []int
		build build
		words []string
	}{
		{"rank 1", tensor.Float32, []int{3}, with(ops.BatchNormConfig{}), []string{"float32[3]", "[batch, channels]"}},
		{"integers", tensor.Int64, []int{-1, 3}, with(ops.BatchNormConfig{}), []string{"int64[?, 3]", "ops.Cast"}},
		{"unknown channels", tensor.Float32, []int{2, -1}, with(ops.BatchNormConfig{}), []string{"float32[2, ?]", "axis 1 in channels_last, must be known"}},
		{"momentum", tensor.Float32, []int{2, 3}, with(ops.BatchNormConfig{Momentum: 1.5}), []string{"Momentum is 1.5"}},
		{"momentum NaN", tensor.Float32, []int{2, 3}, with(ops.BatchNormConfig{Momentum: math.NaN()}), []string{"Momentum is NaN"}},
		{"epsilon", tensor.Float32, []int{2, 3}, with(ops.BatchNormConfig{Epsilon: -1e-3}), []string{"Epsilon is -0.001"}},
		{"training", tensor.Float32, []int{2, 3}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.BatchNorm(s, x, graph.Const(s, 1.0), ops.BatchNormConfig{})
		}, []string{"training is float32[]", "scalar bool"}},
		{"nil", tensor.Float32, []int{2, 3}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.BatchNorm(s, nil, nil, ops.BatchNormConfig{})
		}, []string{"x is nil"}},
		{"twice", tensor.Float32, []int{2, 3}, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			ops.BatchNorm(s, x, nil, ops.BatchNormConfig{})
			return ops.BatchNorm(s, x, nil, ops.BatchNormConfig{})
		}, []string{"net/layer/gamma", "s.Sub"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			x := graph.Placeholder(s, "x", c.dtype, c.shape...)
			y := c.build(s.Sub("net").Sub("layer"), x)
			if g.Err() == nil {
				t.Fatal("no error")
			}
			if !graph.IsBad(y) {
				t.Error("the result is a usable node")
			}
			holds(t, g.Err().Error(), append(c.words, "net/layer"))
			if n := len(g.Collection(graph.UpdateOps)); n != 0 {
				t.Errorf("the failed layer left %d updates", n)
			}
		})
	}
}

// A failed layer takes its variables back where errors panic, so that the cell
// can be run again.
func TestBatchNormRollsBack(t *testing.T) {
	g := graph.New(graph.Config{OnError: graph.PanicOnError})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
	graph.Variable(s, "beta", tensor.Shape{9}, graph.VariableConfig{}) // in the way of the second variable
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{})
	}()
	wantNames(t, g, g.Variables(), "beta")
}

// reference computes batch normalisation in float64 from its definition.
func reference(x, gamma, beta []float64, cols int) (y, mean, variance []float64) {
	rows := len(x) / cols
	mean, variance, y = make([]float64, cols), make([]float64, cols), make([]float64, len(x))
	for i, v := range x {
		mean[i%cols] += v / float64(rows)
	}
	for i, v := range x {
		d := v - mean[i%cols]
		variance[i%cols] += d * d / float64(rows)
	}
	for i, v := range x {
		c := i % cols
		y[i] = gamma[c]*(v-mean[c])/math.Sqrt(variance[c]+1e-3) + beta[c]
	}
	return y, mean, variance
}

// Sizes around the blocks and strips in which the kernel works.
func TestBatchNormSizes(t *testing.T) {
	for _, shape := range [][]int{{200, 300}, {65, 64}, {64, 65}, {127, 1}, {3, 200}, {1200, 17}, {2000, 3}, {5, 40, 41, 2}, {3, 7, 5}, {2, 1}, {70, 20000}} {
		if testing.Short() && shape[0]*shape[1] > 100000 {
			continue
		}
		x := wave(2, .7, shape...)
		cols := shape[len(shape)-1]
		gamma, beta := wave(.3, 1, cols).data, wave(1, -.3, cols).data
		for i := range x.data { // as float32 holds it
			x.data[i] = float64(float32(x.data[i] + 100*float64(i%cols%50)))
		}
		for i := range gamma {
			gamma[i], beta[i] = float64(float32(gamma[i])), float64(float32(beta[i]))
		}
		y, mean, variance := reference(x.data, gamma, beta, cols)
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g := graph.New(graph.Config{Dtype: dtype})
			s := g.Scope()
			feeds := graph.Feeds{}
			in := input(s, feeds, "x", dtype, x, true)
			in = ops.Reshape(s, in, append([]int{-1}, shape[1:]...)...)
			got := ops.BatchNorm(s, in, graph.Const(s, true), ops.BatchNormConfig{
				Momentum: graph.Zero, Gamma: initializers.Constant(gamma), Beta: initializers.Constant(beta)})
			sess := sessionOn(t, g)
			out, err := sess.Run(feeds, append(gorgonia.Nodes{got}, g.Collection(graph.UpdateOps)...)...)
			if err != nil {
				t.Fatal(err)
			}
			tolerance := 2e-5
			if dtype == tensor.Float64 {
				tolerance = 1e-10
			}
			if len(shape) == 4 {
				for c := range variance {
					n := float64(len(x.data) / cols)
					variance[c] *= n / (n - 1)
				}
			}
			what := fmt.Sprintf("%v %v: ", shape, dtype)
			near(t, what+"y", floats(out.Tensor(0)), tolerance, y...)
			m, v := moving(t, sess, "")
			near(t, what+"the mean", m, tolerance, mean...)
			near(t, what+"the variance", v, tolerance, variance...)
			if len(shape) == 4 {
				for c := range variance {
					n := float64(len(x.data) / cols)
					variance[c] *= (n - 1) / n
				}
			}
		}
	}
}

// The same bits whatever the number of workers, forward and backward.
func TestBatchNormDoesNotDependOnWorkers(t *testing.T) {
	for _, shape := range [][]int{{700, 90}, {40000, 3}} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Float32, wave(1, 0, shape...), false)
		y := ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{})
		loss := ops.Sum(s, ops.Mul(s, y, ops.Square(s, x)))
		grads := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{x, g.Node("gamma"), g.Node("beta")}, nil)
		var first graph.Values
		for _, procs := range []int{1, 2, 5} {
			before := runtime.GOMAXPROCS(procs)
			out := run(t, g, feeds, append(grads, y)...)
			runtime.GOMAXPROCS(before)
			if first == nil {
				first = out
				continue
			}
			for i := range out {
				a, b := first.Float32s(i), out.Float32s(i)
				for j := range a {
					if math.Float32bits(a[j]) != math.Float32bits(b[j]) {
						t.Fatalf("%v: result %d, element %d is %v with 1 worker and %v with %d", shape, i, j, a[j], b[j], procs)
					}
				}
			}
		}
	}
}

// In inference a row's bits do not depend on the batch around it.
func TestBatchNormInferenceIsBatchInvariant(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	const rows, cols = 37, 19
	x := graph.Placeholder(s, "x", tensor.Float32, -1, cols)
	y := ops.BatchNorm(s, x, nil, ops.BatchNormConfig{
		MovingMean: initializers.RandomNormal(0, 1), MovingVariance: initializers.RandomUniform(.1, 2), Gamma: initializers.RandomNormal(1, .2)})
	sess := sessionOn(t, g)
	data, _ := castTo[float32](wave(3, 1, rows, cols))
	batch := data.([]float32)
	whole, err := sess.Run(graph.Feeds{x: batch}, y)
	if err != nil {
		t.Fatal(err)
	}
	for r := range rows {
		one, err := sess.Run(graph.Feeds{x: batch[r*cols : (r+1)*cols]}, y)
		if err != nil {
			t.Fatal(err)
		}
		for c, v := range one.Float32s(0) {
			if w := whole.Float32s(0)[r*cols+c]; math.Float32bits(v) != math.Float32bits(w) {
				t.Fatalf("row %d, channel %d is %v alone and %v in the batch", r, c, v, w)
			}
		}
	}
}

func TestBatchNormExtremes(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	cases := []struct {
		name string
		x    values
		bad  []bool // channels that must come out NaN; the others finite
	}{
		{"constant", at([]int{3, 2}, .1, 1e4, .1, 1e4, .1, 1e4), []bool{false, false}},
		{"one row", at([]int{1, 2}, -1e30, 1e-30), []bool{false, false}},
		{"large and small", at([]int{2, 2}, 1e15, 1e-30, -1e15, -1e-30), []bool{false, false}},
		{"NaN", at([]int{3, 2}, 1, 2, nan, 3, 4, 5), []bool{true, false}},
		{"infinity", at([]int{3, 2}, 1, 2, 4, inf, 4, 5), []bool{false, true}},
	}
	for _, c := range cases {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g := graph.New(graph.Config{Dtype: dtype})
			s := g.Scope()
			feeds := graph.Feeds{}
			x := input(s, feeds, "x", dtype, c.x, false)
			y := ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{})
			dx := graph.Gradients(s, gorgonia.Nodes{ops.Sum(s, ops.Square(s, y))}, gorgonia.Nodes{x}, nil)[0]
			out := run(t, g, feeds, y, dx)
			for k := range out {
				for i, v := range floats(out.Tensor(k)) {
					finite := !math.IsNaN(v) && !math.IsInf(v, 0)
					if finite == c.bad[i%2] {
						t.Errorf("%s, %v: result %d is %v", c.name, dtype, k, floats(out.Tensor(k)))
						break
					}
				}
			}
		}
	}
}

func TestBatchNormDoesNotAllocate(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 30)
	y := ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{})
	dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{g.Node("gamma"), x}, nil)
	sink := graph.Variable(s, "sink", tensor.Shape{30}, graph.VariableConfig{NotTrainable: true})
	step := graph.Group(s.After(g.UpdatesOf(y)...), graph.AssignAdd(s, sink, dx[0]))
	sess := sessionOn(t, g)
	feeds := graph.Feeds{x: make([]float32, 20*30)}
	if n := testing.AllocsPerRun(20, func() {
		if _, err := sess.Run(feeds, step); err != nil {
			t.Fatal(err)
		}
	}); n > 1 && !raceDetector { // the list of results
		t.Errorf("a step allocates %v times", n)
	}
}

// A batch that is cut into sections of rows, and strips of columns, is normalised
// as a whole, and its gradient has neither a mean nor a part along xhat.
func TestBatchNormOfLargeBatch(t *testing.T) {
	for _, shape := range [][]int{{9000, 70}, {700, 900}} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		rows, cols := shape[0], shape[1]
		x := input(s, feeds, "x", tensor.Float32, wave(3, 1000, rows, cols), false)
		r := rand.New(rand.NewPCG(1, 2))
		weights := at(shape, make([]float64, rows*cols)...)
		for i := range weights.data {
			weights.data[i] = r.NormFloat64()
		}
		dy := input(s, feeds, "dy", tensor.Float32, weights, false)
		y := ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{Epsilon: 1e-12})
		grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x, g.Node("gamma"), g.Node("beta")}, gorgonia.Nodes{dy})
		out := run(t, g, feeds, append(gorgonia.Nodes{y}, grads...)...)
		yv, dx, dgamma, dbeta := floats(out.Tensor(0)), floats(out.Tensor(1)), floats(out.Tensor(2)), floats(out.Tensor(3))
		n := float64(rows)
		for c := range cols {
			var mean, square, dmean, along, wantGamma, wantBeta float64
			for i := c; i < rows*cols; i += cols {
				mean += yv[i] / n
				square += yv[i] * yv[i] / n
				dmean += dx[i] / n
				along += dx[i] * yv[i] / n
				wantGamma += weights.data[i] * yv[i]
				wantBeta += weights.data[i]
			}
			// dy and xhat have size 1, so that their sums are good to a few root n ulps.
			if math.Abs(mean) > 1e-6 || math.Abs(square-1) > 1e-5 || math.Abs(dmean) > 1e-6 || math.Abs(along) > 1e-6 ||
				math.Abs(dgamma[c]-wantGamma) > 1e-6*n || math.Abs(dbeta[c]-wantBeta) > 1e-6*n {
				t.Fatalf("%v, column %d: y has mean %v and square %v; dx has mean %v and %v along y; dgamma %v, want %v; dbeta %v, want %v",
					shape, c, mean, square, dmean, along, dgamma[c], wantGamma, dbeta[c], wantBeta)
			}
		}
	}
}

func BenchmarkBatchNorm(b *testing.B) {
	for _, shape := range [][]int{{50, 300}, {200, 100}, {200, 300}, {1000, 300}, {64, 28, 28, 32}} {
		b.Run(fmt.Sprint(shape), func(b *testing.B) { benchmarkBatchNorm(b, shape) })
	}
}

func benchmarkBatchNorm(b *testing.B, shape []int) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x, dy := graph.Placeholder(s, "x", tensor.Float32, shape...), graph.Placeholder(s, "dy", tensor.Float32, shape...)
	training := graph.PlaceholderWithDefault(s, "training", true)
	y := ops.BatchNorm(s, x, training, ops.BatchNormConfig{})
	dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x, g.Node("gamma"), g.Node("beta")}, gorgonia.Nodes{dy})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		b.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		b.Fatal(err)
	}
	data := wave(1, 0, shape...)
	feeds := graph.Feeds{x: data.feed(tensor.Float32), dy: data.feed(tensor.Float32)}
	for _, c := range []struct {
		name     string
		training bool
		fetch    *gorgonia.Node
	}{
		{"train", true, graph.Group(s, g.Collection(graph.UpdateOps)...)},
		{"trainAndBackward", true, graph.Group(s.After(g.Collection(graph.UpdateOps)...), dx...)},
		{"infer", false, graph.Group(s, y)},
	} {
		b.Run(c.name, func(b *testing.B) {
			feeds[training] = c.training
			for b.Loop() {
				if _, err := sess.Run(feeds, c.fetch); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
