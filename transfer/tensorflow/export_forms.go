package tensorflow

import (
	"github.com/plexaura/plexaura/internal/tffile"
)

// forms are the ops that can be written, by the names of their OpDefs. Others are written as the ops that they are made of, where they say
// (OpDef.Composite).
var forms map[string]form

func init() { // the functions read the table
	forms = map[string]form{}
	for _, family := range []map[string]form{mathForms, reductionForms, activationForms, arrayForms, scatterForms, shapeForms, layerForms, imageForms, lossForms, stateForms, randomForms} {
		for name, f := range family {
			forms[name] = f
		}
	}
}

// plain is an op that TensorFlow has too, with the attribute T.
func plain(op string) form {
	return form{op, func(c *written) (string, error) { return c.op(op, c.in...), nil }}
}

// untyped is plain without an attribute.
func untyped(op string) form {
	return form{op, func(c *written) (string, error) { return c.emit(op, nil, c.in...), nil }}
}

// composed is an op that is made of several.
func composed(tensorflow string, write func(c *written, x string) string) form {
	return form{tensorflow, func(c *written) (string, error) { return write(c, c.in[0]), nil }}
}

var mathForms = map[string]form{
	"Abs": plain("Abs"), "Acos": plain("Acos"), "Acosh": plain("Acosh"), "Asin": plain("Asin"), "Asinh": plain("Asinh"), "Atan": plain("Atan"), "Atanh": plain("Atanh"),
	"Ceil": plain("Ceil"), "Cos": plain("Cos"), "Cosh": plain("Cosh"), "Erf": plain("Erf"), "Erfc": plain("Erfc"), "Exp": plain("Exp"), "Expm1": plain("Expm1"),
	"Floor": plain("Floor"), "Log": plain("Log"), "Log1p": plain("Log1p"), "Neg": plain("Neg"), "Reciprocal": plain("Reciprocal"), "Round": plain("Round"),
	"Rsqrt": plain("Rsqrt"), "Sign": plain("Sign"), "Sin": plain("Sin"), "Sinh": plain("Sinh"), "Sqrt": plain("Sqrt"), "Square": plain("Square"), "Tan": plain("Tan"),
	"IsFinite": plain("IsFinite"), "IsInf": plain("IsInf"), "IsNan": plain("IsNan"),
	"Add": plain("Add"), "Sub": plain("Sub"), "Mul": plain("Mul"), "MulNoNan": plain("MulNoNan"), "Pow": plain("Pow"), "Maximum": plain("Maximum"), "Minimum": plain("Minimum"),
	"SquaredDifference": plain("SquaredDifference"), "Atan2": plain("Atan2"), "FloorDiv": plain("FloorDiv"), "FloorMod": plain("FloorMod"),
	"Equal": plain("Equal"), "NotEqual": plain("NotEqual"), "Less": plain("Less"), "LessEqual": plain("LessEqual"), "Greater": plain("Greater"), "GreaterEqual": plain("GreaterEqual"),
	"LogicalAnd": untyped("LogicalAnd"), "LogicalOr": untyped("LogicalOr"), "LogicalNot": untyped("LogicalNot"), "LogicalXor": plain("NotEqual"),
	"Div":   {"RealDiv, TruncateDiv", writeDiv},
	"Where": {"SelectV2", func(c *written) (string, error) { return c.emit("SelectV2", attrs{"T": dtypeOf(c.Spec)}, c.in...), nil }},
	"Cast": {"Cast", func(c *written) (string, error) {
		return c.emit("Cast", attrs{"SrcT": c.dtype(), "DstT": dtypeOf(c.Spec)}, c.in...), nil
	}},
	"AddScalar":     composed("Add", func(c *written, x string) string { return c.op("Add", x, c.scalar(c.floatAttr("c"))) }),
	"Scale":         composed("Mul", func(c *written, x string) string { return c.op("Mul", x, c.scalar(c.floatAttr("factor"))) }),
	"clip_by_value": composed("Maximum, Minimum", clip("lo", "hi")),
	"MatMul":        {"MatMul, BatchMatMulV2", writeMatMul},
	"Dot":           composed("Mul, Sum", func(c *written, x string) string { return c.reduce("Sum", c.op("Mul", c.in...), false, 0) }),
	"AddN": {"AddN", func(c *written) (string, error) {
		return c.emit("AddN", attrs{"T": c.dtype(), "N": len(c.in)}, c.in...), nil
	}},
	"CheckNumerics": {"CheckNumerics", writeChecked}, "PreventGradient": {"PreventGradient", writeChecked},
	"global_norm": {"Square, Sum, Add, Sqrt", writeGlobalNorm},
}

// writeChecked passes a value on, or an error with the message.
func writeChecked(c *written) (string, error) {
	return c.emit(c.Op, attrs{"T": c.dtype(), "message": c.stringAttr("message")}, c.in...), nil
}

// writeDiv rounds integers towards zero.
func writeDiv(c *written) (string, error) {
	if c.Spec.IsFloat() {
		return c.op("RealDiv", c.in...), nil
	}
	return c.op("TruncateDiv", c.in...), nil
}

// clip limits x to the range from one attribute to another.
func clip(lo, hi string) func(c *written, x string) string {
	return func(c *written, x string) string {
		return c.op("Minimum", c.op("Maximum", x, c.scalar(c.floatAttr(lo))), c.scalar(c.floatAttr(hi)))
	}
}

// writeMatMul multiplies matrices, or batches of them.
func writeMatMul(c *written) (string, error) {
	a, b := c.boolAttr("transpose_a"), c.boolAttr("transpose_b")
	if c.specs[0].Rank() == 2 && c.specs[1].Rank() == 2 {
		return c.emit("MatMul", attrs{"T": c.dtype(), "transpose_a": a, "transpose_b": b}, c.in...), nil
	}
	return c.emit("BatchMatMulV2", attrs{"T": c.dtype(), "adj_x": a, "adj_y": b}, c.in...), nil
}

