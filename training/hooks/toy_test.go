package hooks_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// toy is a model whose only weight counts the steps, and whose loss is that weight times the fed
// number.
type toy struct {
	g             *graph.Graph
	sess          *graph.Session
	x, weight     *gorgonia.Node
	product, step *gorgonia.Node
}

func newToy(t testing.TB) *toy {
	t.Helper()
	g := graph.New(graph.Config{})
	s := g.Scope()
	m := &toy{g: g}
	m.x = graph.Placeholder(s, "x", tensor.Float64)
	m.weight = graph.Variable(s, "weight", tensor.Shape{}, graph.VariableConfig{Dtype: tensor.Float64, Initializer: initializers.Zeros()})
	m.product = ops.Mul(s.Sub("layer"), m.weight, m.x)
	m.step = graph.AssignAdd(s, m.weight, graph.ConstOf(s, tensor.Float64, 1))
	var err error
	if m.sess, err = graph.NewSession(g, graph.SessionConfig{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.sess.Close() })
	if err := m.sess.Init(); err != nil {
		t.Fatal(err)
	}
	return m
}

// weightNow is how many steps the session's weight has seen.
func (m *toy) weightNow(t testing.TB) float64 {
	t.Helper()
	v, err := m.sess.Value(m.weight)
	if err != nil {
		t.Fatal(err)
	}
	return v.Data().(float64)
}

// config trains epochs of four steps.
func (m *toy) config(epochs int, h ...training.Hook) training.FitConfig {
	return training.FitConfig{Step: m.step, Loss: m.product, Data: &ones{steps: 4}, X: m.x, Epochs: epochs, Hooks: h}
}

func (m *toy) fit(t testing.TB, epochs int, h ...training.Hook) *training.History {
	t.Helper()
	history, err := training.Fit(context.Background(), m.sess, m.config(epochs, h...))
	if err != nil {
		t.Fatal(err)
	}
	return history
}

// ones is Data whose batches are the number 1, or what special says for a step, counted over all
// epochs from 1.
type ones struct {
	steps   int
	at, all int
	special map[int]float64
	x       *tensor.Dense
}

func (d *ones) Next() bool {
	if d.at >= d.steps {
		return false
	}
	d.at, d.all = d.at+1, d.all+1
	x := 1.
	if v, ok := d.special[d.all]; ok {
		x = v
	}
	d.x = tensor.New(tensor.FromScalar(x))
	return true
}

func (d *ones) X() tensor.Tensor { return d.x }
func (d *ones) Y() tensor.Tensor { return nil }
func (d *ones) Err() error       { return nil }
func (d *ones) Reset()           { d.at = 0 }

func (d *ones) MarshalBinary() ([]byte, error) { return json.Marshal([]int{d.at, d.all}) }

func (d *ones) UnmarshalBinary(b []byte) error {
	var v []int
	if err := json.Unmarshal(b, &v); err != nil || len(v) != 2 {
		return errors.Errorf("ones: %q", b)
	}
	d.at, d.all = v[0], v[1]
	return nil
}

// stateless is Data without a state.
type stateless struct{ d *ones }

func (d stateless) Next() bool       { return d.d.Next() }
func (d stateless) X() tensor.Tensor { return d.d.X() }
func (d stateless) Y() tensor.Tensor { return d.d.Y() }
func (d stateless) Err() error       { return d.d.Err() }
func (d stateless) Reset()           { d.d.Reset() }

// recorder records a value after each epoch, by its number from 1; none where there is none.
type recorder struct {
	training.NoHook
	values []float64
}

func (r *recorder) AfterEpoch(l *training.Loop) error {
	if i := l.Epoch() - 1; i < len(r.values) {
		return l.Record("validation/loss", r.values[i])
	}
	return nil
}
