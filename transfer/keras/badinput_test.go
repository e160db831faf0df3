package keras

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// build parses a description and imports what it describes.
func buildFrom(config []byte, f *weights.File) error {
	m, err := ParseModel(config, f)
	if err != nil {
		return err
	}
	_, err = m.Import(graph.New(graph.Config{}).Scope(), network.Config{})
	return err
}

// towers are models in models, of which each calls the one in it a number of times.
func towers(depth, calls int) string {
	text := `{"class_name": "Dense", "name": "l", "config": {"name": "l", "units": 1}, "inbound_nodes": [[["x", 0, 0, {}]]]}`
	last := `["l", 0, 0]`
	for range depth {
		config := `{"name": "l", "layers": [{"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 1]}, "inbound_nodes": []}, ` + text +
			`], "input_layers": [["x", 0, 0]], "output_layers": [` + last + `]}`
		inbound := `[["x", 0, 0, {}]]`
		for i := 1; i < calls; i++ {
			inbound += fmt.Sprintf(`, [["l", %d, 0, {}]]`, i-1)
		}
		text = `{"class_name": "Model", "name": "l", "config": ` + config + `, "inbound_nodes": [` + inbound + `]}`
		last = fmt.Sprintf(`["l", %d, 0]`, calls-1)
	}
	return `{"class_name": "Model", "config": {"name": "m", "layers": [{"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 1]}, "inbound_nodes": []}, ` + text +
		`], "input_layers": [["x", 0, 0]], "output_layers": [` + last + `]}}`
}

