package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestAtan2(t *testing.T) {
	checkBinaryGoldenIn(t, "math2", "Atan2", ops.Atan2)
	checkBroadcastGradients(t, ops.Atan2)
	checkBroadcastValues(t, ops.Atan2, math.Atan2)
	checkBinaryErrors(t, ops.Atan2, "Atan2")
}

func TestAtan2AtTheOrigin(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	y := input(s, feeds, "y", tensor.Float32, at([]int{3}, 0, 0, math.NaN()), true)
	x := input(s, feeds, "x", tensor.Float32, at([]int{3}, 0, -1, 1), true)
	z := ops.Atan2(s, y, x)
	d := graph.Gradients(s, gorgonia.Nodes{z}, gorgonia.Nodes{y, x}, nil)
	out := run(t, g, feeds, z, d[0], d[1])
	nan := math.NaN()
	wantValues(t, out.Tensor(0), []int{3}, 0, float64(float32(math.Pi)), nan)
	wantValues(t, out.Tensor(1), []int{3}, 0, -1, nan)
	wantValues(t, out.Tensor(2), []int{3}, 0, 0, nan)
}
