package keras

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// recurrent is what recurrent layers have in common. They are unrolled: a step of the sequence, whose length must be known, is some nodes.
type recurrent struct {
	gates                           int // kernels side by side in one
	units                           int
	kernel, recurrentKernel, bias   weight
	useBias, sequences, state, back bool
	dropout, recurrentDropout       float64
	activation, recurrentActivation ops.Activation
	biasShape                       []int
	step                            func(c *call, r *recurrent, w recurrentWeights, x *gorgonia.Node, states gorgonia.Nodes) gorgonia.Nodes
	states                          int
	twoBiases                       bool // the bias has two rows, of which the second belongs to the recurrent kernel
}

// recurrentWeights are the variables that a step needs; recurrentBias is nil for none.
type recurrentWeights struct {
	kernel, recurrentBias *gorgonia.Node
	kernels               gorgonia.Nodes // of the gates
}

func (o *options) recurrent(gates, states int) *recurrent {
	r := &recurrent{gates: gates, states: states, units: o.count("units"), useBias: o.flag("use_bias", true), sequences: o.flag("return_sequences", false),
		state: o.flag("return_state", false), back: o.flag("go_backwards", false), dropout: o.number("dropout", 0), recurrentDropout: o.number("recurrent_dropout", 0),
		activation: o.activation("activation", "tanh"), kernel: o.weight("kernel", "kernel", "glorot_uniform"),
		recurrentKernel: o.weight("recurrent_kernel", "recurrent", "orthogonal"), bias: o.weight("bias", "bias", "zeros")}
	r.biasShape = []int{gates * r.units}
	if gates > 1 {
		otherwise := "hard_sigmoid"
		if o.version >= 3 {
			otherwise = "sigmoid"
		}
		r.recurrentActivation = o.activation("recurrent_activation", otherwise)
	}
	for _, rate := range []float64{r.dropout, r.recurrentDropout} {
		if !(rate >= 0 && rate < 1) {
			o.fail("dropout is %v; want numbers from 0 on and below 1", rate)
		}
	}
	for _, what := range []string{"stateful", "time_major", "zero_output_for_mask"} {
		if o.flag(what, false) {
			o.refuse("recurrent layers with " + what)
		}
	}
	return r
}

// stepCost is how many layers the nodes of a step amount to.
const stepCost = 10

// build unrolls the layer. Inputs after the first are the states that it begins with, zeros where there are none.
func (r *recurrent) build(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error) {
	if len(in) != 1 && len(in) != 1+r.states {
		return nil, errors.Errorf("it is called with %d inputs; want a sequence, and with it no states or %d", len(in), r.states)
	}
	x := in[0]
	if err := rank(x, 3); err != nil {
		return nil, err
	}
	length, features := graph.SpecOf(x).Shape[1], graph.SpecOf(x).Shape[2]
	if length < 1 {
		return nil, errors.Errorf("its input is %v; the length must be known, and 1 or more, for the layer is unrolled: give Config.Inputs a node that has it", graph.SpecOf(x))
	}
	if length > (mostLayers-c.im.steps)/stepCost {
		return nil, errors.Errorf("a sequence of %d steps is too long to unroll: want at most %d in all layers together", length, mostLayers/stepCost)
	}
	c.im.steps += stepCost * length
	kernel, err := c.variable(r.kernel, features, r.gates*r.units)
	if err != nil {
		return nil, err
	}
	var w recurrentWeights
	if w.kernel, err = c.variable(r.recurrentKernel, r.units, r.gates*r.units); err != nil {
		return nil, err
	}
	w.kernels = ops.Split(c.s, w.kernel, r.gates, 1)
	if c.training != nil && r.dropout > 0 {
		x = dropTogether(c, x, r.dropout, 1)
	}
	all := ops.MatMul(c.s, ops.Reshape(c.s, x, -1, features), kernel) // of all steps at once
	if r.useBias {
		bias, err := c.variable(r.bias, r.biasShape...)
		if err != nil {
			return nil, err
		}
		if r.twoBiases {
			w.recurrentBias = ops.Index(c.s, bias, 1, 0)
			bias = ops.Index(c.s, bias, 0, 0)
		}
		all = ops.BiasAdd(c.s, all, bias)
	}
	steps := ops.Unstack(c.s, ops.Reshape(c.s, all, -1, length, r.gates*r.units), 1)
	if r.back {
		slices.Reverse(steps)
	}
	states := slices.Clone(in[1:])
	if len(states) == 0 {
		zeros := graph.ZerosLike(c.s, ops.Split(c.s, steps[0], r.gates, 1)[0])
		states = slices.Repeat(gorgonia.Nodes{zeros}, r.states)
	}
	var dropped *gorgonia.Node
	if c.training != nil && r.recurrentDropout > 0 {
		dropped = ops.Dropout(c.s, graph.OnesLike(c.s, states[0]), r.recurrentDropout, c.training)
	}
	mask := c.im.masks[in[0]]
	counts := c.stepsOf(mask, r.back)
	var sequence gorgonia.Nodes
	for i, step := range steps {
		from := states
		if dropped != nil {
			from = append(gorgonia.Nodes{ops.Mul(c.s, states[0], dropped)}, states[1:]...)
		}
		next := r.step(c, r, w, step, from)
		y := next[0]
		if counts != nil { // a step that does not count repeats the output, which is zero at first, and leaves the states
			before := graph.ZerosLike(c.s, y)
			if i > 0 {
				before = sequence[i-1]
			}
			y = ops.Where(c.s, counts[i], y, before)
			for k := range next {
				next[k] = ops.Where(c.s, counts[i], next[k], states[k])
			}
		}
		states, sequence = next, append(sequence, y)
	}
	out := gorgonia.Nodes{sequence[len(sequence)-1]}
	if r.sequences {
		out[0] = ops.Stack(c.s, 1, sequence...)
		c.im.mask(out[0], mask)
	}
	if r.state {
		out = append(out, states...)
	}
	return out, nil
}

