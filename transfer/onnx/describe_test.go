package onnx

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

func TestDescribe(t *testing.T) {
	relu := message(1, "x", 2, "y", 4, "Relu")
	branch := message(1, "then_branch", 6, message(1, relu, 1, message(2, "z", 4, "Own", 7, "my.domain")))
	value := func(name string, dims ...interface{}) []byte {
		return message(1, name, 2, message(1, message(1, 1, 2, message(dims...))))
	}
	m, err := Parse(message(1, 8, 8, message(2, 13), 7, message(
		1, relu, 1, message(1, "c", 2, "w", 4, "If", 5, branch),
		5, message(1, 1, 2, 1, 8, "k", 9, []byte{0, 0, 0, 0}),
		11, value("x", 1, message(2, "batch"), 1, message(1, 3)), 11, value("k", 1, message(1, 1)), 12, message(1, "w"))))
	if err != nil {
		t.Fatal(err)
	}
	var d network.Describer = m
	want := "a graph of 4 nodes\n     2 Relu\n     1 If\n     1 my.domain.Own\ninput x float32[? 3]\noutput w\n"
	if got := d.Describe().String(); got != want {
		t.Errorf("got\n%s; want\n%s", got, want)
	}
	if got, want := fmt.Sprint(d.Nodes()), `["" Relu(x) -> y "" If(c) -> w]`; got != want {
		t.Errorf("the nodes are %s; want %s", got, want)
	}
}

// A name that is not there has near ones in its error, and one that was not built says so.
func TestNodeNames(t *testing.T) {
	relu := func(in, out string) []byte { return message(1, in, 2, out, 4, "Relu") }
	x := message(1, "image", 2, message(1, message(1, 1, 2, message(1, message(1, 3)))))
	m, err := Parse(message(1, 8, 8, message(2, 13), 7, message(1, relu("image", "hidden1"), 1, relu("hidden1", "logits"), 1, relu("hidden1", "aside"), 11, x, 12, message(1, "logits"))))
	if err != nil {
		t.Fatal(err)
	}
	net, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"hiden1": "near: hidden1", "aside": "was not built", "hidden1": ""} {
		if _, err := net.Node(name); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %q", name, err, want)
		}
	}
}
