package tensorflow

import (
	"math"

	"github.com/plexaura/plexaura/internal/tffile"
)

// stateForms are ops with effects, and those that only pass values on.
var stateForms = map[string]form{
	"Identity": plain("Identity"), "Print": {"Identity", func(c *written) (string, error) { return c.op("Identity", c.in[0]), nil }}, // a model prints nothing
	"StopGradient": plain("StopGradient"),
	"Switch":       {"Switch, Identity", func(c *written) (string, error) { return c.op("Identity", c.in...), nil }}, // the input has entered the branch
	"Merge":        {"Merge", writeMerge},
	"Group":        {"NoOp", writeNoOp}, "After": {"NoOp", writeNoOp},
	"Read": {"Identity", func(c *written) (string, error) { return c.op("Identity", c.handles[c.Inputs[0]].ref), nil }},
	"Assign": {"Assign", func(c *written) (string, error) {
		return c.assign("Assign", attrs{"T": c.dtype(), "use_locking": true, "validate_shape": true}, c.in[1])
	}},
	"AssignAdd": {"AssignAdd", func(c *written) (string, error) {
		return c.assign("AssignAdd", attrs{"T": c.dtype(), "use_locking": true}, c.in[1])
	}},
	"AssignSub": {"AssignSub", func(c *written) (string, error) {
		return c.assign("AssignSub", attrs{"T": c.dtype(), "use_locking": true}, c.in[1])
	}},
	"AssignMovingAvg": {"Sub, Mul, AssignSub", writeMovingAverage},
	"AssignScatterAdd": {"ScatterAdd", func(c *written) (string, error) {
		return c.assign("ScatterAdd", attrs{"T": c.dtype(), "Tindices": dtypeOf(c.specs[1]), "use_locking": true}, c.in[1:]...)
	}},
	"Assert": {"All, Assert", writeAssert},
}

// writeAssert gives the message as the first of the data that an Assert of TensorFlow shows.
func writeAssert(c *written) (string, error) {
	cond := c.in[0]
	if rank := c.specs[0].Rank(); rank > 0 {
		cond = c.reduce("All", cond, false, from(0, rank)...)
	}
	message := &tffile.Tensor{DType: tffile.String, Strings: []string{c.stringAttr("message")}}
	types := []tffile.DType{tffile.String}
	for _, sp := range c.specs[1:] {
		types = append(types, dtypeOf(sp))
	}
	in := append([]string{cond, c.emit("Const", attrs{"dtype": tffile.String, "value": message})}, c.in[1:]...)
	return c.emit("Assert", attrs{"T": types, "summarize": 8}, in...), nil
}

// writeMerge takes the branch that is there; of a decided predicate there is only one.
func writeMerge(c *written) (string, error) {
	if taken, ok := c.decided(c.Inputs[0]); ok {
		return c.tensors[mergeSide(c.Inputs, taken)], nil
	}
	return c.emit("Merge", attrs{"T": dtypeOf(c.Spec), "N": 2}, c.in[2], c.in[1]), nil // false before true, as tf.cond
}

func writeNoOp(c *written) (string, error) { return c.emit("NoOp", nil), nil }

// assign writes the variable that is the first input.
func (c *written) assign(op string, a attrs, values ...string) (string, error) {
	if c.frozen != nil {
		return "", without("variables of a frozen graph are constants")
	}
	ref := c.handles[c.Inputs[0]].ref
	a["_class"] = []string{"loc:@" + ref}
	return c.emit(op, a, append([]string{ref}, values...)...), nil
}

// writeMovingAverage is moving -= (moving - batch) * (1 - momentum), where batch may be a biased variance of x that takes Bessel's correction
// n/(n-1), with n the number of elements of x for each of the channels.
func writeMovingAverage(c *written) (string, error) {
	dt, batch := c.dtype(), c.in[1]
	if c.boolAttr("unbiased") {
		n := c.op("RealDiv", c.size(c.in[2], dtypeOf(c.specs[2]), dt), c.size(batch, dt, dt))
		batch = c.op("Mul", batch, c.op("RealDiv", n, c.op("Maximum", c.op("Sub", n, c.scalar(1)), c.scalar(1))))
	}
	step := c.op("Mul", c.op("Sub", c.in[0], batch), c.scalar(1-c.floatAttr("momentum")))
	return c.assign("AssignSub", attrs{"T": dt, "use_locking": true}, step)
}

