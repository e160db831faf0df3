package onnx

import (
	"slices"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// Variables are by the names of the initializers that they begin with, whoever makes them; one that two layers share stands for two.
func TestNetworkVariables(t *testing.T) {
	four := func(name string) []byte { return floats(name, []int{2}, 1, 2) }
	m := parsed(t,
		1, message(1, "x", 1, "k", 2, "a", 3, "first", 4, "Conv"), 1, message(1, "a", 1, "k", 2, "b", 3, "second", 4, "Conv"),
		1, message(1, "b", 1, "s", 1, "o", 1, "m", 1, "v", 2, "c", 3, "bn", 4, "BatchNormalization"),
		1, message(1, "c", 1, "t", 1, "o", 2, "y", 3, "up", 4, "ConvTranspose"),
		5, floats("k", []int{2, 2, 1, 1}, 1, 2, 3, 4), 5, floats("t", []int{2, 2, 1, 1}, 1, 2, 3, 4), 5, four("s"), 5, four("o"), 5, four("m"), 5, four("v"),
		11, input("x", -1, 2, 3, 3), 12, message(1, "y"))
	g := graph.New(graph.Config{})
	n, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range n.Variables {
		got = append(got, v.Name+" "+g.NameOf(v.Node))
	}
	want := []string{"k first/kernel", "k second/kernel", "s bn/gamma", "o bn/beta", "m bn/moving_mean", "v bn/moving_variance", "t up/kernel", "o up/bias"}
	if !slices.Equal(got, want) || len(got) != len(g.Variables()) {
		t.Errorf("got %q of %d variables; want %q", got, len(g.Variables()), want)
	}
}
