package onnx

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// mostSteps bounds what is unrolled.
const mostSteps = 4096

// recurrent is a recurrent layer, unrolled over its steps: x [steps, batch, inputs], kernel [directions, gates*units, inputs] and recurrent_kernel
// [directions, gates*units, units], bias [directions, 2*gates*units]. Their gates are stacked in ONNX's order.
type recurrent struct {
	gates       int
	activations []string
	// step makes the new state, and that of the cell, of what x and the old state add to the gates.
	step func(l *recurrentLayer, x, h, cell *gorgonia.Node) (newH, newCell *gorgonia.Node)
}

// recurrentLayer is one direction of a layer.
type recurrentLayer struct {
	*call
	recurrent
	units              int
	kernel, own        *gorgonia.Node // [gates*units, inputs or units]
	bias, ownBias      *gorgonia.Node // [gates*units]; nil where there is none
	peep               *gorgonia.Node // [3*units]; nil where there is none
	f                  []func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
	lengths            *gorgonia.Node // [batch, 1]; nil where all have all steps
	linearBeforeReset  bool
	forgetIsOneLessNew bool
}

var activations = map[string]func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node{
	"Relu": ops.ReLU, "Sigmoid": ops.Sigmoid, "Softplus": ops.Softplus, "Softsign": ops.Softsign, "Tanh": ops.Tanh, "HardSigmoid": ops.HardSigmoidWith(0.2, 0.5),
}

var (
	rnn  = recurrent{1, []string{"Tanh"}, rnnStep}
	gru  = recurrent{3, []string{"Sigmoid", "Tanh"}, gruStep}
	lstm = recurrent{4, []string{"Sigmoid", "Tanh", "Tanh"}, lstmStep}
)

// unrolled builds a layer for a number of steps that is known.
func (r recurrent) unrolled(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	s := c.s
	batchFirst := c.int("layout", 0) == 1
	if batchFirst {
		x = ops.Transpose(s, x, 1, 0, 2)
	}
	shape, kernel := graph.SpecOf(x).Shape, c.weightShape(2)
	if len(shape) != 3 || len(kernel) != 3 || kernel[2] < 1 {
		return nil, errors.Errorf("x is %v and the recurrent kernel %v; want [steps, batch, inputs] and [directions, gates*units, units]", []int(shape), kernel)
	}
	if shape[0] < 1 || shape[0] > mostSteps {
		return nil, errors.Errorf("x has %d steps; want a number of 1 to %d that is known when the graph is built", shape[0], mostSteps)
	}
	for _, name := range []string{"clip", "activation_alpha", "activation_beta"} {
		if _, ok := c.Attributes[name]; ok {
			return nil, errors.Errorf("the attribute %s of recurrent layers is not supported", name)
		}
	}
	directions := map[string][]bool{"forward": {false}, "reverse": {true}, "bidirectional": {false, true}}[c.text("direction", "forward")]
	if len(directions) != kernel[0] {
		return nil, errors.Errorf("the direction %q with a recurrent kernel %v", c.text("direction", "forward"), kernel)
	}
	layers, err := r.layers(c, kernel[0], kernel[2])
	if err != nil {
		return nil, err
	}
	like := c.ofShape([]size{sizeAt(x, 1), sizeIs(float64(kernel[2]))})
	var ys, hs, cells gorgonia.Nodes
	for d, backwards := range directions {
		var states [2]*gorgonia.Node
		for k := range states { // h, and the cell of an LSTM
			if !c.has(5+k) || k == 1 && r.gates != 4 {
				states[k] = ops.BroadcastLike(s, graph.ConstOf(s, graph.SpecOf(x).Dtype, 0), like)
				continue
			}
			initial, err := c.x(5 + k)
			if err != nil {
				return nil, err
			}
			if batchFirst {
				initial = ops.Transpose(s, initial, 1, 0, 2)
			}
			states[k] = entry(s, initial, d)
		}
		y, h, cell := layers[d].run(x, states[0], states[1], shape[0], backwards)
		ys, hs, cells = append(ys, y), append(hs, h), append(cells, cell)
	}
	// y [steps, directions, batch, units], the last states [directions, batch, units]
	y, h, cell := ops.Stack(s, 1, ys...), ops.Stack(s, 0, hs...), ops.Stack(s, 0, cells...)
	if batchFirst {
		y, h, cell = ops.Transpose(s, y, 2, 0, 1, 3), ops.Transpose(s, h, 1, 0, 2), ops.Transpose(s, cell, 1, 0, 2)
	}
	out := []*value{{node: y}, {node: h}}
	if r.gates == 4 {
		out = append(out, &value{node: cell})
	}
	return out, nil
}

