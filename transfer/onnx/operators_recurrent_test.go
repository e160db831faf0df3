package onnx

import (
	"math"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// wave makes numbers that look random.
func wave(n int, phase float64) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(math.Sin(phase + 1.7*float64(i)))
	}
	return v
}

// recurrentModel is a layer of both directions: x [steps, batch, 2], 3 units.
func recurrentModel(t *testing.T, op string, gates int, lengths bool, attributes []byte, sizes ...int) *Model {
	t.Helper()
	node := message(1, "x", 1, "w", 1, "r", 1, "b")
	if lengths {
		node = append(node, message(1, "lengths")...)
	}
	node = append(node, message(2, "y", 2, "h", 3, "layer", 4, op, 5, message(1, "direction", 4, "bidirectional"))...)
	fields := []interface{}{1, append(node, attributes...), 5, floats("w", []int{2, gates * 3, 2}, wave(2*gates*3*2, 0.1)...), 5, floats("r", []int{2, gates * 3, 3}, wave(2*gates*3*3, 0.2)...),
		5, floats("b", []int{2, 2 * gates * 3}, wave(2*2*gates*3, 0.3)...), 11, input("x", sizes...), 12, message(1, "y"), 12, message(1, "h")}
	if lengths {
		fields = append(fields, 11, message(1, "lengths", 2, message(1, message(1, 6, 2, message(1, message(1, sizes[1]))))))
	}
	return parsed(t, fields...)
}

// Sequences of a batch that differ in length give what each gives alone, and zeros behind.
func TestRecurrentLengths(t *testing.T) {
	for op, gates := range map[string]int{"RNN": 1, "GRU": 3, "LSTM": 4} {
		x := wave(3*2*2, 0.5) // [3 steps, 2 sequences, 2]
		g := graph.New(graph.Config{})
		n, err := recurrentModel(t, op, gates, true, nil, 3, 2, 2).Import(g.Scope(), network.Config{})
		if err != nil {
			t.Fatalf("%s: %v", op, err)
		}
		lengths := []int{2, 3}
		both := run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense([]int{3, 2, 2}, x...), n.Inputs[1].Node: []int32{2, 3}})
		for k, steps := range lengths {
			var own []float32
			for s := range steps {
				own = append(own, x[(s*2+k)*2:][:2]...)
			}
			g := graph.New(graph.Config{})
			n, err := recurrentModel(t, op, gates, false, nil, steps, 1, 2).Import(g.Scope(), network.Config{})
			if err != nil {
				t.Fatalf("%s: %v", op, err)
			}
			alone := run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense([]int{steps, 1, 2}, own...)})
			for s := range 3 { // y [steps, directions, batch, units], h [directions, batch, units]
				for d := range 2 {
					for u := range 3 {
						got, want := both.Float32s(0)[((s*2+d)*2+k)*3+u], float32(0)
						if s < steps {
							want = alone.Float32s(0)[(s*2+d)*3+u]
						}
						if math.Abs(float64(got-want)) > 1e-6 {
							t.Errorf("%s: sequence %d, step %d, direction %d, unit %d is %v; want %v", op, k, s, d, u, got, want)
						}
						got, want = both.Float32s(1)[(d*2+k)*3+u], alone.Float32s(1)[d*3+u]
						if math.Abs(float64(got-want)) > 1e-6 {
							t.Errorf("%s: the last state of sequence %d, direction %d, unit %d is %v; want %v", op, k, d, u, got, want)
						}
					}
				}
			}
		}
		if len(g.Trainable()) != 3 {
			t.Errorf("%s: %d variables; want kernel, recurrent_kernel and bias", op, len(g.Trainable()))
		}
	}
}

func TestRecurrentBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		attributes []byte
		sizes      []int
		want       string
	}{
		"steps":       {nil, []int{-1, 2, 2}, "known when the graph is built"},
		"clip":        {message(5, message(1, "clip", 2, float32(3))), []int{3, 2, 2}, "clip of recurrent layers"},
		"activations": {message(5, message(1, "activations", 9, "Tanh")), []int{3, 2, 2}, "want 3 for each direction"},
		"activation":  {message(5, message(1, "activations", 9, "Tanh", 9, "Foo", 9, "Tanh", 9, "Tanh", 9, "Tanh", 9, "Tanh")), []int{3, 2, 2}, `"Foo" is not supported`},
		"rank":        {nil, []int{3, 2}, "want [steps, batch, inputs]"},
	} {
		m := recurrentModel(t, "LSTM", 4, false, c.attributes, c.sizes...)
		if _, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}
