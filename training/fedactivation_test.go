package training_test

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// frozenNets build a net whose lower part is not trained, and return the output of that and the logits.
var frozenNets = map[string]func(s *graph.Scope, x *gorgonia.Node) (features, logits *gorgonia.Node){
	"dense": func(s *graph.Scope, x *gorgonia.Node) (features, logits *gorgonia.Node) {
		h := ops.Dense(s.Sub("frozen1"), x, 300, ops.DenseConfig{Activation: ops.ReLU})
		h = ops.Dense(s.Sub("frozen2"), h, 100, ops.DenseConfig{Activation: ops.ReLU})
		features = h
		h = ops.Dense(s.Sub("hidden"), h, 100, ops.DenseConfig{NoBias: true})
		h = ops.ReLU(s, ops.BatchNorm(s.Sub("hidden"), h, graph.Const(s, true), ops.BatchNormConfig{}))
		return features, ops.Dense(s.Sub("out"), h, 10, ops.DenseConfig{})
	},
	"frozen batch norm": func(s *graph.Scope, x *gorgonia.Node) (features, logits *gorgonia.Node) {
		h := ops.Dense(s.Sub("frozen"), x, 50, ops.DenseConfig{NoBias: true})
		features = ops.ReLU(s, ops.BatchNorm(s.Sub("frozen"), h, nil, ops.BatchNormConfig{Frozen: true}))
		return features, ops.Dense(s.Sub("out"), features, 10, ops.DenseConfig{})
	},
	"convolutions": func(s *graph.Scope, x *gorgonia.Node) (features, logits *gorgonia.Node) {
		h := ops.Reshape(s, x, -1, 28, 28, 1)
		h = ops.Conv2D(s.Sub("frozen"), h, 8, [2]int{3, 3}, ops.Conv2DConfig{NoBias: true})
		h = ops.ReLU(s, ops.BatchNorm(s.Sub("frozen"), h, nil, ops.BatchNormConfig{Frozen: true}))
		features = ops.MaxPool2D(s, h, ops.MaxPool2DConfig{})
		h = ops.Conv2D(s.Sub("conv"), features, 16, [2]int{3, 3}, ops.Conv2DConfig{Activation: ops.ReLU})
		return features, ops.Dense(s.Sub("out"), ops.GlobalAvgPool(s, h, ops.GlobalPoolConfig{}), 10, ops.DenseConfig{})
	},
}

// Training on the outputs of frozen layers that were computed before gives the bits of computing them
// in every step.
func TestFedActivationsTrainAlike(t *testing.T) {
	optimizers := map[string]training.Optimizer{
		"gradient descent": training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.05}),
		"momentum":         training.Momentum(training.MomentumConfig{LearningRate: 0.05, Momentum: 0.9}),
	}
	for net, build := range frozenNets {
		for name, opt := range optimizers {
			for _, batch := range []int{20, 200, 1000} {
				if net == "convolutions" && batch > 20 {
					continue
				}
				t.Run(fmt.Sprintf("%s, %s, batch %d", net, name, batch), func(t *testing.T) {
					computed, fed := trainFrozen(t, build, opt, batch, false), trainFrozen(t, build, opt, batch, true)
					for i := range computed {
						if math.Float64bits(computed[i]) != math.Float64bits(fed[i]) {
							t.Fatalf("loss %d is %v where features are computed, %v where they are fed", i, computed[i], fed[i])
						}
					}
				})
			}
		}
	}
}

// trainFrozen trains what lies above the features, which are fed or computed, and returns the losses.
func trainFrozen(t *testing.T, build func(s *graph.Scope, x *gorgonia.Node) (features, logits *gorgonia.Node), opt training.Optimizer, batch int, fed bool) []float64 {
	t.Helper()
	g := graph.New(graph.Config{Seed: 3})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 784)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	features, logits := build(s, x)
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	var vars gorgonia.Nodes
	for _, v := range g.Trainable() {
		if name := v.Name(); name[:min(len(name), 6)] != "frozen" {
			vars = append(vars, v)
		}
	}
	step := opt.Minimize(s.NameScope("train").After(g.UpdatesOf(loss)...), loss, vars)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewSource(1))
	xs, ys := make([]float32, batch*784), make([]int64, batch)
	losses := make([]float64, 12)
	for i := range losses {
		for k := range xs {
			xs[k] = r.Float32()
		}
		for k := range ys {
			ys[k] = int64(r.Intn(10))
		}
		feeds := graph.Feeds{x: tensor.New(tensor.WithShape(batch, 784), tensor.WithBacking(xs)), y: ys}
		if fed {
			kept, err := sess.Run(feeds, features)
			if err != nil {
				t.Fatal(err)
			}
			feeds = graph.Feeds{features: kept.Tensor(0), y: ys}
		}
		out, err := sess.Run(feeds, loss, step)
		if err != nil {
			t.Fatal(err)
		}
		losses[i] = out.Float(0)
	}
	return losses
}
