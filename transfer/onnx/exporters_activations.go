package onnx

import (
	"math"

	"gorgonia.org/tensor"
)

// withAlpha is an operator with that parameter.
func withAlpha(op string) exportFunc {
	return func(c *exporting) string { return c.op(op, attributes{"alpha": c.float("alpha")}, c.all()[0]) }
}

// exportCelu is Celu, which is of float32 only, or alpha*elu(x/alpha).
func exportCelu(c *exporting) string {
	if c.Spec.Dtype == tensor.Float32 {
		return withAlpha("Celu")(c)
	}
	alpha := c.num(c.float("alpha"))
	return c.mul(c.f("Elu", c.div(c.all()[0], alpha)), alpha)
}

func exportHardSigmoid(c *exporting) string {
	return c.op("HardSigmoid", attributes{"alpha": c.float("slope"), "beta": c.float("offset")}, c.all()[0])
}

func relu6(c *exporting, x ...string) string { return c.op("Clip", nil, x[0], c.num(0), c.num(6)) }

// silu is x * sigmoid(beta*x), swish; without a beta it is 1.
func silu(c *exporting, x ...string) string {
	z := x[0]
	if beta, ok := c.Attrs["beta"].(float64); ok {
		z = c.mul(z, c.num(beta))
	}
	return c.mul(x[0], c.f("Sigmoid", z))
}

func mish(c *exporting, x ...string) string { return c.mul(x[0], c.f("Tanh", c.f("Softplus", x[0]))) }

func threshold(c *exporting, x ...string) string {
	return c.op("Where", nil, c.op("Greater", nil, x[0], c.num(c.float("threshold"))), x[0], c.num(c.float("value")))
}

func logSigmoid(c *exporting, x ...string) string {
	return c.f("Neg", c.f("Softplus", c.f("Neg", x[0])))
}

// geluOf is x*(1 + erf(x/sqrt(2)))/2, or with tanh in the place of erf.
func geluOf(c *exporting, x ...string) string {
	var bend string
	if c.bool("approximate") {
		cube := c.mul(c.mul(x[0], x[0]), x[0])
		bend = c.f("Tanh", c.mul(c.add(x[0], c.mul(cube, c.num(0.044715))), c.num(math.Sqrt(2/math.Pi))))
	} else {
		bend = c.f("Erf", c.mul(x[0], c.num(math.Sqrt(0.5))))
	}
	return c.mul(c.mul(x[0], c.num(0.5)), c.add(bend, c.num(1)))
}

// overLast is an operator along the last axis, the channels of images.
func overLast(op string) exportFunc {
	return func(c *exporting) string {
		x, axis := c.asIs(0)
		return c.op(op, attributes{"axis": axis(-1)}, x)
	}
}

// exportGLU is the first half times the sigmoid of the second.
func exportGLU(c *exporting) string {
	x, axis := c.asIs(0)
	half := c.ops("Split", 2, attributes{"axis": axis(c.int("axis"))}, x)
	return c.mul(half[0], c.f("Sigmoid", half[1]))
}

// exportSparsemax projects rows onto the simplex (Martins and Astudillo, 2016): with z sorted, the support is where 1 + k*z[k] is
// greater than the sum of the first k, and tau is what is too much of that, shared by the support.
func exportSparsemax(c *exporting) string {
	rank := c.in(0).Rank()
	n := c.in(0).Shape[rank-1]
	if n < 0 {
		return c.refuse("with an unknown number of classes")
	}
	x := c.x(0)
	z := c.ops("TopK", 2, attributes{"axis": -1}, x, c.ints(n))[0]
	sums := c.op("CumSum", nil, z, c.axisNumber(rank-1))
	places := c.numbersTo(n)
	support := c.cast(c.op("Greater", nil, c.add(c.mul(places, z), c.num(1)), sums), c.Spec.Dtype)
	size := c.reduce("ReduceSum", support, true, -1)
	total := c.reduce("ReduceSum", c.mul(support, z), true, -1)
	tau := c.div(c.sub(total, c.num(1)), size)
	return c.f("Relu", c.sub(x, tau))
}
