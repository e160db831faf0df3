package keras

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// A Bidirectional LSTM with initial states is two LSTM, of which one goes backwards. With merge_mode null it gives what both give, and its backward layer may
// have options of its own.
func TestBidirectionalStates(t *testing.T) {
	const batch, length, features, units = 2, 4, 3, 2
	const lstm = `"units": 2, "return_state": true, "dtype": "float64", "return_sequences": `
	input := func(name, shape string) string {
		return `{"class_name": "InputLayer", "name": "` + name + `", "config": {"name": "` + name + `", "batch_input_shape": [null, ` + shape + `], "dtype": "float64"}, "inbound_nodes": []}`
	}
	layer := func(class, name, options string, inputs ...string) string {
		text := strings.TrimSuffix(layerOf(class, name, options), "}") + `, "name": "` + name + `", "inbound_nodes": [[`
		for i, in := range inputs {
			inputs[i] = `["` + in + `", 0, 0, {}]`
		}
		return text + strings.Join(inputs, ", ") + `]]}`
	}
	var names []string
	for _, of := range []string{"b/forward_l/l_cell/", "b/backward_l/l_cell/", "forward/", "backward/"} {
		names = append(names, of+"kernel", of+"recurrent_kernel", of+"bias")
	}
	shapes := slices.Repeat([][]int{{features, 4 * units}, {units, 4 * units}, {4 * units}}, 4)
	file := memory(t, names, shapes, func(k, i int) float64 { return math.Sin(float64(10*(k%6) + i)) }) // as if the layers shared their weights
	x := make([][][]float64, batch)
	for i := range x {
		for j := range length {
			x[i] = append(x[i], []float64{0.5 * float64(i-j), float64(i*j) - 1, math.Cos(float64(i + 2*j))})
		}
	}
	state := func(k int) [][]float64 {
		return [][]float64{{0.25 * float64(k), -1}, {1, 0.5 * float64(k)}}
	}
	for name, c := range map[string]struct{ sequences, backward, own string }{
		"sequences":      {"true", "", ""},
		"last":           {"false", "", ""},
		"backward_layer": {"true", `, "backward_layer": ` + layerOf("LSTM", "l", lstm+`true, "go_backwards": true, "activation": "relu"`), `, "activation": "relu"`},
	} {
		t.Run(name, func(t *testing.T) {
			var outputs []string
			for layer, n := range map[string]int{"b": 6, "forward": 3, "backward": 3} {
				for k := range n {
					outputs = append(outputs, fmt.Sprintf(`["%s", 0, %d]`, layer, k))
				}
			}
			slices.Sort(outputs) // backward, forward, b
			config := `{"class_name": "Functional", "keras_version": "2.9.0", "config": {"name": "m", "layers": [` + strings.Join([]string{
				input("x", "4, 3"), input("h0", "2"), input("c0", "2"), input("h1", "2"), input("c1", "2"),
				layer("Bidirectional", "b", `"merge_mode": null, "dtype": "float64", "layer": `+layerOf("LSTM", "l", lstm+c.sequences)+c.backward, "x", "h0", "c0", "h1", "c1"),
				layer("LSTM", "forward", lstm+c.sequences, "x", "h0", "c0"),
				layer("LSTM", "backward", lstm+c.sequences+`, "go_backwards": true`+c.own, "x", "h1", "c1"),
			}, ", ") + `], "input_layers": [["x", 0, 0], ["h0", 0, 0], ["c0", 0, 0], ["h1", 0, 0], ["c1", 0, 0]], "output_layers": [` + strings.Join(outputs, ", ") + `]}}`
			m, err := ParseModel([]byte(config), file)
			if err != nil {
				t.Fatal(err)
			}
			g := graph.New(graph.Config{})
			net, err := m.Import(g.Scope(), network.Config{})
			if err != nil {
				t.Fatal(err)
			}
			feeds := graph.Feeds{net.Inputs[0].Node: x}
			for k, in := range net.Inputs[1:] {
				feeds[in.Node] = state(k)
			}
			out := map[string][]float64{}
			var nodes gorgonia.Nodes
			for _, o := range net.Outputs {
				nodes = append(nodes, o.Node)
			}
			values := evaluate(t, g, feeds, nodes...)
			for i, o := range net.Outputs {
				out[o.Name] = slices.Clone(values.Float64s(i))
			}
			if c.sequences == "true" { // that of the backward layer is the other way round
				y := out["backward"]
				for i := range batch {
					for j := range length / 2 {
						for k := range units {
							a, b := (i*length+j)*units+k, (i*length+length-1-j)*units+k
							y[a], y[b] = y[b], y[a]
						}
					}
				}
			}
			for got, want := range map[string]string{"b": "forward", "b:0:1": "backward", "b:0:2": "forward:0:1", "b:0:3": "forward:0:2", "b:0:4": "backward:0:1", "b:0:5": "backward:0:2"} {
				if out[want] == nil {
					t.Fatalf("no output %s of %v", want, net.Outputs)
				}
				compare(t, got, out[got], out[want], 1e-12)
			}
			if slices.Equal(out["forward"], out["backward"]) {
				t.Error("both layers give the same")
			}
		})
	}
}
