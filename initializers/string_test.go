package initializers_test

import (
	"fmt"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

func TestString(t *testing.T) {
	g := graph.New(graph.Config{})
	source := graph.Variable(g.Scope(), "source", tensor.Shape{2}, graph.VariableConfig{})
	for want, i := range map[string]graph.Initializer{
		"default (GlorotUniform for floats)":     g.InitializerOf(source),
		"InitialValue(source)":                   graph.InitialValue(source),
		"InitialValue":                           graph.InitialValue(nil),
		"He":                                     initializers.He(),
		"HeUniform":                              initializers.HeUniform(),
		"LeCunNormal":                            initializers.VarianceScaling(initializers.VarianceScalingConfig{}),
		"LeCunUniform":                           initializers.LeCunUniform(),
		"GlorotNormal":                           initializers.GlorotNormal(),
		"GlorotUniform":                          initializers.GlorotUniform(),
		"VarianceScaling(0.5, fan_out, uniform)": initializers.VarianceScaling(initializers.VarianceScalingConfig{Scale: 0.5, Mode: initializers.FanOut, Distribution: initializers.UniformDistribution}),
		"Zeros":                                  initializers.Zeros(),
		"Constant(1)":                            initializers.Ones(),
		"Constant(true)":                         initializers.Constant(true),
		"Constant([]float32)":                    initializers.Constant([]float32{1, 2}),
		"Constant(<nil>)":                        initializers.Constant(nil),
		"RandomUniform(-1, 0.5)":                 initializers.RandomUniform(-1, 0.5),
		"RandomNormal(0, 0.1)":                   initializers.RandomNormal(0, 0.1),
		"TruncatedNormal(0, 0.1)":                initializers.TruncatedNormal(0, 0.1),
		"Orthogonal(1)":                          initializers.Orthogonal(1),
		"Identity(2)":                            initializers.Identity(2),
	} {
		if got := fmt.Sprint(i); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if g.InitializerOf(graph.Placeholder(g.Scope(), "X", tensor.Float32)) != nil || g.InitializerOf(nil) != nil {
		t.Error("an initializer of what is no variable")
	}
}
