package onnx

import (
	"math"

	"gorgonia.org/tensor"
)

// elementwise is an operator of that name, of all inputs.
func elementwise(op string) exportFunc {
	return func(c *exporting) string { return c.op(op, nil, c.all()...) }
}

// formula is a composition of elementwise operators.
func formula(f func(c *exporting, x ...string) string) exportFunc {
	return func(c *exporting) string { return f(c, c.all()...) }
}

// alias is its input.
func alias(c *exporting) string {
	f := *c.form(c.Inputs[0])
	if f == (form{}) { // stored
		return c.x(0)
	}
	c.forms[c.n] = &f
	return ""
}

// exportMerge is the side that is taken, or both where that is not known.
func exportMerge(c *exporting) string {
	if i := c.takes[c.n]; i > 0 {
		c.Inputs = c.Inputs[i : i+1]
		return alias(c)
	}
	x := c.together(0, 1, 2)
	return c.op("Where", nil, x...)
}

func exportCast(c *exporting) string {
	return c.cast(c.all()[0], c.Spec.Dtype)
}

// filledLike is so much everywhere.
func filledLike(v float64) exportFunc {
	return func(c *exporting) string {
		return c.op("ConstantOfShape", c.filling(c.Spec.Dtype, v), c.shapeOf(0))
	}
}

func addScalar(c *exporting, x ...string) string { return c.add(x[0], c.num(c.float("c"))) }

func scale(c *exporting, x ...string) string { return c.mul(x[0], c.num(c.float("factor"))) }

func square(c *exporting, x ...string) string { return c.mul(x[0], x[0]) }

func squaredDifference(c *exporting, x ...string) string { return square(c, c.sub(x[0], x[1])) }

func rsqrt(c *exporting, x ...string) string { return c.f("Reciprocal", c.f("Sqrt", x[0])) }

func notEqual(c *exporting, x ...string) string { return c.f("Not", c.op("Equal", nil, x...)) }

func erfc(c *exporting, x ...string) string { return c.sub(c.num(1), c.f("Erf", x[0])) }

// expm1 is 2*sinh(x/2)*exp(x/2), which loses nothing near 0, and exp(x) - 1 below -1, where there is nothing to lose and sinh overflows far below.
func expm1(c *exporting, x ...string) string {
	half := c.mul(x[0], c.num(0.5))
	near := c.mul(c.mul(c.num(2), c.f("Sinh", half)), c.f("Exp", half))
	return c.op("Where", nil, c.op("Less", nil, x[0], c.num(-1)), c.sub(c.f("Exp", x[0]), c.num(1)), near)
}

// log1p is x*log(u)/(u-1) with u = 1+x as rounded (Kahan), and x where that is 1.
func log1p(c *exporting, x ...string) string {
	u := c.add(x[0], c.num(1))
	d := c.sub(u, c.num(1))
	small := c.op("Equal", nil, d, c.num(0))
	quotient := c.div(c.f("Log", u), c.op("Where", nil, small, c.num(1), d))
	infinite := c.op("Equal", nil, x[0], c.num(math.Inf(1)))
	return c.op("Where", nil, c.op("Or", nil, small, infinite), x[0], c.mul(x[0], quotient))
}

// isFinite: x - x is 0 for numbers only.
func isFinite(c *exporting, x ...string) string {
	return c.op("Equal", nil, c.sub(x[0], x[0]), c.numLike(0, 0))
}

// mulNoNan is 0 where the second factor is, whatever the first.
func mulNoNan(c *exporting, x ...string) string {
	return c.op("Where", nil, c.op("Equal", nil, x[1], c.num(0)), c.num(0), c.mul(x[0], x[1]))
}

func isFloat(dt tensor.Dtype) bool { return dt == tensor.Float32 || dt == tensor.Float64 }

// floorDiv: Div of integers rounds towards zero, Mod has the divisor's sign.
func floorDiv(c *exporting, x ...string) string {
	if isFloat(c.Spec.Dtype) {
		return c.f("Floor", c.div(x[0], x[1]))
	}
	return c.div(c.sub(x[0], c.op("Mod", nil, x...)), x[1])
}

// floorMod has the divisor's sign, as Mod of integers; of floats Mod has the dividend's.
func floorMod(c *exporting, x ...string) string {
	if !isFloat(c.Spec.Dtype) {
		return c.op("Mod", nil, x...)
	}
	m := c.op("Mod", attributes{"fmod": 1}, x...)
	other := c.op("And", nil, notEqual(c, m, c.num(0)), c.op("Xor", nil, c.op("Less", nil, m, c.num(0)), c.op("Less", nil, x[1], c.num(0))))
	return c.op("Where", nil, other, c.add(m, x[1]), m)
}

// atan2 turns Atan of the quotient by half a circle where the second operand is negative.
func atan2(c *exporting, x ...string) string {
	zero, a, b := c.num(0), x[0], x[1]
	quotient := c.f("Atan", c.div(a, c.op("Where", nil, c.op("Equal", nil, b, zero), c.num(1), b)))
	upright := c.op("Equal", nil, b, zero)
	angle := c.op("Where", nil, upright, c.mul(c.f("Sign", a), c.num(math.Pi/2)), quotient)
	turn := c.op("Where", nil, c.op("Less", nil, a, zero), c.num(-math.Pi), c.num(math.Pi))
	return c.add(angle, c.op("Where", nil, c.op("Less", nil, b, zero), turn, zero))
}

// clipped is Clip to the parameters of these names.
func clipped(lo, hi string) exportFunc {
	return func(c *exporting) string {
		return c.op("Clip", nil, c.all()[0], c.num(c.float(lo)), c.num(c.float(hi)))
	}
}