// writeGlobalNorm is the root of the sum of all squares.
func writeGlobalNorm(c *written) (string, error) {
	sum := ""
	for i, x := range c.in {
		axes := make([]int, c.specs[i].Rank())
		for a := range axes {
			axes[a] = a
		}
		part := c.reduce("Sum", c.op("Square", x), false, axes...)
		if sum == "" {
			sum = part
		} else {
			sum = c.op("Add", sum, part)
		}
	}
	return c.op("Sqrt", sum), nil
}

var activationForms = map[string]form{
	"relu": plain("Relu"), "relu6": plain("Relu6"), "selu": plain("Selu"), "sigmoid": plain("Sigmoid"), "softplus": plain("Softplus"), "softsign": plain("Softsign"),
	"tanh": plain("Tanh"), "softmax": plain("Softmax"), "log_softmax": plain("LogSoftmax"),
	"leaky_relu": {"LeakyRelu", func(c *written) (string, error) {
		return c.emit("LeakyRelu", attrs{"T": c.dtype(), "alpha": c.floatAttr("alpha")}, c.in...), nil
	}},
	"elu":  {"Elu; Relu, Minimum, Expm1, Mul, Add", writeELU},
	"celu": composed("Relu, Minimum, Mul, Expm1, Add", writeCELU),
	"gelu": composed("Mul, Erfc; Mul, Add, Tanh", writeGELU),
	"glu":  {"Split, Sigmoid, Mul", writeGLU},
	"hard_sigmoid": composed("Mul, Add, Maximum, Minimum", func(c *written, x string) string {
		line := c.op("Add", c.op("Mul", x, c.scalar(c.floatAttr("slope"))), c.scalar(c.floatAttr("offset")))
		return c.op("Minimum", c.op("Maximum", line, c.scalar(0)), c.scalar(1))
	}),
	"hard_swish": composed("Add, Relu6, Mul", func(c *written, x string) string {
		return c.op("Mul", x, c.op("Mul", c.op("Relu6", c.op("Add", x, c.scalar(3))), c.scalar(1.0/6)))
	}),
	"hard_tanh":   composed("Maximum, Minimum", clip("lo", "hi")),
	"log_sigmoid": composed("Neg, Softplus", func(c *written, x string) string { return c.op("Neg", c.op("Softplus", c.op("Neg", x))) }),
	"mish":        composed("Softplus, Tanh, Mul", func(c *written, x string) string { return c.op("Mul", x, c.op("Tanh", c.op("Softplus", x))) }),
	"silu":        composed("Sigmoid, Mul", func(c *written, x string) string { return c.op("Mul", x, c.op("Sigmoid", x)) }),
	"swish": composed("Sigmoid, Mul", func(c *written, x string) string {
		return c.op("Mul", x, c.op("Sigmoid", c.op("Mul", x, c.scalar(c.floatAttr("beta")))))
	}),
	"prelu": composed("Relu, Minimum, Mul, Add", writeSlopes), "rrelu": composed("Relu, Minimum, Mul, Add", writeSlopes),
	"threshold": composed("LessEqual, SelectV2", func(c *written, x string) string {
		return c.op("SelectV2", c.op("LessEqual", x, c.scalar(c.floatAttr("threshold"))), c.scalar(c.floatAttr("value")), x)
	}),
}

// negative is the part of x below zero.
func (c *written) negative(x string) string { return c.op("Minimum", x, c.scalar(0)) }

// writeELU is relu(x) + alpha*expm1(min(x, 0)) where alpha is not TensorFlow's 1.
func writeELU(c *written) (string, error) {
	alpha := c.floatAttr("alpha")
	if alpha == 1 {
		return c.op("Elu", c.in...), nil
	}
	low := c.op("Mul", c.op("Expm1", c.negative(c.in[0])), c.scalar(alpha))
	return c.op("Add", c.op("Relu", c.in[0]), low), nil
}

func writeCELU(c *written, x string) string {
	alpha := c.floatAttr("alpha")
	low := c.op("Expm1", c.op("Mul", c.negative(x), c.scalar(1/alpha)))
	return c.op("Add", c.op("Relu", x), c.op("Mul", low, c.scalar(alpha)))
}

// writeGELU is x*erfc(-x/sqrt(2))/2, which keeps its digits for negative x, or the approximation by tanh.
func writeGELU(c *written, x string) string {
	half := c.op("Mul", x, c.scalar(0.5))
	if !c.boolAttr("approximate") {
		return c.op("Mul", half, c.op("Erfc", c.op("Mul", x, c.scalar(-0.7071067811865476))))
	}
	cube := c.op("Mul", c.op("Mul", x, c.op("Square", x)), c.scalar(0.044715))
	inner := c.op("Mul", c.op("Add", x, cube), c.scalar(0.7978845608028654)) // sqrt(2/pi)
	return c.op("Mul", half, c.op("Add", c.op("Tanh", inner), c.scalar(1)))
}

func writeGLU(c *written) (string, error) {
	halves := c.emit("Split", attrs{"T": c.dtype(), "num_split": 2}, c.number(tffile.Int32, float64(c.axis(c.specs[0].Rank()))), c.in[0])
	return c.op("Mul", halves, c.op("Sigmoid", output(halves, 1))), nil
}

// writeSlopes is relu(x) + alpha*min(x, 0) for slopes alpha.
func writeSlopes(c *written, x string) string {
	return c.op("Add", c.op("Relu", x), c.op("Mul", c.in[1], c.negative(x)))
}
