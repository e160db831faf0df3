package graph_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// failing is an initializer that fails.
type failing struct{}

func (failing) Initialize(*graph.Initial) error { return errors.New("out of luck") }

// squared draws and changes what it drew.
type squared struct{}

func (squared) Initialize(v *graph.Initial) error {
	err := v.Normal(0, 1)
	for i, x := range v.Out.Float32s() {
		v.Out.Float32s()[i] = x * x
	}
	return err
}

func TestInitialDrawOf(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	three := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{3, 3, 3, 3, 3, 3}))
	one := graph.Const(s, [][]float64{{1, 1, 1}, {1, 1, 1}})
	for i, c := range []struct {
		initializer graph.Initializer
		want        graph.InitialDraw
	}{
		{nil, graph.InitialDraw{Distribution: "uniform", A: -1.0954451150103321, B: 1.0954451150103321}},
		{initializers.Constant(3), graph.InitialDraw{Value: three}},
		{initializers.RandomNormal(1, 2), graph.InitialDraw{Distribution: "normal", A: 1, B: 2}},
		{initializers.TruncatedNormal(1, 2), graph.InitialDraw{Distribution: "truncated_normal", A: 1, B: 2}},
		{initializers.Orthogonal(1), graph.InitialDraw{}},
		{squared{}, graph.InitialDraw{}},
		{graph.InitialValue(one), graph.InitialDraw{}},
	} {
		v := graph.Variable(s, "v"+string(rune('a'+i)), tensor.Shape{2, 3}, graph.VariableConfig{Initializer: c.initializer})
		got, err := g.InitialDrawOf(v)
		if err != nil || got.Distribution != c.want.Distribution || got.A != c.want.A || got.B != c.want.B || (got.Value == nil) != (c.want.Value == nil) {
			t.Errorf("%T: got %v, %v; want %v", c.initializer, got, err, c.want)
		}
		if got.Value != nil && !reflect.DeepEqual(got.Value.Data(), c.want.Value.Data()) {
			t.Errorf("%T: got %v; want %v", c.initializer, got.Value, c.want.Value)
		}
	}
	bad := graph.Variable(s, "bad", tensor.Shape{2}, graph.VariableConfig{Initializer: failing{}})
	if _, err := g.InitialDrawOf(bad); err == nil || !strings.Contains(err.Error(), "variable bad: out of luck") {
		t.Error(err)
	}
	if _, err := g.InitialDrawOf(one); err == nil || !strings.Contains(err.Error(), "Const is not a variable") {
		t.Error(err)
	}
}
