package onnx

import (
	"bytes"
	"os"
	"testing"
)

// testdata/tiny.onnx, which the Examples open: softmax(relu(x*hidden + bias)*classes + bias). go test ./transfer/onnx -run TestTiny -update writes it.
func TestTiny(t *testing.T) {
	gemm := func(x, w, b, y, name string) []byte {
		return message(1, x, 1, w, 1, b, 2, y, 3, name, 4, "Gemm", 5, message(1, "transB", 3, 1, 20, 2))
	}
	tiny := message(1, 8, 8, message(2, 13), 7, message(2, "tiny",
		1, gemm("x", "hidden.weight", "hidden.bias", "sums", "hidden"), 1, message(1, "sums", 2, "features", 3, "relu", 4, "Relu"),
		1, gemm("features", "classes.weight", "classes.bias", "logits", "classes"), 1, message(1, "logits", 2, "probabilities", 3, "softmax", 4, "Softmax"),
		5, floats("hidden.weight", []int{3, 2}, 1, 0, 0, 1, -1, 1), 5, floats("hidden.bias", []int{3}, 0, 0, 0),
		5, floats("classes.weight", []int{2, 3}, 1, -1, 0, 0, 0, 0), 5, floats("classes.bias", []int{2}, 0, 0),
		11, input("x", -1, 2), 12, input("probabilities", -1, 2)))
	const path = "testdata/tiny.onnx"
	if *update {
		if err := os.WriteFile(path, tiny, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, tiny) {
		t.Errorf("%s is not what it is made of (%v): run go test ./transfer/onnx -run TestTiny -update", path, err)
	}
}
