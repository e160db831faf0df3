package training_test

import (
	"math"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
)

// In inference mode a batch of n gives the rows of n batches of one.
func TestInferenceDoesNotDependOnTheBatch(t *testing.T) {
	c := golden.Cases(t, "trajectory", "")[0]
	n := newNet(t, c)
	for step := range 5 { // moving statistics that are not the initial ones
		x, y := golden.TrajectoryBatchAt(step)
		run(t, n.sess, graph.Feeds{n.x: x, n.y: y, n.training: true}, n.step)
	}
	x, _ := golden.TrajectoryBatchAt(5)
	width := golden.TrajectorySizes()[0]
	whole := run(t, n.sess, graph.Feeds{n.x: x}, n.logits).Float32s(0)
	for row := range golden.TrajectoryBatch {
		one := run(t, n.sess, graph.Feeds{n.x: x[row*width : (row+1)*width]}, n.logits).Float32s(0)
		for i, got := range one {
			want := whole[row*len(one)+i]
			if math.Abs(float64(got-want)) > 1e-6*math.Max(1, math.Abs(float64(want))) {
				t.Errorf("row %d, class %d: %v alone, %v in a batch of %d", row, i, got, want, golden.TrajectoryBatch)
			}
		}
	}
}