// weightShape is that of input i; nil where it is missing.
func (c *call) weightShape(i int) []int {
	if !c.has(i) {
		return nil
	}
	return c.shape(i)
}

// entry is element i of the first axis.
func entry(s *graph.Scope, x *gorgonia.Node, i int) *gorgonia.Node {
	rank := graph.SpecOf(x).Rank()
	begin, end := open(rank, ops.Open), open(rank, ops.Open)
	begin[0], end[0] = i, i+1
	return ops.Squeeze(s, ops.StridedSlice(s, x, begin, end, nil), 0)
}

// layers makes the variables, and a layer of each direction.
func (r recurrent) layers(c *call, directions, units int) ([]*recurrentLayer, error) {
	vars := map[int]*gorgonia.Node{}
	for i, name := range map[int]string{1: "kernel", 2: "recurrent_kernel", 3: "bias", 7: "peepholes"} {
		if !c.has(i) && i > 2 || i == 7 && r.gates != 4 {
			continue
		}
		var err error
		if vars[i], err = c.variable(i, name, true); err != nil {
			return nil, err
		}
	}
	names := c.Attributes["activations"].Strings
	if names == nil {
		for range directions {
			names = append(names, r.activations...)
		}
	}
	if len(names) != directions*len(r.activations) {
		return nil, errors.Errorf("the activations are %q; want %d for each direction", names, len(r.activations))
	}
	var layers []*recurrentLayer
	for d := range directions {
		l := &recurrentLayer{call: c, recurrent: r, units: units, kernel: entry(c.s, vars[1], d), own: entry(c.s, vars[2], d),
			linearBeforeReset: c.int("linear_before_reset", 0) != 0, forgetIsOneLessNew: c.int("input_forget", 0) != 0}
		if vars[3] != nil {
			both := ops.Split(c.s, entry(c.s, vars[3], d), 2, 0)
			l.bias, l.ownBias = both[0], both[1]
		}
		if vars[7] != nil {
			l.peep = entry(c.s, vars[7], d)
		}
		for _, name := range names[d*len(r.activations) : (d+1)*len(r.activations)] {
			f := activations[name]
			if f == nil {
				return nil, errors.Errorf("the activation %q is not supported in recurrent layers", name)
			}
			l.f = append(l.f, f)
		}
		if c.has(4) {
			lengths, err := c.x(4)
			if err != nil {
				return nil, err
			}
			l.lengths = ops.ExpandDims(c.s, lengths, 1)
		}
		layers = append(layers, l)
	}
	return layers, nil
}

// run goes through the steps, or back. States stay as they are, and what comes out is 0, at steps beyond a sequence's length.
func (l *recurrentLayer) run(x, h, cell *gorgonia.Node, steps int, backwards bool) (y, lastH, lastCell *gorgonia.Node) {
	s := l.s
	gates := ops.MatMulT(s, x, l.kernel, false, true) // of all steps at once
	if l.bias != nil {
		gates = ops.Add(s, gates, l.bias)
	}
	ys := make(gorgonia.Nodes, steps)
	for k := range steps {
		t := k
		if backwards {
			t = steps - 1 - k
		}
		newH, newCell := l.step(l, entry(s, gates, t), h, cell)
		ys[t] = newH
		if l.lengths != nil {
			within := ops.Cast(s, ops.Greater(s, l.lengths, same64(s, l.lengths, t)), graph.SpecOf(newH).Dtype)
			mix := func(old, new *gorgonia.Node) *gorgonia.Node {
				return ops.Add(s, old, ops.Mul(s, within, ops.Sub(s, new, old)))
			}
			ys[t] = ops.Mul(s, within, newH)
			newH, newCell = mix(h, newH), mix(cell, newCell)
		}
		h, cell = newH, newCell
	}
	return ops.Stack(s, 0, ys...), h, cell
}

