package onnx

import (
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// TestOperatorsOfAnything: whatever an operator is called with, the import is an error or a graph, and no panic.
func TestOperatorsOfAnything(t *testing.T) {
	seed := int64(7)
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	values := []string{"", "images", "sequences", "matrix", "scalar", "empty", "number", "bools", "numbers", "weights"}
	var calls [][]string
	for n := range 3 {
		for k := range []int{1, len(values), len(values) * len(values)}[n] {
			calls = append(calls, []string{values[k%len(values)], values[k/len(values)]}[:n])
		}
	}
	for _, op := range slices.Sorted(maps.Keys(operators)) {
		all := slices.Clone(calls)
		for range 40 {
			var in []string
			for range 3 + random.Intn(4) {
				in = append(in, values[random.Intn(len(values))])
			}
			all = append(all, in)
		}
		for _, in := range all {
			importOf(t, op, in)
		}
	}
}

// importOf imports a model of one node.
func importOf(t *testing.T, op string, in []string) {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s of %q: %v", op, in, r)
		}
	}()
	m, err := Parse(oneNode(op, in))
	if err != nil {
		t.Fatalf("%s of %q: %v", op, in, err)
	}
	_, _ = m.Import(graph.New(graph.Config{}).Scope(), network.Config{}) // which may be an error
}

// oneNode is a model of one node, with inputs and stored tensors of several kinds.
func oneNode(op string, in []string) []byte {
	var node []byte
	for _, name := range in {
		node = append(node, message(1, name)...)
	}
	node = append(node, message(2, "y", 3, "node", 4, op)...)
	return message(1, 8, 8, message(2, 13), 7, message(1, node, 11, input("images", 2, 3, 4, 4), 11, input("sequences", -1, 3, -1), 11, input("matrix", -1, 3),
		11, input("scalar"), 5, floats("weights", []int{2, 3, 1, 1}, 1, 2, 3, 4, 5, 6), 5, message(1, 0, 2, 1, 8, "empty", 9, ""), 5, message(2, 1, 8, "number", 9, packed(float32(2))),
		5, message(1, 2, 2, 9, 8, "bools", 9, "\x00\x01"), 5, message(1, 2, 2, 7, 8, "numbers", 9, "\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00"), 12, message(1, "y")))
}

// A short model whose axes follow from a value of any size does not make that value.
func TestKnownIsSmall(t *testing.T) {
	m := parsed(t, 1, message(1, "size", 2, "big", 4, "ConstantOfShape"), 1, message(1, "big", 2, "less", 4, "ReduceMax"), 1, message(1, "x", 1, "less", 2, "y", 4, "Reshape"),
		5, message(1, 1, 2, 7, 8, "size", 9, "\x00\x00\x00\x01\x00\x00\x00\x00"), 11, input("x", 2, 3), 12, message(1, "y"))
	if _, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(err.Error(), "more than 4194304 elements") {
		t.Errorf("got %v", err)
	}
}
