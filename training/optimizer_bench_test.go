package training_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training"
)

// BenchmarkOptimizers makes steps of a variable of a million weights; the
// gradient is fed and costs nothing.
func BenchmarkOptimizers(b *testing.B) {
	const weights = 1 << 20
	all := func(step *gorgonia.Node) []named {
		opts := namedOptimizers(step)
		for _, name := range []string{"LAMB", "Lookahead", "WeightDecay", "Accumulate"} {
			opts = append(opts, named{name, laterOptimizers(step)[name]})
		}
		return opts
	}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for i, o := range all(nil) {
			b.Run(o.name+"/"+dtype.String(), func(b *testing.B) {
				g := graph.New(graph.Config{})
				s := g.Scope()
				variable(s, "layer/bias", dtype, 0, 1) // what does not decay
				w, grad := variable(s, "w", dtype, 1, weights), graph.Placeholder(s, "grad", dtype, weights)
				step := all(training.GlobalStep(s))[i].ApplyGradients(s, []training.GradVar{{Grad: grad, Var: w}})
				sess, err := graph.NewSession(g, graph.SessionConfig{})
				if err != nil {
					b.Fatal(err)
				}
				defer sess.Close()
				if err := sess.Init(); err != nil {
					b.Fatal(err)
				}
				feed := make([]float64, weights)
				for k, v := range golden.Sequence(1, weights) {
					feed[k] = float64(v)
				}
				feeds := graph.Feeds{grad: as(dtype, feed)}
				for b.Loop() {
					if _, err := sess.Run(feeds, step); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/weights, "ns/weight")
			})
		}
	}
}
