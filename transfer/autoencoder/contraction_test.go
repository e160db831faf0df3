package autoencoder_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/autoencoder"
)

// TestConvolutionalContraction: the penalty of a convolution is the squared norm of the Jacobian that differences of the code give, whatever of its
// windows lies beyond the border, and its gradients are those of differences.
func TestConvolutionalContraction(t *testing.T) {
	for name, l := range map[string]autoencoder.ConvLayer{
		"sigmoid":              {Filters: 3},
		"windows left out":     {Filters: 2, Size: [2]int{1, 2}, Strides: [2]int{2, 3}, Activation: ops.Tanh},
		"windows that overlap": {Filters: 2, Size: [2]int{4, 3}, Strides: [2]int{1, 2}, Activation: ops.ELUWith(1), Tied: true},
		"any activation":       {Filters: 2, Size: [2]int{5, 5}, Activation: ops.Softplus},
	} {
		const batch, height, width, channels = 2, 4, 6, 2
		l.Contractive = 0.3
		g := graph.New(graph.Config{Seed: 4, Dtype: tensor.Float64})
		s := g.Scope()
		x := graph.Placeholder(s, "x", tensor.Float64, -1, -1, -1, channels)
		b, err := l.Build(s, x)
		if err != nil {
			t.Fatal(err)
		}
		sess := session(t, g)
		in := example(tensor.Float64, batch, height, width, channels)
		code := func() []float64 {
			out, err := sess.Run(graph.Feeds{x: in}, b.Output)
			if err != nil {
				t.Fatal(err)
			}
			return out.Float64s(0)
		}
		const h = 1e-5
		want := 0.0
		for i := range in.Float64s() {
			v := in.Float64s()[i]
			in.Float64s()[i] = v + h
			above := code()
			in.Float64s()[i] = v - h
			below := code()
			in.Float64s()[i] = v
			for k := range above {
				d := (above[k] - below[k]) / (2 * h)
				want += d * d / batch
			}
		}
		feeds := graph.Feeds{x: in}
		if got := value(t, sess, feeds, b.Metrics["contraction"]); math.Abs(got-want) > 1e-7*want {
			t.Errorf("%s: the penalty is %v; want %v", name, got, want)
		}
		without := value(t, sess, feeds, b.Error)
		if got, want := value(t, sess, feeds, b.Loss), without+0.3*want; math.Abs(got-want) > 1e-7*want {
			t.Errorf("%s: the loss is %v; want %v", name, got, want)
		}
		if err := graph.CheckGradients(g, feeds, b.Loss, g.Trainable(), graph.CheckConfig{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
