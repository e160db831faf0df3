package training_test

import (
	"context"
	"fmt"
	"math"
	"math/rand"
	"sync"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// patient is a network that Diagnose is tried on, and what ails it.
type patient struct {
	name string
	sick []training.Trouble // each must be named; none for a healthy net, of which nothing may be said

	data    string  // as examples knows it
	scale   float64 // multiplies the features; 0 for 1
	batch   int     // 0 for 32
	hidden  []int
	act     ops.Activation
	kernel  graph.Initializer // of hidden layers
	bias    graph.Initializer // of hidden layers
	out     graph.Initializer // of the output layer
	norm    bool              // batch norm before each activation
	dropout float64
	loss    func(s *graph.Scope, y, out *gorgonia.Node) *gorgonia.Node // default by data

	// net makes the output in place of the layers above, for other architectures.
	net func(s *graph.Scope, x, flag *gorgonia.Node, outputs int) *gorgonia.Node

	opt       recipe
	noUpdates bool // the step is built without the update ops
	inference bool // the training flag is left false
	warm      int  // training steps before the diagnosis
	wrong     bool // the verdict is known to be wrong with some seed: DOCTOR.md says how
}

// recipe is an optimizer and how it is called in the table.
type recipe struct {
	training.Optimizer
	name string
}

func widths(units, layers int) []int {
	out := make([]int, layers)
	for i := range out {
		out[i] = units
	}
	return out
}

func sgd(rate float64) recipe {
	return recipe{training.GradientDescent(training.GradientDescentConfig{LearningRate: rate}), fmt.Sprint("SGD ", rate)}
}

func momentum(rate float64) recipe {
	return recipe{training.Momentum(training.MomentumConfig{LearningRate: rate, Momentum: 0.9}), fmt.Sprint("momentum ", rate)}
}

func nesterov(rate float64) recipe {
	return recipe{training.Momentum(training.MomentumConfig{LearningRate: rate, Momentum: 0.9, Nesterov: true}), fmt.Sprint("Nesterov ", rate)}
}

func adam(rate float64) recipe {
	return recipe{training.Adam(training.AdamConfig{LearningRate: rate}), fmt.Sprint("Adam ", rate)}
}

// examine builds the patient with a seed and diagnoses it.
func (p patient) examine(t *testing.T, seed int64, cfg training.DiagnoseConfig) *training.Diagnosis {
	t.Helper()
	sess, cfg := p.admit(t, seed, cfg)
	d, err := training.Diagnose(context.Background(), sess, cfg)
	if err != nil {
		t.Fatalf("%s, seed %d: %v", p.name, seed, err)
	}
	return d
}

// admit builds the patient.
func (p patient) admit(t testing.TB, seed int64, cfg training.DiagnoseConfig) (*graph.Session, training.DiagnoseConfig) {
	t.Helper()
	x, y, outputs := examples(t, p.data, seed)
	if p.scale != 0 {
		for i, v := range x.Data().([]float32) {
			x.Data().([]float32)[i] = v * float32(p.scale)
		}
	}
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, x.Shape()[1])
	Y := graph.Placeholder(s, "Y", y.Dtype(), append(tensor.Shape{-1}, y.Shape()[1:]...)...)
	flag := graph.PlaceholderWithDefault(s, "training", false)
	net := p.net
	if net == nil {
		net = p.layers
	}
	out := net(s, X, flag, outputs)
	build := p.loss
	if build == nil {
		build = func(s *graph.Scope, y, out *gorgonia.Node) *gorgonia.Node {
			if y.Dtype() == tensor.Int64 {
				return ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, out))
			}
			return ops.Mean(s, ops.Square(s, ops.Sub(s, y, out)))
		}
	}
	loss := build(s.NameScope("loss"), Y, out)
	at := s.NameScope("train")
	if !p.noUpdates {
		at = at.After(g.UpdatesOf(loss)...)
	}
	step := p.opt.Minimize(at, loss, g.Trainable())
	sess := open(t, g)
	batch := p.batch
	if batch == 0 {
		batch = 32
	}
	data := dataset.Batches(dataset.BatchesConfig{X: x, Y: y, BatchSize: batch, Seed: seed, DropRemainder: true})
	cfg.Step, cfg.Loss, cfg.X, cfg.Y, cfg.Data = step, loss, X, Y, data
	cfg.Feeds = graph.Feeds{flag: !p.inference}
	for i := 0; i < p.warm; i++ {
		if !data.Next() {
			data.Reset()
			data.Next()
		}
		run(t, sess, graph.Feeds{X: data.X(), Y: data.Y(), flag: !p.inference}, step)
	}
	return sess, cfg
}

