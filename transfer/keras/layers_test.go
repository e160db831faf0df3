package keras

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// sequential describes a model whose input x has this shape, float64, without the batch.
func sequential(version string, shape []int, layers ...string) string {
	sizes := strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", ","), "[]")
	return `{"class_name": "Sequential", "keras_version": "` + version + `", "config": {"name": "s", "layers": [
		{"class_name": "InputLayer", "config": {"name": "x", "dtype": "float64", "batch_input_shape": [null,` + sizes + `]}},` + strings.Join(layers, ",") + `]}}`
}

func layerOf(class, name, config string) string {
	if config != "" {
		config = ", " + config
	}
	return `{"class_name": "` + class + `", "config": {"name": "` + name + `"` + config + `}}`
}

// compute imports a model and runs it on inputs of a batch of examples, each in the model's order.
func compute(t *testing.T, config string, f *weights.File, batch int, inputs ...[]float64) *tensor.Dense {
	t.Helper()
	m, err := ParseModel([]byte(config), f)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	feeds := graph.Feeds{}
	for i, in := range net.Inputs {
		shape := graph.SpecOf(in.Node).Shape.Clone()
		shape[0] = batch
		feeds[in.Node] = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(slices.Clone(inputs[i])))
	}
	out, err := sess.Run(feeds, net.Outputs[0].Node)
	if err != nil {
		t.Fatal(err)
	}
	return out.Tensor(0)
}

// numbered returns 0, 1, 2 and so on.
func upTo(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}

