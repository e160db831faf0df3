package keras

import (
	"encoding/json"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// input makes the value of an input layer; fixed tells that it is a constant.
func input(s *graph.Scope, l *layer, cfg network.Config) (x *gorgonia.Node, fixed bool, err error) {
	if x := cfg.Inputs[l.name]; x != nil {
		return x, false, nil
	}
	if t, ok := cfg.Constants[l.name]; ok {
		v, err := t.Read()
		if err != nil {
			return nil, false, err
		}
		return graph.Const(s, v), true, nil
	}
	shape, err := inputShape(l.options)
	if err != nil {
		return nil, false, err
	}
	dtypes := map[string]tensor.Dtype{"float16": tensor.Float32, "bfloat16": tensor.Float32, "float32": tensor.Float32, "float64": tensor.Float64, "int32": tensor.Int32,
		"int64": tensor.Int64, "uint8": tensor.Uint8, "bool": tensor.Bool}
	name := inputDType(l.options)
	dt, ok := dtypes[name]
	if !ok {
		return nil, false, errors.Errorf("its dtype is %.100q; want a float, int32, int64, uint8 or bool", name)
	}
	return graph.Placeholder(s, network.ValidName(l.name), dt, shape...), false, nil
}

// inputDType reads the name of the dtype of an input.
func inputDType(o *options) string {
	name := "float32"
	if o.has("dtype") && json.Unmarshal(o.fields["dtype"], &name) != nil || strings.HasPrefix(name, "mixed_") {
		name = "float32"
		if dt, known := o.dtype(); known && dt == tensor.Float64 {
			name = "float64"
		}
	}
	return name
}

// inputShape reads the shape of an input, in which null is an unknown size.
func inputShape(o *options) ([]int, error) {
	for _, key := range []string{"batch_shape", "batch_input_shape"} {
		if !o.has(key) {
			continue
		}
		var shape []*int
		if err := json.Unmarshal(o.fields[key], &shape); err != nil {
			return nil, errors.Errorf("%s is %.100s; want a list of sizes", key, o.fields[key])
		}
		all := make([]int, len(shape))
		for i, d := range shape {
			if all[i] = graph.Unknown; d != nil {
				all[i] = *d
			}
			if all[i] < graph.Unknown || all[i] > mostElements {
				return nil, errors.Errorf("%s is %.100s; want sizes up to %d, or null", key, o.fields[key], mostElements)
			}
		}
		return all, nil
	}
	return nil, errors.New("the model does not say its shape; want a node for it in Config.Inputs")
}