var randomForms = map[string]form{
	"RandomUniform": {"RandomUniform, Mul, Add", func(c *written) (string, error) {
		lo, hi := c.floatAttr("lo"), c.floatAttr("hi")
		return c.draw("RandomUniform", hi-lo, lo)
	}},
	"RandomNormal": {"RandomStandardNormal, Mul, Add", func(c *written) (string, error) {
		return c.draw("RandomStandardNormal", c.floatAttr("stddev"), c.floatAttr("mean"))
	}},
	"TruncatedNormal": {"TruncatedNormal, Mul, Add", func(c *written) (string, error) {
		return c.draw("TruncatedNormal", c.floatAttr("stddev"), c.floatAttr("mean"))
	}},
	"Bernoulli": {"RandomUniform, Less, Cast", writeBernoulli},
	"Multinomial": {"Multinomial", func(c *written) (string, error) {
		if c.specs[0].Rank() != 2 {
			return "", without("the logits are %v; TensorFlow wants a matrix", c.specs[0])
		}
		return c.emit("Multinomial", attrs{"T": c.dtype(), "seed": 0, "seed2": 0, "output_dtype": dtypeOf(c.Spec)}, c.in[0], c.number(tffile.Int32, float64(c.intAttr("n")))), nil
	}},
	"RandomPermutation": {"Range, RandomShuffle", func(c *written) (string, error) {
		dt := dtypeOf(c.Spec)
		all := c.emit("Range", attrs{"Tidx": dt}, c.number(dt, 0), c.cast(c.dim(c.in[0], c.specs[0], 0), tffile.Int32, dt), c.number(dt, 1))
		return c.emit("RandomShuffle", attrs{"T": dt, "seed": 0, "seed2": 0}, all), nil
	}},
	"RandomGamma":   {"BroadcastTo, RandomGamma, RealDiv", writeGamma},
	"RandomShuffle": arrayForms["Gather"],
	"Dropout":       {"RandomUniform, GreaterEqual, Cast, Mul", writeDropout},
	"AlphaDropout":  {"RandomUniform, GreaterEqual, Mul, Add, SelectV2", writeAlphaDropout},
}

// draw draws with the output's shape, which is known or the first input's, and returns drawn*scale + shift.
func (c *written) draw(op string, scale, shift float64) (string, error) {
	dt := dtypeOf(c.Spec)
	size := ""
	switch {
	case c.Spec.Known():
		size = c.ints(c.Spec.Shape...)
	case len(c.in) > 0:
		size = c.shape(c.in[0], c.dtype())
	default:
		return "", without("its shape is unknown")
	}
	y := c.emit(op, attrs{"T": tffile.Int32, "dtype": dt, "seed": 0, "seed2": 0}, size)
	if scale != 1 {
		y = c.emit("Mul", attrs{"T": dt}, y, c.number(dt, scale))
	}
	if shift != 0 {
		y = c.emit("Add", attrs{"T": dt}, y, c.number(dt, shift))
	}
	return y, nil
}

func writeBernoulli(c *written) (string, error) {
	dt := c.dtype()
	size := c.shape(c.in[0], dt)
	if c.Spec.Known() {
		size = c.ints(c.Spec.Shape...)
	}
	u := c.emit("RandomUniform", attrs{"T": tffile.Int32, "dtype": dt, "seed": 0, "seed2": 0}, size)
	return c.cast(c.op("Less", u, c.in[0]), tffile.Bool, dtypeOf(c.Spec)), nil
}

// kept is a mask, bool, of what dropout keeps of the first input.
func (c *written) kept() string {
	u := c.emit("RandomUniform", attrs{"T": tffile.Int32, "dtype": c.dtype(), "seed": 0, "seed2": 0}, c.shape(c.in[0], c.dtype()))
	return c.op("GreaterEqual", u, c.scalar(c.floatAttr("rate")))
}

// writeDropout is x * 1/(1-rate) * mask, as tf.nn.dropout. The mask is the extra output.
func writeDropout(c *written) (string, error) {
	kept := c.kept()
	if len(c.extras[c.node]) > 0 {
		c.aux[0] = c.cast(kept, tffile.Bool, tffile.Uint8)
	}
	scaled := c.op("Mul", c.in[0], c.scalar(1/(1-c.floatAttr("rate"))))
	return c.op("Mul", scaled, c.cast(kept, tffile.Bool, c.dtype())), nil
}

// writeAlphaDropout has SELU's limit for what it drops, and keeps mean and variance: see ops.AlphaDropout.
func writeAlphaDropout(c *written) (string, error) {
	const limit = -1.0507009873554805 * 1.6732632423543772 // SELU's, at minus infinity
	rate := c.floatAttr("rate")
	a := 1 / math.Sqrt((1-rate)*(1+limit*limit*rate))
	shift := -a * rate * limit
	dropped := a*limit + shift
	kept := c.kept()
	if len(c.extras[c.node]) > 0 {
		c.aux[0] = c.cast(kept, tffile.Bool, tffile.Uint8)
	}
	return c.op("SelectV2", kept, c.op("Add", c.op("Mul", c.in[0], c.scalar(a)), c.scalar(shift)), c.scalar(dropped)), nil
}

// writeGamma draws a number for each element of alpha, which takes the output's shape before, and divides by beta, as tf.random_gamma.
func writeGamma(c *written) (string, error) {
	alpha, dt := c.in[0], c.dtype()
	switch same := c.specs[0].Shape.Eq(c.Spec.Shape); {
	case c.Spec.Known() && !same:
		alpha = c.emit("BroadcastTo", attrs{"T": dt, "Tidx": tffile.Int32}, alpha, c.ints(c.Spec.Shape...))
	case len(c.in) > 1 && !c.Spec.Known():
		alpha = c.op("Add", alpha, c.op("ZerosLike", c.in[1]))
	case !same:
		return "", without("its shape is unknown")
	}
	y := c.emit("RandomGamma", attrs{"S": tffile.Int32, "T": dt, "seed": 0, "seed2": 0}, c.ints(), alpha)
	if len(c.in) > 1 {
		y = c.op("RealDiv", y, c.in[1])
	}
	return y, nil
}
