package autoencoder_test

import (
	"math"
	"reflect"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/plots"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

func adam() training.Optimizer { return training.Adam(training.AdamConfig{LearningRate: 0.01}) }

// session opens a session in which all variables have values.
func session(t *testing.T, g *graph.Graph) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

func digits(t *testing.T) (train, test *dataset.Set) {
	t.Helper()
	train, _, test, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	return train, test
}

// fit trains by a loss on all trainable variables and returns the mean losses of the epochs.
func fit(t *testing.T, g *graph.Graph, x, loss *gorgonia.Node, train *dataset.Set, epochs int) (*graph.Session, []float64) {
	t.Helper()
	step := adam().Minimize(g.Scope().NameScope("train"), loss, g.Trainable())
	sess := session(t, g)
	b := dataset.Batches(dataset.BatchesConfig{X: train.X, BatchSize: 50, Epochs: -1})
	defer b.Close()
	h, err := training.Fit(ctx, sess, training.FitConfig{Step: step, Loss: loss, Data: b, X: x, Epochs: epochs})
	if err != nil {
		t.Fatal(err)
	}
	_, losses := h.Series("loss")
	return sess, losses
}

// value runs one number.
func value(t *testing.T, sess *graph.Session, feeds graph.Feeds, n *gorgonia.Node) float64 {
	t.Helper()
	out, err := sess.Run(feeds, n)
	if err != nil {
		t.Fatal(err)
	}
	return out.Float(0)
}

// TestCorruptions: they do what they say, anew in each Run, and the same for the same seed.
func TestCorruptions(t *testing.T) {
	const n = 100000
	x := floats(tensor.Float64, []int{1, n}, func(i int) float64 { return 1 + float64(i%7) })
	draws := func(c autoencoder.Corruption) (first, second []float64) {
		g := graph.New(graph.Config{Seed: 9, Dtype: tensor.Float64})
		in := graph.Placeholder(g.Scope(), "x", tensor.Float64, -1, n)
		y := c(g.Scope(), in)
		sess := session(t, g)
		for _, to := range []*[]float64{&first, &second} {
			out, err := sess.Run(graph.Feeds{in: x}, y)
			if err != nil {
				t.Fatal(err)
			}
			*to = append(*to, out.Float64s(0)...)
		}
		return first, second
	}
	before := x.Data().([]float64)
	for name, c := range map[string]autoencoder.Corruption{"masking": autoencoder.Masking(0.3), "Gaussian": autoencoder.Gaussian(0.5)} {
		first, second := draws(c)
		again, _ := draws(c)
		if !reflect.DeepEqual(first, again) || reflect.DeepEqual(first, second) {
			t.Errorf("%s: want the same draws for the same seed, and others in the next Run", name)
		}
		zeros, squares := 0, 0.0
		for i, v := range first {
			switch d := v - before[i]; {
			case name == "Gaussian":
				squares += d * d
			case v == 0:
				zeros++
			case math.Abs(d) > 1e-14*before[i]:
				t.Fatalf("masking makes %v of %v", v, before[i])
			}
		}
		// Four standard deviations of the share of zeros, and of the mean square.
		if share := float64(zeros) / n; name == "masking" && math.Abs(share-0.3) > 4*math.Sqrt(0.21/n) {
			t.Errorf("%v of the values are masked; want .3", share)
		}
		if variance := squares / n; name == "Gaussian" && math.Abs(variance-0.25) > 4*0.25*math.Sqrt(2.0/n) {
			t.Errorf("the variance of the noise is %v; want .25", variance)
		}
	}
}

// TestPenalties: each penalty lowers what it measures.
func TestPenalties(t *testing.T) {
	train, test := digits(t)
	measure := func(l autoencoder.Layer, metric string) float64 {
		g := graph.New(graph.Config{Seed: 1})
		x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 64)
		l.Units, l.Optimizer = 30, adam
		stack, err := pretrain.Build(g.Scope(), x, l)
		if err != nil {
			t.Fatal(err)
		}
		sess := session(t, g)
		if _, err := stack.Pretrain(ctx, sess, pretrain.Config{Data: train, Epochs: []int{10}}); err != nil {
			t.Fatal(err)
		}
		return value(t, sess, graph.Feeds{x: test.X}, stack.Layer("layer1").Metrics[metric])
	}
	tiny := autoencoder.Sparsity{Target: 0.05, Weight: 1e-9}
	strong := autoencoder.Sparsity{Target: 0.05, Weight: 0.1}
	if with, without := measure(autoencoder.Layer{Sparsity: strong}, "sparsity"), measure(autoencoder.Layer{Sparsity: tiny}, "sparsity"); with > without/10 {
		t.Errorf("the divergence of the activities is %v with the penalty and %v without", with, without)
	}
	with, without := measure(autoencoder.Layer{Contractive: 0.1}, "contraction"), measure(autoencoder.Layer{Contractive: 1e-9}, "contraction")
	if with > without/10 {
		t.Errorf("the norm of the Jacobian is %v with the penalty and %v without", with, without)
	}
}