// with adds to x what the state gives, for gates first to last-1.
func (l *recurrentLayer) with(x, h *gorgonia.Node, first, last int) *gorgonia.Node {
	s := l.s
	own := ops.MatMulT(s, h, l.rows(l.own, first, last), false, true)
	if l.ownBias != nil {
		own = ops.Add(s, own, l.rows(l.ownBias, first, last))
	}
	if x == nil {
		return own
	}
	return ops.Add(s, own, l.columns(x, first, last))
}

// rows are those of some gates, of all axes behind.
func (l *recurrentLayer) rows(w *gorgonia.Node, first, last int) *gorgonia.Node {
	if first == 0 && last == l.gates {
		return w
	}
	rank := graph.SpecOf(w).Rank()
	begin, end := open(rank, ops.Open), open(rank, ops.Open)
	begin[0], end[0] = first*l.units, last*l.units
	return ops.StridedSlice(l.s, w, begin, end, nil)
}

// columns are those of some gates, along the last axis.
func (l *recurrentLayer) columns(x *gorgonia.Node, first, last int) *gorgonia.Node {
	if first == 0 && last == l.gates {
		return x
	}
	rank := graph.SpecOf(x).Rank()
	return ops.StridedSlice(l.s, x, open(rank, first*l.units), open(rank, last*l.units), nil)
}

func rnnStep(l *recurrentLayer, x, h, cell *gorgonia.Node) (newH, newCell *gorgonia.Node) {
	return l.f[0](l.s, l.with(x, h, 0, 1)), cell
}

// gruStep has the gates z (update), r (reset) and h.
func gruStep(l *recurrentLayer, x, h, cell *gorgonia.Node) (newH, newCell *gorgonia.Node) {
	s := l.s
	zr := l.f[0](s, l.with(x, h, 0, 2))
	z, r := l.columns(zr, 0, 1), l.columns(zr, 1, 2)
	var candidate *gorgonia.Node
	if l.linearBeforeReset {
		candidate = ops.Add(s, l.columns(x, 2, 3), ops.Mul(s, r, l.with(nil, h, 2, 3)))
	} else {
		candidate = l.with(x, ops.Mul(s, r, h), 2, 3)
	}
	candidate = l.f[1](s, candidate)
	return ops.Add(s, candidate, ops.Mul(s, z, ops.Sub(s, h, candidate))), cell
}

// lstmStep has the gates i (input), o (output), f (forget) and c (cell); peepholes are of i, o and f.
func lstmStep(l *recurrentLayer, x, h, cell *gorgonia.Node) (newH, newCell *gorgonia.Node) {
	s := l.s
	all := l.with(x, h, 0, 4)
	gate := func(k int, f func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node, cell *gorgonia.Node) *gorgonia.Node {
		v := l.columns(all, k, k+1)
		if l.peep != nil && cell != nil {
			v = ops.Add(s, v, ops.Mul(s, l.columns(l.peep, k, k+1), cell))
		}
		return f(s, v)
	}
	i := gate(0, l.f[0], cell)
	var kept *gorgonia.Node
	if l.forgetIsOneLessNew {
		kept = ops.Sub(s, cell, ops.Mul(s, i, cell))
	} else {
		kept = ops.Mul(s, gate(2, l.f[0], cell), cell)
	}
	newCell = ops.Add(s, kept, ops.Mul(s, i, gate(3, l.f[1], nil)))
	return ops.Mul(s, gate(1, l.f[0], newCell), l.f[2](s, newCell)), newCell
}
