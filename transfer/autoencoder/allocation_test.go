package autoencoder_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// A step allocates nothing in the steady state.
func TestStepAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	penalties := autoencoder.Sparsity{Weight: 0.1}
	type build func(s *graph.Scope, x *gorgonia.Node) (step *gorgonia.Node, err error)
	layer := func(l pretrain.Layer) build {
		return func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, error) {
			b, err := l.Build(s, x)
			if err != nil {
				return nil, err
			}
			return b.Step(s.NameScope("train")), nil
		}
	}
	for name, c := range map[string]struct {
		shape []int
		build build
	}{
		"dense": {[]int{64}, layer(autoencoder.Layer{Units: 20})},
		"all of dense": {[]int{64}, layer(autoencoder.Layer{
			Units: 20, Tied: true, Corrupt: autoencoder.Masking(0.3), Sparsity: penalties, Contractive: 0.1, Regularizer: ops.L2(0.1),
		})},
		"all of convolutional": {[]int{8, 8, 3}, layer(autoencoder.ConvLayer{
			Filters: 5, Corrupt: autoencoder.Gaussian(0.3), Sparsity: penalties, Contractive: 0.1, Loss: autoencoder.CrossEntropy,
		})},
		"variational": {[]int{64}, func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, error) {
			v, err := autoencoder.NewVariational(s.Sub("vae"), x, autoencoder.VariationalConfig{Hidden: []int{30}, Code: 5})
			if err != nil {
				return nil, err
			}
			return training.Adam(training.AdamConfig{}).Minimize(s.NameScope("train"), v.Loss, s.Graph().Trainable()), nil
		}},
	} {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g := graph.New(graph.Config{Seed: 1, Dtype: dtype})
			x := graph.Placeholder(g.Scope(), "x", dtype, append([]int{-1}, c.shape...)...)
			step, err := c.build(g.Scope(), x)
			if err != nil {
				t.Fatal(err)
			}
			sess := session(t, g)
			feeds := graph.Feeds{x: example(dtype, append([]int{50}, c.shape...)...)}
			run := func() {
				if _, err := sess.Run(feeds, step); err != nil {
					t.Fatal(err)
				}
			}
			run()
			if n := testing.AllocsPerRun(20, run); n != 0 {
				t.Errorf("%s, %v: %v allocations a step; want none", name, dtype, n)
			}
		}
	}
}