// TestWhole: a deep autoencoder is trained as a whole, and its encoder is one of the zoo's kind: what it gives is the same in every Run.
func TestWhole(t *testing.T) {
	train, test := digits(t)
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 64)
	a, err := autoencoder.New(s, x, autoencoder.Config{
		Units: []int{40, 10}, Activation: elu, Loss: autoencoder.CrossEntropy, Corrupt: autoencoder.Masking(0.2), Regularizer: ops.L2(1e-5),
	})
	if err != nil {
		t.Fatal(err)
	}
	sess, losses := fit(t, g, x, a.Loss, train, 20)
	if first, last := losses[0], losses[len(losses)-1]; last > 0.75*first {
		t.Errorf("the loss falls from %v to %v; want a quarter less", first, last)
	}
	out, err := sess.Run(graph.Feeds{x: test.X}, a.Code, a.Reconstruction)
	if err != nil {
		t.Fatal(err)
	}
	again, err := sess.Run(graph.Feeds{x: test.X}, a.Code, a.Reconstruction)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(out.Float32s(0), again.Float32s(0)) || !reflect.DeepEqual(out.Float32s(1), again.Float32s(1)) {
		t.Error("the code or the reconstruction is another in the next Run")
	}
	if got := out.Tensor(0).Shape(); !got.Eq(tensor.Shape{test.Len(), 10}) {
		t.Errorf("the codes are %v", got)
	}
	some, err := test.Take(3)
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.Reconstructions(sess, graph.Feeds{x: some.X}, plots.ImageGridConfig{Height: 8, Width: 8})
	if err != nil || p.SimpleRender()["image/png"] == nil {
		t.Errorf("the picture of reconstructions is %v, %v", p, err)
	}
	_, err = a.Reconstructions(sess, graph.Feeds{x: some.X}, plots.ImageGridConfig{Height: 9, Width: 8})
	wantError(t, err, "autoencoder: ", "72")
	_, err = a.Reconstructions(nil, nil, plots.ImageGridConfig{})
	wantError(t, err, "the session is nil")
	mean := 0.0
	for i, v := range test.X.Data().([]float32) {
		d := float64(v - out.Float32s(1)[i])
		mean += d * d / float64(len(out.Float32s(1)))
	}
	if mean > 0.05 { // the variance of the digits is .14
		t.Errorf("the squared error of the reconstructions is %v; want .05 or less", mean)
	}
}

