package keras

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func readDense(o *options) build {
	units, activation := o.count("units"), o.activation("activation", "linear")
	kernel, bias, useBias := o.weight("kernel", "kernel", "glorot_uniform"), o.weight("bias", "bias", "zeros"), o.flag("use_bias", true)
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		shape := graph.SpecOf(x).Shape
		if len(shape) < 2 {
			return nil, errors.Errorf("its input is %v; want [batch, features] or more axes", graph.SpecOf(x))
		}
		if err := c.kernelAndBias(kernel, []int{shape[len(shape)-1], units}, bias, useBias, units); err != nil {
			return nil, err
		}
		return ops.Dense(c.s, x, units, ops.DenseConfig{NoBias: !useBias, Activation: activation}), nil
	})
}

// kernelAndBias makes the variables of a layer that maps its input to units.
func (c *call) kernelAndBias(kernel weight, shape []int, bias weight, useBias bool, units int) error {
	_, err := c.variable(kernel, shape...)
	if err == nil && useBias {
		_, err = c.variable(bias, units)
	}
	return err
}

func readEmbedding(o *options) build {
	vocabulary, dim, table := o.count("input_dim"), o.count("output_dim"), o.weight("embeddings", "embeddings", "uniform")
	maskZero := o.flag("mask_zero", false)
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if _, err := c.variable(table, vocabulary, dim); err != nil {
			return nil, err
		}
		if sp := graph.SpecOf(x); !sp.IsInt() {
			x = ops.Cast(c.s, x, tensor.Int32)
		}
		y := ops.Embedding(c.s, x, vocabulary, dim, ops.EmbeddingConfig{Dtype: c.dtype})
		if maskZero && graph.SpecOf(x).Rank() == 2 {
			c.im.mask(y, ops.NotEqual(c.s, x, graph.ConstOf(c.s, graph.SpecOf(x).Dtype, 0)))
		}
		return y, nil
	})
}

// readRescaling is x*scale + offset, of which each is one number or one for each element of the last axis.
func readRescaling(o *options) build {
	scale, offset := o.numbers("scale"), o.numbers("offset")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		y := c.float(x)
		for _, v := range [][]float64{scale, offset} {
			if sp := graph.SpecOf(x); len(v) > 1 && (sp.Rank() < 1 || sp.Shape[sp.Rank()-1] != len(v)) {
				return nil, errors.Errorf("scale and offset have %d and %d numbers; its input is %v", len(scale), len(offset), sp)
			}
		}
		dt := graph.SpecOf(y).Dtype
		switch {
		case len(scale) > 1:
			y = ops.Mul(c.s, y, graph.ConstOf(c.s, dt, scale))
		case len(scale) == 1:
			y = ops.Scale(c.s, y, scale[0])
		}
		switch {
		case len(offset) > 1:
			y = ops.Add(c.s, y, graph.ConstOf(c.s, dt, offset))
		case len(offset) == 1 && offset[0] != 0:
			y = ops.AddScalar(c.s, y, offset[0])
		}
		return y, nil
	})
}

// float casts what is no float to the layer's dtype.
func (c *call) float(x *gorgonia.Node) *gorgonia.Node {
	if graph.SpecOf(x).IsFloat() {
		return x
	}
	return ops.Cast(c.s, x, c.dtype)
}

// readNormalization is (x - mean) / max(sqrt(variance), 1e-7), by constants of the config or statistics that were saved, along the axes that are kept.
func readNormalization(o *options) build {
	axes := o.integers("axis")
	if _, ok := o.fields["axis"]; !ok {
		axes = []int{-1}
	}
	if o.flag("invert", false) {
		o.refuse("Normalization with invert")
	}
	means, variances := o.numbers("mean"), o.numbers("variance")
	if len(means) != len(variances) {
		o.fail("mean and variance are %s and %s; want as many numbers", describe(o.fields["mean"]), describe(o.fields["variance"]))
	}
	mean, variance := o.weight("mean", "mean", "zeros"), o.weight("variance", "variance", "ones")
	mean.fixed, variance.fixed = true, true
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		x = c.float(x)
		shape, kept := graph.SpecOf(x).Shape, []int{}
		along := slices.Repeat([]int{1}, len(shape)) // of the statistics, to broadcast
		for a, d := range shape {
			if slices.Contains(axes, a) || slices.Contains(axes, a-len(shape)) {
				kept, along[a] = append(kept, d), d
			}
		}
		if len(kept) != len(axes) {
			return nil, errors.Errorf("axis is %v; its input is %v", axes, graph.SpecOf(x))
		}
		var m, v *gorgonia.Node
		if means != nil {
			if n := int(elements(kept)); len(means) != n && len(means) != 1 {
				return nil, errors.Errorf("mean has %d numbers; its input is %v", len(means), graph.SpecOf(x))
			}
			if len(means) == 1 {
				along = slices.Repeat([]int{1}, len(shape))
			}
			m, v = graph.ConstOf(c.s, c.dtype, means), graph.ConstOf(c.s, c.dtype, variances)
		} else {
			var err error
			if m, err = c.variable(mean, kept...); err != nil {
				return nil, err
			}
			if v, err = c.variable(variance, kept...); err != nil {
				return nil, err
			}
		}
		m, v = ops.Reshape(c.s, m, along...), ops.Reshape(c.s, v, along...)
		return ops.Div(c.s, ops.Sub(c.s, x, m), ops.Maximum(c.s, ops.Sqrt(c.s, v), graph.ConstOf(c.s, c.dtype, 1e-7))), nil
	})
}

// numbers is a number or a nested list of numbers, flat; nil for none.
func (o *options) numbers(key string) (all []float64) {
	if !o.has(key) || o.take(listTimes*int64(len(o.fields[key]))) != nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(o.fields[key]))
	for depth := 0; ; {
		token, err := d.Token()
		if err == io.EOF {
			return all
		}
		number, isNumber := token.(float64)
		switch {
		case isNumber:
			all = append(all, number)
		case token == json.Delim('[') && depth < mostNesting:
			depth++
		case token == json.Delim(']'):
			depth--
		default:
			o.fail("%s is %.100s; want numbers", key, o.fields[key])
			return all
		}
	}
}
