package pretrain_test

import (
	"context"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

var ctx = context.Background()

// network is a stack in a session.
type network struct {
	g     *graph.Graph
	s     *graph.Scope
	x     *gorgonia.Node
	stack *pretrain.Stack
	sess  *graph.Session
}

// build builds layers on 64 features.
func build(t testing.TB, dtype tensor.Dtype, layers ...pretrain.Layer) *network {
	t.Helper()
	n := &network{g: graph.New(graph.Config{Seed: 3, Dtype: dtype})}
	n.s = n.g.Scope()
	n.x = graph.Placeholder(n.s, "x", dtype, -1, 64)
	var err error
	if n.stack, err = pretrain.Build(n.s, n.x, layers...); err != nil {
		t.Fatal(err)
	}
	if n.sess, err = graph.NewSession(n.g, graph.SessionConfig{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.sess.Close() })
	if err := n.sess.Init(); err != nil {
		t.Fatal(err)
	}
	return n
}

// two are layers that draw, and whose optimizers have slots.
func two() []pretrain.Layer {
	return []pretrain.Layer{
		autoencoder.Layer{Units: 20, Corrupt: autoencoder.Masking(0.3), Optimizer: adam},
		autoencoder.Layer{Units: 10, Tied: true, Loss: autoencoder.CrossEntropy, Corrupt: autoencoder.Gaussian(0.1), Optimizer: adam},
	}
}

func adam() training.Optimizer { return training.Adam(training.AdamConfig{LearningRate: 0.01}) }

// digits are 300 optical digits for training and 100 for validation.
func digits(t testing.TB) (train, validation *dataset.Set) {
	t.Helper()
	all, _, _, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	if train, err = all.Slice(0, 300); err == nil {
		validation, err = all.Slice(300, 400)
	}
	if err != nil {
		t.Fatal(err)
	}
	return train, validation
}

// bits are the values of variables, to be compared exactly.
func (n *network) bits(t testing.TB, vars gorgonia.Nodes) map[string]interface{} {
	t.Helper()
	values, err := n.sess.Values(vars...)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]interface{}{}
	for i, v := range vars {
		all[n.g.NameOf(v)] = values[i].Data()
	}
	return all
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("got no error; want %q", parts)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got %v; want %q", err, part)
		}
	}
}
