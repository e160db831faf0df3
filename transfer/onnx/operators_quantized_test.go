package onnx

import (
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// Quantized weights of one scale are trainable kernels; what is quantized between layers is rounded to its steps.
func TestQuantizedLayer(t *testing.T) {
	m := parsed(t,
		1, message(1, "x", 1, "half", 1, "zero", 2, "q", 4, "QuantizeLinear"), 1, message(1, "q", 1, "half", 1, "zero", 2, "d", 4, "DequantizeLinear"),
		1, message(1, "w8", 1, "half", 1, "one8", 2, "w", 4, "DequantizeLinear"), 1, message(1, "d", 1, "w", 2, "y", 3, "fc", 4, "MatMul"),
		5, message(2, 1, 8, "half", 4, float32(0.5)), 5, message(2, 2, 8, "zero", 5, 128), 5, message(2, 3, 8, "one8", 5, 1),
		5, message(1, 2, 1, 2, 2, 3, 8, "w8", 9, string([]byte{1, 3, 0xff, 5})), 11, input("x", -1, 2), 12, message(1, "q"), 12, message(1, "y"))
	g := graph.New(graph.Config{})
	n, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if v := g.Trainable(); len(v) != 1 || g.NameOf(v[0]) != "fc/kernel" {
		t.Errorf("variables: %v", v)
	}
	out := run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense([]int{2, 2}, 1.1, -2.3, 100, 0.25)})
	if got, want := out.Tensor(0).Data().([]uint8), []uint8{130, 123, 255, 128}; !slices.Equal(got, want) {
		t.Errorf("quantized: %v; want %v", got, want)
	}
	// w is [0 1; -1 2], d is [1 -2.5; 63.5 0].
	if got, want := out.Float32s(1), []float32{2.5, -4, 0, 63.5}; !slices.Equal(got, want) {
		t.Errorf("y is %v; want %v", got, want)
	}
}

// What opset 21 added is refused, and not clamped to 8 bits.
func TestQuantizedRefused(t *testing.T) {
	number := func(name string, v int) []byte { return message(1, name, 3, v, 20, 2) }
	for want, node := range map[string][]byte{
		"quantizes to int16":   message(1, "x", 1, "half", 1, "zero16", 2, "y", 4, "QuantizeLinear"),
		"scales of blocks of":  message(1, "x", 1, "half", 2, "y", 4, "QuantizeLinear", 5, number("block_size", 2)),
		"the output_dtype 4":   message(1, "x", 1, "half", 2, "y", 4, "QuantizeLinear", 5, number("output_dtype", 4)),
		"blocks of 3 elements": message(1, "w8", 1, "half", 2, "y", 4, "DequantizeLinear", 5, number("block_size", 3)),
	} {
		m := parsed(t, 1, node, 5, message(2, 1, 8, "half", 4, float32(0.5)), 5, message(2, 5, 8, "zero16", 9, "\x01\x00"),
			5, message(1, 4, 2, 3, 8, "w8", 9, string([]byte{1, 3, 0xff, 5})), 11, input("x", -1, 2), 12, message(1, "y"))
		if _, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}
