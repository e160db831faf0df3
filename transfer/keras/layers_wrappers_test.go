package keras

import (
	"testing"
)

// A Bidirectional SimpleRNN of one unit, written out, from weights under the names of Keras 2, under those of Keras 3, where the backward layer
// comes first, and in the order in which Keras lists them.
func TestBidirectionalWeights(t *testing.T) {
	rnn := []float64{0.5, -0.25, 0.75, -1.5, 0.5, 0.125} // kernel, recurrent kernel and bias, forward and backward
	x := []float64{1, -2, 0.5}
	forward, backward := make([]float64, 3), make([]float64, 3)
	for i, h := 0, 0.0; i < 3; i++ {
		h = x[i]*rnn[0] + h*rnn[1] + rnn[2]
		forward[i] = h
	}
	for i, h := 2, 0.0; i >= 0; i-- {
		h = x[i]*rnn[3] + h*rnn[4] + rnn[5]
		backward[i] = h
	}
	var want []float64
	for i := range x {
		want = append(want, forward[i], backward[i])
	}
	shapes := [][]int{{1, 1}, {1, 1}, {1}, {1, 1}, {1, 1}, {1}}
	for name, c := range map[string]struct {
		names []string
		order []int // of the numbers
	}{
		"Keras 2": {[]string{"b/forward_r/r_cell/kernel", "b/forward_r/r_cell/recurrent_kernel", "b/forward_r/r_cell/bias",
			"b/backward_r/r_cell/kernel", "b/backward_r/r_cell/recurrent_kernel", "b/backward_r/r_cell/bias"}, []int{0, 1, 2, 3, 4, 5}},
		"Keras 3": {[]string{"layers/bidirectional/backward_layer/cell/vars/0", "layers/bidirectional/backward_layer/cell/vars/1", "layers/bidirectional/backward_layer/cell/vars/2",
			"layers/bidirectional/forward_layer/cell/vars/0", "layers/bidirectional/forward_layer/cell/vars/1", "layers/bidirectional/forward_layer/cell/vars/2"}, []int{3, 4, 5, 0, 1, 2}},
		"places": {[]string{"b/0", "b/1", "b/2", "b/3", "b/4", "b/5"}, []int{0, 1, 2, 3, 4, 5}},
	} {
		f := memory(t, c.names, shapes, func(k, _ int) float64 { return rnn[c.order[k]] })
		config := sequential("2.9.0", []int{3, 1}, layerOf("Bidirectional", "b",
			`"layer": {"class_name": "SimpleRNN", "config": {"name": "r", "units": 1, "activation": "linear", "return_sequences": true}}`))
		compare(t, name, compute(t, config, f, 1, x).Data().([]float64), want, 1e-12)
	}
}

// A masked step leaves the states that a layer is given, and the outputs of masked steps before the first that counts are zero, as in
// K.rnn; the states of both directions come out too.
func TestMaskedStates(t *testing.T) {
	f := memory(t, []string{"r/kernel", "r/recurrent_kernel", "r/bias"}, [][]int{{1, 1}, {1, 1}, {1}}, func(k, _ int) float64 { return []float64{2, 0.5, 1}[k] })
	config := `{"class_name": "Functional", "keras_version": "2.9.0", "config": {"name": "m", "layers": [
		{"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 3, 1], "dtype": "float64"}, "inbound_nodes": []},
		{"class_name": "InputLayer", "name": "h", "config": {"name": "h", "batch_input_shape": [null, 1], "dtype": "float64"}, "inbound_nodes": []},
		{"class_name": "Masking", "name": "m", "config": {"name": "m", "mask_value": -1, "dtype": "float64"}, "inbound_nodes": [[["x", 0, 0, {}]]]},
		{"class_name": "SimpleRNN", "name": "r", "config": {"name": "r", "units": 1, "activation": "linear", "return_sequences": true, "dtype": "float64"},
			"inbound_nodes": [[["m", 0, 0, {}], ["h", 0, 0, {}]]]}],
		"input_layers": [["x", 0, 0], ["h", 0, 0]], "output_layers": [["r", 0, 0]]}}`
	// The first step is masked: its output is 0, and the second begins with the state 4.
	compare(t, "states", compute(t, config, f, 1, []float64{-1, 3, -1}, []float64{4}).Data().([]float64), []float64{0, 3*2 + 4*0.5 + 1, 3*2 + 4*0.5 + 1}, 1e-12)
}
