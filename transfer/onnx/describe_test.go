package onnx

import (
	"testing"

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
}