// readSimpleRNN is h = activation(x*kernel + bias + h*recurrent_kernel).
func readSimpleRNN(o *options) build {
	r := o.recurrent(1, 1)
	r.step = func(c *call, r *recurrent, w recurrentWeights, x *gorgonia.Node, states gorgonia.Nodes) gorgonia.Nodes {
		return gorgonia.Nodes{apply(c, r.activation, ops.Add(c.s, x, ops.MatMul(c.s, states[0], w.kernel)))}
	}
	return r.build
}

// readLSTM is the long short-term memory of Hochreiter and Schmidhuber (1997) with forget gates, whose kernels are in the order input, forget, cell, output.
func readLSTM(o *options) build {
	r := o.recurrent(4, 2)
	if o.flag("unit_forget_bias", true) && r.bias.init != nil {
		r.bias.init = forgetBias{r.units, r.bias.init}
	}
	r.step = func(c *call, r *recurrent, w recurrentWeights, x *gorgonia.Node, states gorgonia.Nodes) gorgonia.Nodes {
		z := ops.Split(c.s, ops.Add(c.s, x, ops.MatMul(c.s, states[0], w.kernel)), 4, 1)
		gate := func(k int) *gorgonia.Node { return apply(c, r.recurrentActivation, z[k]) }
		cell := ops.Add(c.s, ops.Mul(c.s, gate(1), states[1]), ops.Mul(c.s, gate(0), apply(c, r.activation, z[2])))
		return gorgonia.Nodes{ops.Mul(c.s, gate(3), apply(c, r.activation, cell)), cell}
	}
	return r.build
}

// forgetBias is 1 for the forget gates (Jozefowicz et al., 2015), and begins for the other gates as it does without.
type forgetBias struct {
	units int
	graph.Initializer
}

// Initialize implements graph.Initializer.
func (f forgetBias) Initialize(v *graph.Initial) error {
	if err := f.Initializer.Initialize(v); err != nil {
		return err
	}
	for i := f.units; i < 2*f.units; i++ {
		if v.Out.Dtype() == tensor.Float32 {
			v.Out.Float32s()[i] = 1
		} else {
			v.Out.Float64s()[i] = 1
		}
	}
	return nil
}

// readGRU is the gated recurrent unit of Cho et al. (2014), whose kernels are in the order update, reset, candidate. The reset gate is applied before the
// recurrent product, or after it with reset_after, as in cuDNN.
func readGRU(o *options) build {
	r := o.recurrent(3, 1)
	after := o.flag("reset_after", o.version >= 3)
	if after {
		r.twoBiases, r.biasShape = true, []int{2, 3 * r.units}
	}
	r.step = func(c *call, r *recurrent, w recurrentWeights, x *gorgonia.Node, states gorgonia.Nodes) gorgonia.Nodes {
		h, in := states[0], ops.Split(c.s, x, 3, 1)
		gate := func(a, b *gorgonia.Node) *gorgonia.Node { return apply(c, r.recurrentActivation, ops.Add(c.s, a, b)) }
		var update, candidate *gorgonia.Node
		if after {
			product := ops.MatMul(c.s, h, w.kernel)
			if w.recurrentBias != nil {
				product = ops.BiasAdd(c.s, product, w.recurrentBias)
			}
			from := ops.Split(c.s, product, 3, 1)
			update = gate(in[0], from[0])
			candidate = ops.Mul(c.s, gate(in[1], from[1]), from[2])
		} else {
			update = gate(in[0], ops.MatMul(c.s, h, w.kernels[0]))
			candidate = ops.MatMul(c.s, ops.Mul(c.s, gate(in[1], ops.MatMul(c.s, h, w.kernels[1])), h), w.kernels[2])
		}
		candidate = apply(c, r.activation, ops.Add(c.s, in[2], candidate))
		return gorgonia.Nodes{ops.Add(c.s, candidate, ops.Mul(c.s, update, ops.Sub(c.s, h, candidate)))}
	}
	return r.build
}