// TestConvolutional: two convolutional layers, one after the other, then as a whole.
func TestConvolutional(t *testing.T) {
	train, test := digits(t)
	maps := func(set *dataset.Set) *dataset.Set {
		set, err := set.Reshape(8, 8, 1)
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	train, test = maps(train), maps(test)
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 8, 8, 1)
	stack, err := pretrain.Build(s, x,
		autoencoder.ConvLayer{Filters: 8, Activation: ops.ReLU, Optimizer: adam},
		autoencoder.ConvLayer{Filters: 8, Activation: ops.Tanh, Output: ops.ReLU, Tied: true, Optimizer: adam})
	if err != nil {
		t.Fatal(err)
	}
	a, err := autoencoder.Unroll(s.NameScope("unrolled"), stack, autoencoder.UnrollConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if got := graph.SpecOf(a.Code).Shape; !got.Eq(tensor.Shape{-1, 2, 2, 8}) {
		t.Errorf("the code is %v; want [-1, 2, 2, 8]", got)
	}
	sess := session(t, g)
	if _, err := stack.Pretrain(ctx, sess, pretrain.Config{Data: train, Epochs: []int{5}}); err != nil {
		t.Fatal(err)
	}
	feeds := graph.Feeds{x: test.X}
	greedy := value(t, sess, feeds, a.Error)
	step := adam().Minimize(s.NameScope("train"), a.Loss, g.Trainable())
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	b := dataset.Batches(dataset.BatchesConfig{X: train.X, BatchSize: 50})
	if _, err := training.Fit(ctx, sess, training.FitConfig{Step: step, Data: b, X: x, Epochs: 5}); err != nil {
		t.Fatal(err)
	}
	if whole := value(t, sess, feeds, a.Error); greedy > 0.1 || whole > 0.7*greedy {
		t.Errorf("the error is %v layer by layer and %v after the training as a whole; want .1 and .7 of that at most", greedy, whole)
	}
}

// TestVariational: the bound improves, the code's distribution is used, and what is drawn is new in each Run.
func TestVariational(t *testing.T) {
	train, test := digits(t)
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 64)
	v, err := autoencoder.NewVariational(s, x, autoencoder.VariationalConfig{Hidden: []int{50}, Code: 4, Loss: autoencoder.CrossEntropy})
	if err != nil {
		t.Fatal(err)
	}
	sample := v.Sample(s.NameScope("sample"), 5)
	sess, losses := fit(t, g, x, v.Loss, train, 30)
	if first, last := losses[0], losses[len(losses)-1]; last > 0.75*first {
		t.Errorf("the loss falls from %v to %v; want a quarter less", first, last)
	}
	feeds := graph.Feeds{x: test.X}
	if kl := value(t, sess, feeds, v.Divergence); kl < 1 || kl > 20 {
		t.Errorf("a code says %v nats of its example; want 1 to 20", kl)
	}
	one, err := sess.Run(nil, sample)
	if err != nil {
		t.Fatal(err)
	}
	two, err := sess.Run(nil, sample)
	if err != nil {
		t.Fatal(err)
	}
	if !one.Tensor(0).Shape().Eq(tensor.Shape{5, 64}) || reflect.DeepEqual(one.Float32s(0), two.Float32s(0)) {
		t.Errorf("the samples are %v, and the same in two Runs: %v", one.Tensor(0).Shape(), reflect.DeepEqual(one.Float32s(0), two.Float32s(0)))
	}
	for _, p := range one.Float32s(0) {
		if p < 0 || p > 1 {
			t.Fatalf("a sample has the value %v; want a probability", p)
		}
	}
}

// TestFiniteDifferences: gradients through what is drawn, with the draws held.
func TestFiniteDifferences(t *testing.T) {
	for name, build := range map[string]func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, error){
		"variational": func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, error) {
			v, err := autoencoder.NewVariational(s, x, autoencoder.VariationalConfig{Hidden: []int{5}, Code: 2})
			if err != nil {
				return nil, err
			}
			return v.Loss, nil
		},
		"denoising, contractive, sparse": func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, error) {
			b, err := autoencoder.Layer{
				Units: 3, Corrupt: autoencoder.Gaussian(0.3), Contractive: 0.4, Sparsity: autoencoder.Sparsity{Weight: 0.2}, Regularizer: ops.L2(0.1),
			}.Build(s, x)
			if err != nil {
				return nil, err
			}
			return b.Loss, nil
		},
	} {
		g := graph.New(graph.Config{Seed: 4, Dtype: tensor.Float64})
		s := g.Scope()
		x := graph.Placeholder(s, "x", tensor.Float64, -1, 6)
		loss, err := build(s, x)
		if err != nil {
			t.Fatal(err)
		}
		if err := graph.CheckGradients(g, graph.Feeds{x: example(tensor.Float64, 4, 6)}, loss, g.Trainable(), graph.CheckConfig{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