// layers makes a net of dense layers.
func (p patient) layers(s *graph.Scope, x, flag *gorgonia.Node, outputs int) *gorgonia.Node {
	for i, units := range p.hidden {
		l := s.Sub(fmt.Sprintf("hidden%d", i+1))
		x = ops.Dense(l, x, units, ops.DenseConfig{Kernel: p.kernel, Bias: p.bias, NoBias: p.norm})
		if p.norm {
			x = ops.BatchNorm(l, x, flag, ops.BatchNormConfig{Momentum: 0.9})
		}
		if p.act != nil {
			x = p.act(l, x)
		}
		if p.dropout > 0 {
			x = ops.Dropout(l, x, p.dropout, flag)
		}
	}
	return ops.Dense(s.Sub("outputs"), x, outputs, ops.DenseConfig{Kernel: p.out})
}

// examples makes the data of a name, and how many outputs it takes.
func examples(t testing.TB, name string, seed int64) (x, y *tensor.Dense, outputs int) {
	t.Helper()
	rng := rand.New(rand.NewSource(seed))
	switch name {
	case "mnist":
		set, err := mnist()
		if err != nil {
			t.Skip(err)
		}
		return set.X.Clone().(*tensor.Dense), set.Y.Clone().(*tensor.Dense), 10
	case "spirals": // 3 arms of 2 features
		const n, classes = 1200, 3
		xs, ys := make([]float32, n*2), make([]int64, n)
		for i := range ys {
			r := rng.Float64()
			angle := 4*r + 2*math.Pi/classes*float64(i%classes) + 0.15*rng.NormFloat64()
			xs[2*i], xs[2*i+1] = float32(2*r*math.Sin(angle)), float32(2*r*math.Cos(angle))
			ys[i] = int64(i % classes)
		}
		return tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(xs)), tensor.New(tensor.WithShape(n), tensor.WithBacking(ys)), classes
	case "digits", "autoencoder":
		set, _, _, err := dataset.Digits()
		if err != nil {
			t.Fatal(err)
		}
		x = set.X.Clone().(*tensor.Dense)
		if name == "digits" {
			return x, set.Y.(*tensor.Dense), 10
		}
		return x, set.X.Clone().(*tensor.Dense), 64
	case "clusters": // 2 normal clusters a class
		const n, features, classes = 1200, 20, 4
		centres := make([]float64, 2*classes*features)
		for i := range centres {
			centres[i] = rng.NormFloat64()
		}
		xs, ys := make([]float32, n*features), make([]int64, n)
		for i := range ys {
			c := rng.Intn(2 * classes)
			ys[i] = int64(c % classes)
			for j := 0; j < features; j++ {
				xs[i*features+j] = float32((centres[c*features+j] + rng.NormFloat64()) / math.Sqrt2)
			}
		}
		return tensor.New(tensor.WithShape(n, features), tensor.WithBacking(xs)), tensor.New(tensor.WithShape(n), tensor.WithBacking(ys)), classes
	case "regression": // Friedman's first problem (1991), standardised
		const n, features = 1200, 5
		xs, ys := make([]float32, n*features), make([]float32, n)
		for i := range ys {
			u := make([]float64, features)
			for j := range u {
				u[j] = rng.Float64()
				xs[i*features+j] = float32((u[j] - 0.5) * math.Sqrt(12))
			}
			v := 10*math.Sin(math.Pi*u[0]*u[1]) + 20*(u[2]-0.5)*(u[2]-0.5) + 10*u[3] + 5*u[4] + rng.NormFloat64()
			ys[i] = float32((v - 14.4) / 4.9)
		}
		return tensor.New(tensor.WithShape(n, features), tensor.WithBacking(xs)), tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(ys)), 1
	}
	t.Fatalf("no data %q", name)
	return nil, nil, 0
}

// mnist reads the first 5000 images once.
var mnist = sync.OnceValues(func() (*dataset.Set, error) {
	set, _, err := dataset.MNIST("")
	if err != nil {
		return nil, err
	}
	return set.Slice(0, 5000)
})

// normal is a kernel of normal numbers.
func normal(stddev float64) graph.Initializer { return initializers.RandomNormal(0, stddev) }

// heTimes is He initialisation with its standard deviation multiplied.
func heTimes(factor float64) graph.Initializer {
	return initializers.VarianceScaling(initializers.VarianceScalingConfig{Scale: 2 * factor * factor})
}