// What TensorFlow.js does not have, or has otherwise, by the formulas of Keras' documentation.
func TestLayers(t *testing.T) {
	type list = []float64
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for name, c := range map[string]struct {
		version     string
		shape       []int
		layer       string
		names       []string // of weights, whose elements are 1, 2, 3 and so on through all of them
		shapes      [][]int
		x, want     list
		outputShape []int
	}{
		"Conv2D of groups": {"2.4.0", []int{1, 1, 4}, layerOf("Conv2D", "c", `"filters": 2, "kernel_size": 1, "groups": 2, "use_bias": false`), []string{"c/kernel"}, [][]int{{1, 1, 2, 2}},
			list{1, 2, 3, 4}, list{1*1 + 2*3, 3*2 + 4*4}, []int{1, 1, 1, 2}},
		"Conv1D, causal": {"2.4.0", []int{4, 1}, layerOf("Conv1D", "c", `"filters": 1, "kernel_size": [2], "dilation_rate": [2], "padding": "causal", "use_bias": false`), []string{"c/kernel"}, [][]int{{2, 1, 1}},
			list{1, 2, 3, 4}, list{2, 4, 1 + 6, 2 + 8}, []int{1, 4, 1}},
		"SeparableConv2D": {"2.4.0", []int{1, 1, 1}, layerOf("SeparableConv2D", "c", `"filters": 1, "kernel_size": [1, 1], "depth_multiplier": 2`),
			[]string{"c/depthwise_kernel", "c/pointwise_kernel", "c/bias"}, [][]int{{1, 1, 1, 2}, {1, 1, 2, 1}, {1}}, list{10}, list{10*1*3 + 10*2*4 + 5}, []int{1, 1, 1, 1}},
		"BatchNormalization, axis 1": {"2.4.0", []int{2, 2}, layerOf("BatchNormalization", "n", `"axis": [1], "epsilon": 0`),
			[]string{"n/gamma", "n/beta", "n/moving_mean", "n/moving_variance"}, [][]int{{2}, {2}, {2}, {2}},
			list{5, 6, 6, 7}, list{3, 1/math.Sqrt(7) + 3, 4, 2/math.Sqrt(8) + 4}, []int{1, 2, 2}},
		"Softmax, axis 1":   {"2.4.0", []int{2, 2}, layerOf("Softmax", "s", `"axis": 1`), nil, nil, list{0, 3, 1, 1}, list{logistic(-1), logistic(2), logistic(1), logistic(-2)}, []int{1, 2, 2}},
		"ZeroPadding1D":     {"2.4.0", []int{2, 1}, layerOf("ZeroPadding1D", "z", `"padding": [1, 2]`), nil, nil, list{1, 2}, list{0, 1, 2, 0, 0}, []int{1, 5, 1}},
		"Cropping1D":        {"2.4.0", []int{4, 1}, layerOf("Cropping1D", "z", `"cropping": [1, 1]`), nil, nil, list{1, 2, 3, 4}, list{2, 3}, []int{1, 2, 1}},
		"Cropping1D by one": {"2.4.0", []int{4, 1}, layerOf("Cropping1D", "z", `"cropping": 1`), nil, nil, list{1, 2, 3, 4}, list{2, 3}, []int{1, 2, 1}},
		"UpSampling1D":      {"2.4.0", []int{2, 1}, layerOf("UpSampling1D", "u", `"size": 2`), nil, nil, list{1, 2}, list{1, 1, 2, 2}, []int{1, 4, 1}},
		"UpSampling2D, bilinear": {"2.4.0", []int{1, 2, 1}, layerOf("UpSampling2D", "u", `"size": [1, 2], "interpolation": "bilinear"`), nil, nil,
			list{0, 4}, list{0, 1, 3, 4}, []int{1, 1, 4, 1}},
		"ReLU": {"2.4.0", []int{5}, layerOf("ReLU", "r", `"max_value": 6, "negative_slope": 0.5, "threshold": 1`), nil, nil,
			list{-3, 0.5, 1, 2, 7}, list{-2, -0.25, 1, 2, 6}, []int{1, 5}},
		"LeakyReLU of Keras 2":    {"2.4.0", []int{1}, layerOf("LeakyReLU", "r", `"alpha": 0.25`), nil, nil, list{-4}, list{-1}, []int{1, 1}},
		"LeakyReLU of Keras 3":    {"3.0.5", []int{1}, layerOf("LeakyReLU", "r", `"negative_slope": 0.25`), nil, nil, list{-4}, list{-1}, []int{1, 1}},
		"hard_sigmoid of Keras 2": {"2.4.0", []int{1}, layerOf("Activation", "a", `"activation": "hard_sigmoid"`), nil, nil, list{1}, list{0.7}, []int{1, 1}},
		"hard_sigmoid of Keras 3": {"3.0.5", []int{1}, layerOf("Activation", "a", `"activation": "hard_sigmoid"`), nil, nil, list{1}, list{1.0/6 + 0.5}, []int{1, 1}},
		"a layer as activation": {"2.4.0", []int{1}, layerOf("Activation", "a", `"activation": {"class_name": "LeakyReLU", "config": {"name": "l", "alpha": 0.5}}`), nil, nil,
			list{-4}, list{-2}, []int{1, 1}},
		"a wrapped activation": {"3.0.5", []int{1}, layerOf("Activation", "a", `"activation": {"class_name": "function", "module": "builtins", "config": "relu"}`), nil, nil,
			list{-4}, list{0}, []int{1, 1}},
		"Normalization, constants":  {"2.9.0", []int{2}, layerOf("Normalization", "n", `"axis": [-1], "mean": [[1, 2]], "variance": [[4, 0]]`), nil, nil, list{2, 2}, list{0.5, 0}, []int{1, 2}},
		"Normalization":             {"2.9.0", []int{2}, layerOf("Normalization", "n", ``), []string{"n/mean", "n/variance", "n/count"}, [][]int{{2}, {2}, {}}, list{2, 2}, list{1 / math.Sqrt(3), 0}, []int{1, 2}},
		"Normalization of all":      {"2.9.0", []int{2}, layerOf("Normalization", "n", `"axis": null, "mean": 1.0, "variance": 4.0`), nil, nil, list{2, 3}, list{0.5, 1}, []int{1, 2}},
		"Rescaling":                 {"2.9.0", []int{2}, layerOf("Rescaling", "r", `"scale": 2, "offset": -1`), nil, nil, list{2, 3}, list{3, 5}, []int{1, 2}},
		"Rescaling by channels":     {"2.9.0", []int{2}, layerOf("Rescaling", "r", `"scale": [2, 3], "offset": [1, -1]`), nil, nil, list{2, 3}, list{5, 8}, []int{1, 2}},
		"UnitNormalization":         {"2.9.0", []int{2}, layerOf("UnitNormalization", "n", ``), nil, nil, list{3, 4}, list{0.6, 0.8}, []int{1, 2}},
		"GlobalAveragePooling2D":    {"2.9.0", []int{1, 2, 2}, layerOf("GlobalAveragePooling2D", "g", `"keepdims": true`), nil, nil, list{1, 2, 3, 4}, list{2, 3}, []int{1, 1, 1, 2}},
		"GlobalMaxPooling1D":        {"2.9.0", []int{2, 2}, layerOf("GlobalMaxPooling1D", "g", `"data_format": "channels_first"`), nil, nil, list{1, 2, 3, 4}, list{2, 4}, []int{1, 2}},
		"Flatten, channels first":   {"2.9.0", []int{2, 1, 2}, layerOf("Flatten", "f", `"data_format": "channels_first"`), nil, nil, list{1, 2, 3, 4}, list{1, 3, 2, 4}, []int{1, 4}},
		"Dense by order of weights": {"2.1.0", []int{2}, layerOf("Dense", "d", `"units": 1`), []string{"d/x_W", "d/x_b"}, [][]int{{2, 1}, {1}}, list{1, 1}, list{6}, []int{1, 1}},
		"TimeDistributed Flatten":   {"2.9.0", []int{2, 1, 2}, layerOf("TimeDistributed", "t", `"layer": {"class_name": "Flatten", "config": {"name": "f"}}`), nil, nil, upTo(4), upTo(4), []int{1, 2, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			next := 0.0
			f := memory(t, c.names, c.shapes, func(int, int) float64 { next++; return next })
			y := compute(t, sequential(c.version, c.shape, c.layer), f, 1, c.x)
			if !y.Shape().Eq(tensor.Shape(c.outputShape)) {
				t.Errorf("the result is %v; want %v", y.Shape(), c.outputShape)
			}
			compare(t, name, y.Data().([]float64), c.want, 1e-9)
		})
	}
}

