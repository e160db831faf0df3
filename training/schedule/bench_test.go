package schedule_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/schedule"
)

// What a schedule adds to a Run: compare with the Run that fetches the step alone.
func BenchmarkNode(b *testing.B) {
	g := graph.New(graph.Config{})
	step := graph.Variable(g.Scope(), "step", tensor.Shape{}, graph.VariableConfig{Dtype: tensor.Int64})
	warm := schedule.WarmupConfig{Steps: 10, Then: restarts}
	rate := schedule.Warmup(g.Scope(), step, warm)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		b.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		b.Fatal(err)
	}
	if err := sess.SetValue(step, int64(1234)); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		fetches gorgonia.Nodes
	}{{"step", gorgonia.Nodes{step}}, {"step and rate", gorgonia.Nodes{step, rate}}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; i < b.N; i++ {
				if _, err := sess.Run(nil, c.fetches...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
