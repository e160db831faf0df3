package network

import (
	"strings"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights"
)

func TestSummary(t *testing.T) {
	s := Summary{
		Ops:     map[string]int{"Relu": 3, "Conv": 12, "Add": 3, "<b>\x1b": 1},
		Inputs:  []Value{{"image", weights.Float32, []int{-1, 3, 224, 224}}, {"n", weights.Int64, []int{}}},
		Outputs: []Value{{"logits", weights.Float32, nil}, {"", weights.Invalid, []int{2}}},
	}
	want := `a graph of 19 nodes
    12 Conv
     3 Add
     3 Relu
     1 "<b>\x1b"
input image float32[? 3 224 224]
input n int64[]
output logits float32
output "" [2]
`
	shown := s.SimpleRender()
	if got := s.String(); got != want || shown["text/plain"] != want {
		t.Errorf("got\n%s\nand %v; want\n%s", got, shown["text/plain"], want)
	}
	if page := shown["text/html"].(string); strings.Contains(page, "<b>") || !strings.Contains(page, "<td>12</td><td>Conv</td>") {
		t.Errorf("got %s", page)
	}
	n := Node{"a/Split", "Split", []string{"axis", "", "x\x1b"}, []Value{{"a/Split", weights.Float32, []int{-1, 2}}, {"a/Split:1", weights.Invalid, nil}}}
	if got, want := n.String(), `a/Split Split(axis, "", "x\x1b") -> a/Split float32[? 2], a/Split:1`; got != want {
		t.Errorf("got %s; want %s", got, want)
	}
	if got := (Summary{}).String(); got != "a graph of 0 nodes\n" {
		t.Errorf("nothing is %q", got)
	}
}