// A GRU of one unit with reset_after, written out: Keras' documentation, and torch.nn.GRU.
func TestGRUResetAfter(t *testing.T) {
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	k, u, b := []float64{0.5, -0.25, 0.75}, []float64{0.1, 0.2, -0.3}, []float64{0.3, 0.2, 0.1, -0.1, 0.4, 0.6}
	all := [][]float64{k, u, b}
	f := memory(t, []string{"g/gru_cell/kernel", "g/gru_cell/recurrent_kernel", "g/gru_cell/bias"}, [][]int{{1, 3}, {1, 3}, {2, 3}}, func(w, i int) float64 { return all[w][i] })
	x, h := []float64{1, -2, 0.5}, 0.0
	var want []float64
	for _, x := range x {
		z, r := logistic(x*k[0]+b[0]+h*u[0]+b[3]), logistic(x*k[1]+b[1]+h*u[1]+b[4])
		h = z*h + (1-z)*math.Tanh(x*k[2]+b[2]+r*(h*u[2]+b[5]))
		want = append(want, h)
	}
	config := sequential("2.9.0", []int{3, 1}, layerOf("GRU", "g", `"units": 1, "reset_after": true, "recurrent_activation": "sigmoid", "return_sequences": true`))
	compare(t, "GRU", compute(t, config, f, 1, x).Data().([]float64), want, 1e-12)
}
