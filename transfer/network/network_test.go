package network

import "testing"

func TestUnsupported(t *testing.T) {
	if err := Unsupported("onnx", "operators", nil); err != nil {
		t.Error(err)
	}
	for _, what := range []string{"operators", "layers"} {
		if err := Unsupported("onnx", what, map[string]int{"LSTM": 2, "Foo": 1}); err == nil || err.Error() != "onnx: "+what+" that are not supported: Foo (1), LSTM (2)" {
			t.Error(err)
		}
	}
}

func TestValidName(t *testing.T) {
	for name, want := range map[string]string{"conv1/kernel": "conv1/kernel", "/a b:0/": "a_b_0", "": "n", "_x": "n_x", "äb": "n_b"} {
		if got := ValidName(name); got != want {
			t.Errorf("%q: %q; want %q", name, got, want)
		}
	}
}
