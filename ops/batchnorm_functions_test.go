package ops_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// Both functions are their formulas, and so are their gradients.
func TestBatchNormFunctions(t *testing.T) {
	const rows, cols, epsilon = 6, 3, 0.01
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	feed := func(name string, seed uint64, add float64, shape ...int) (*gorgonia.Node, []float64) {
		x := graph.Placeholder(s, name, tensor.Float64, shape...)
		n := 1
		for _, d := range shape {
			n *= d
		}
		v := make([]float64, n)
		for i, e := range golden.Sequence(seed, n) {
			v[i] = float64(e) + add
		}
		return x, v
	}
	x, xv := feed("x", 1, 0, 2, 3, cols)
	mean, mv := feed("mean", 2, 0, cols)
	variance, vv := feed("variance", 3, 1, cols)
	beta, bv := feed("beta", 4, 0, cols)
	gamma, gv := feed("gamma", 5, 1, cols)
	given := ops.BatchNormalization(s, x, mean, variance, beta, gamma, epsilon)
	own, ownMean, ownVariance := ops.FusedBatchNorm(s, x, gamma, beta, epsilon)
	vector := func(v []float64) *tensor.Dense { return tensor.New(tensor.WithShape(cols), tensor.WithBacking(v)) }
	feeds := graph.Feeds{x: tensor.New(tensor.WithShape(2, 3, cols), tensor.WithBacking(xv)), mean: vector(mv), variance: vector(vv), beta: vector(bv), gamma: vector(gv)}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	out, err := sess.Run(feeds, given, own, ownMean, ownVariance)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v; want %v", what, got, want)
		}
	}
	for c := range cols {
		m, v := 0.0, 0.0
		for r := range rows {
			m += xv[r*cols+c] / rows
		}
		for r := range rows {
			v += (xv[r*cols+c] - m) * (xv[r*cols+c] - m) / rows
		}
		near("the mean", out.Float64s(2)[c], m)
		near("the variance", out.Float64s(3)[c], v)
		for r := range rows {
			i := r*cols + c
			near("y by given statistics", out.Float64s(0)[i], gv[c]*(xv[i]-mv[c])/math.Sqrt(vv[c]+epsilon)+bv[c])
			near("y by its own", out.Float64s(1)[i], gv[c]*(xv[i]-m)/math.Sqrt(v+epsilon)+bv[c])
		}
	}
	for _, y := range []*gorgonia.Node{given, own} {
		xs := gorgonia.Nodes{x, beta, gamma}
		if y == given {
			xs = append(xs, mean, variance)
		}
		if err := graph.CheckGradients(g, feeds, y, xs, graph.CheckConfig{}); err != nil {
			t.Error(err)
		}
	}
	if ops.BatchNormalization(s, x, mean, variance, beta, gamma, -1); g.Err() == nil || !strings.Contains(g.Err().Error(), "epsilon is -1") {
		t.Errorf("got %v", g.Err())
	}
}