func TestModelBadInput(t *testing.T) {
	dense := func(config string) string { return sequential("2.4.0", []int{2}, layerOf("Dense", "d", config)) }
	image := func(layers ...string) string { return sequential("2.4.0", []int{4, 4, 2}, layers...) }
	call := func(class, inbound string) string {
		return functional(inputOf("x")+`, {"class_name": "`+class+`", "name": "l", "config": {"name": "l"}, "inbound_nodes": `+inbound+`}`, `[["x", 0, 0]]`, `[["l", 0, 0]]`)
	}
	manyLayers := strings.Repeat(layerOf("Flatten", "f", "")+",", mostLayers) + layerOf("Flatten", "f", "")
	for name, c := range map[string]struct{ config, want string }{
		"empty":          {"", "the description of the model"},
		"null":           {"null", `class ""`},
		"list":           {"[1]", "the description of the model"},
		"nesting":        {strings.Repeat("[", 100000), "exceeded max depth"},
		"subclass":       {`{"class_name": "MyModel", "config": {}}`, `of class "MyModel"`},
		"no config":      {`{"class_name": "Sequential"}`, "the config"},
		"no layers":      {`{"class_name": "Sequential", "config": []}`, "no layers"},
		"no class":       {sequential("2", []int{2}, `{"config": {"name": "l"}}`), "no name or no class_name"},
		"config":         {sequential("2", []int{2}, `{"class_name": "Dense", "config": 7}`), "the config of"},
		"no name":        {sequential("2", []int{2}, `{"class_name": "Dense", "config": {}}`), "no name or no class_name"},
		"twice":          {sequential("2", []int{2}, layerOf("Flatten", "f", ""), layerOf("Flatten", "f", "")), `two layers are called "f"`},
		"many layers":    {sequential("2", []int{2}, manyLayers), `"f"`},
		"deep models":    {towers(mostNesting+2, 1), "lie deeper than 32"},
		"many calls":     {towers(20, 10), "more than 20000 layers"},
		"long names":     {sequential("2", []int{2}, layerOf("Flatten", strings.Repeat("f", 2000), "")), "is longer than 1000"},
		"unsupported":    {image(layerOf("Lambda", "a", `"function": ["4wEAAAA=", null, null]`), layerOf("Own", "b", ""), layerOf("Lambda", "c", ""), layerOf("Activation", "d", `"activation": "own"`)), "Lambda (2), Own (1), activation own (1)"},
		"masking":        {sequential("2", []int{2, 2}, layerOf("Masking", "m", ""), layerOf("GlobalAveragePooling1D", "g", "")), "masked sequence"},
		"masked image":   {sequential("2", []int{2, 2, 2}, layerOf("Masking", "m", "")), "want 3 axes"},
		"two directions": {sequential("2", []int{2, 2}, layerOf("Bidirectional", "b", `"layer": {"class_name": "Dense", "config": {"units": 2}}`)), "Bidirectional Dense (1)"},
		"merge_mode":     {sequential("2", []int{2, 2}, layerOf("Bidirectional", "b", `"merge_mode": "max", "layer": {"class_name": "GRU", "config": {"units": 2}}`)), "merge_mode is"},
		"no directions":  {sequential("2", []int{2, 2}, layerOf("Bidirectional", "b", "")), "Bidirectional "},
		"mask_zero": {sequential("2", []int{2}, layerOf("Embedding", "e", `"input_dim": 2, "output_dim": 2, "mask_zero": true`), layerOf("Dropout", "d", `"rate": 0.5`),
			layerOf("Softmax", "s", "")), "masked sequence"},
		"stateful":        {sequential("2", []int{2, 2}, layerOf("LSTM", "e", `"units": 2, "stateful": true`)), "recurrent layers with stateful (1)"},
		"units":           {dense(`"units": 0`), "units is 0; want a positive number"},
		"no units":        {dense(`"use_bias": true`), "units is missing"},
		"units of text":   {dense(`"units": "3"`), `units is "3"; want a whole number`},
		"half a unit":     {dense(`"units": 1.5`), "units is 1.5; want a whole number"},
		"huge units":      {dense(`"units": 1000000000`), "kernel would be [2 1000000000], more than"},
		"overflow":        {dense(`"units": 1e300`), "want a whole number"},
		"huge LSTM":       {sequential("2", []int{2, 2}, layerOf("LSTM", "l", `"units": 500000000`)), "more than"},
		"huge vocabulary": {sequential("2", []int{2}, layerOf("Embedding", "e", `"input_dim": 2000000000, "output_dim": 2000000000`)), "more than"},
		"huge vector":     {sequential("2", []int{2}, layerOf("RepeatVector", "r", `"n": 1000000000`)), "more than 268435456 elements"},
		"huge image":      {image(layerOf("UpSampling2D", "u", `"size": [3000, 3000]`)), "more than 268435456 elements"},
		"huge padding":    {image(layerOf("ZeroPadding2D", "u", `"padding": 1000000000`)), "more than 2^36 elements"},
		"long sequence":   {sequential("2", []int{1000000, 1}, layerOf("GRU", "u", `"units": 1`)), "1000000 steps is too long to unroll"},
		"unknown length":  {`{"class_name": "Sequential", "config": [{"class_name": "LSTM", "config": {"name": "l", "units": 2, "batch_input_shape": [null, null, 2]}}]}`, "the length must be known"},
		"no shape":        {`{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "d", "units": 2}}]}`, "the model does not say its shape"},
		"bad shape":       {`{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, -3]}}]}`, "want sizes up to"},
		"dtype":           {`{"class_name": "Sequential", "config": [{"class_name": "InputLayer", "config": {"name": "d", "batch_input_shape": [null, 3], "dtype": "string"}}]}`, `dtype is "string"`},
		"rank":            {sequential("2", []int{2}, layerOf("Conv2D", "c", `"filters": 1, "kernel_size": 1`)), "want 4 axes"},
		"channels":        {image(layerOf("Conv2D", "c", `"filters": 1, "kernel_size": 1, "groups": 3`)), "in 3 groups"},
		"kernel size":     {image(layerOf("Conv2D", "c", `"filters": 1, "kernel_size": [1, 2, 3]`)), "kernel_size is [1, 2, 3]; want 2 positive numbers"},
		"strides":         {image(layerOf("Conv2D", "c", `"filters": 1, "kernel_size": 1, "strides": [0, 1]`)), "strides is [0, 1]"},
		"padding":         {image(layerOf("Conv2D", "c", `"filters": 1, "kernel_size": 1, "padding": "causal"`)), `padding is "causal"`},
		"data format":     {image(layerOf("Conv2D", "c", `"filters": 1, "kernel_size": 1, "data_format": "NCHW"`)), `data_format is "NCHW"`},
		"margins":         {image(layerOf("ZeroPadding2D", "z", `"padding": [[1, 1], [1, -1]]`)), "padding is [[1, 1], [1, -1]]; want 2 pairs"},
		"cropping":        {image(layerOf("Cropping2D", "z", `"cropping": 2`)), "cropping is"},
		"rate":            {sequential("2", []int{2}, layerOf("Dropout", "d", `"rate": 1`)), "rate is 1"},
		"reshape":         {image(layerOf("Reshape", "r", `"target_shape": [5, -1]`)), "target_shape is [5 -1]"},
		"reshape twice":   {image(layerOf("Reshape", "r", `"target_shape": [-1, -1]`)), "at most one -1"},
		"axis":            {image(layerOf("BatchNormalization", "n", `"axis": 4`)), "axis is 4"},
		"permute":         {image(layerOf("Permute", "p", `"dims": [2, 2, 1]`)), "ranspose"},
		"nothing to add":  {call("Add", `[[]]`), "called with no inputs; want 1 or more"},
		"one to subtract": {call("Subtract", `[[["x", 0, 0, {}]]]`), "called with 1 inputs; want 2"},
		"deep inbound":    {call("Flatten", strings.Repeat("[", 9000)+strings.Repeat("]", 9000)), "lists lie deeper than 32"},
		"deep numbers":    {sequential("2", []int{2}, layerOf("Normalization", "n", `"variance": 1, "mean": `+strings.Repeat("[", 9000)+strings.Repeat("]", 9000))), "want numbers"},
		"softmax":         {image(layerOf("Softmax", "s", `"axis": 4`)), "axis is 4"},
		"depthwise":       {image(layerOf("DepthwiseConv2D", "d", `"kernel_size": 1, "groups": 2`)), "depthwise convolutions with groups (1)"},
		"quantized":       {sequential("3.5.0", []int{2}, layerOf("Dense", "d", `"units": 1, "dtype": {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8", "source_name": "float32"}}`)), "quantized Dense (1)"},
		"quantized name":  {sequential("3.5.0", []int{2}, layerOf("Dense", "d", `"units": 1, "dtype": "int8_from_float32"`)), "quantized Dense (1)"},
		"rescaling":       {image(layerOf("Rescaling", "r", `"scale": [1, 2, 3]`)), "scale and offset have 3 and 0 numbers"},
		"rescaling text":  {image(layerOf("Rescaling", "r", `"offset": ["a"]`)), "offset is [\"a\"]; want numbers"},
		"cycle":           {call("Flatten", `[[["l", 0, 0, {}]]]`), "goes back to it"},
		"no such layer":   {call("Flatten", `[[["y", 0, 0, {}]]]`), `no layer "y"`},
		"no such call":    {call("Flatten", `[[["x", 1, 0, {}]]]`), `call 1 of layer "x", which is called 1 times`},
		"negative call":   {call("Flatten", `[[["x", -1, 0, {}]]]`), "call -1"},
		"no such output":  {call("Flatten", `[[["x", 0, 1, {}]]]`), `output 1 of "x", which has 1`},
		"inbound":         {call("Flatten", `[7]`), "7 is no tensor"},
		"constant":        {call("Add", `[[["x", 0, 0, {}], ["_CONSTANT_VALUE", -1, 2.0, {}]]]`), "want a layer's name and the numbers"},
		"argument":        {call("Flatten", `[[["x", 0, 0, {"mask": ["x", 0, 0]}]]]`), `calls with the argument mask (1)`},
		"TensorFlow op":   {call("TFOpLambda", `[["x", 0, 0, {"y": 2.0}], ["_CONSTANT_VALUE", -1, 2.0, {"name": null}]]`), "TFOpLambda (1)"},
		"two inputs":      {call("Flatten", `[[["x", 0, 0, {}], ["x", 0, 0, {}]]]`), "called with 2 inputs; want 1"},
		"outputs":         {functional(inputOf("x"), `[["x", 0, 0]]`, `[]`), "no outputs"},
		"inputs":          {functional(inputOf("x")+`,`+inputOf("y"), `[["x", 0, 0]]`, `[["y", 0, 0]]`), `"y" is no input`},
	} {
		if err := buildFrom([]byte(c.config), nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %.300v; want %s", name, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		names  []string
		shapes [][]int
		want   string
	}{
		"missing": {[]string{"d/kernel"}, [][]int{{2, 3}}, "the file of weights has no bias"},
		"other":   {[]string{"e/kernel"}, [][]int{{2, 3}}, "the file of weights has no kernel"},
		"shape":   {[]string{"d/kernel", "d/bias"}, [][]int{{3, 2}, {3}}, `the stored "d/kernel" is [3 2]; kernel has the shape [2 3]`},
	} {
		err := buildFrom([]byte(dense(`"units": 3`)), memory(t, c.names, c.shapes, func(_, i int) float64 { return 0 }))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}

// parseAlone parses and imports a description without weights, as a file of no tensors.
func parseAlone(b []byte) (*weights.File, error) {
	if err := buildFrom(b, nil); err != nil {
		return nil, err
	}
	return weights.New("nothing", nil, nil, nil)
}

func TestModelDamage(t *testing.T) {
	for name, config := range map[string]string{
		"nested": nested,
		"towers": towers(3, 2),
		"layers": sequential("2.4.0", []int{6, 6, 2}, layerOf("Conv2D", "c", `"filters": 2, "kernel_size": [3, 3], "activation": "relu"`), layerOf("MaxPooling2D", "p", `"pool_size": 2`),
			layerOf("BatchNormalization", "n", ""), layerOf("Reshape", "r", `"target_shape": [4, -1]`), layerOf("LSTM", "l", `"units": 3`), layerOf("Dense", "d", `"units": 3`)),
	} {
		t.Run(name, func(t *testing.T) { weightstest.Damage(t, []byte(config), 64, parseAlone) })
	}
}

func FuzzModel(f *testing.F) {
	f.Add([]byte(nested))
	f.Add([]byte(towers(2, 2)))
	f.Add([]byte(functional(inputOf("x")+`, {"class_name": "Dot", "name": "l", "config": {"name": "l", "axes": 1}, "inbound_nodes": [{"args": [[`+tensorOf("x", "0")+`, `+tensorOf("x", "0")+`]]}]}`,
		`[["x", 0, 0]]`, `{"y": ["l", 0, 0]}`)))
	for class := range readers {
		f.Add([]byte(sequential("2.4.0", []int{4, 3}, layerOf(class, "l", `"units": 2, "filters": 2, "kernel_size": 1, "input_dim": 3, "output_dim": 2, "target_shape": [3, 4], "n": 2,
			"layer": {"class_name": "Dense", "config": {"units": 2}}, "dims": [2, 1], "rate": 0.5, "axes": 1`))))
	}
	f.Fuzz(func(t *testing.T, b []byte) { weightstest.Fuzz(b, parseAlone) })
}
