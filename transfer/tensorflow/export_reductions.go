package tensorflow

import (
	"math"

	"github.com/plexaura/plexaura/internal/tffile"
)

var reductionForms = map[string]form{
	"Sum": reduced("Sum"), "Mean": reduced("Mean"), "Max": reduced("Max"), "Min": reduced("Min"), "Prod": reduced("Prod"), "All": reduced("All"), "Any": reduced("Any"),
	"LogSumExp": composed("Max, IsFinite, SelectV2, Sub, Exp, Sum, Log, Add", writeLogSumExp),
	"Variance":  composed("Mean, SquaredDifference, Mul", writeVariance),
	"Std":       composed("Mean, SquaredDifference, Mul, Sqrt", func(c *written, x string) string { return c.op("Sqrt", writeVariance(c, x)) }),
	"Norm":      composed("Abs, Pow, Sum; Square, Sum, Sqrt; Abs, Max", writeNorm),
	"SumTo":     {"Sum, Reshape", writeSumTo},
	"ArgMax":    {"ArgMax", writeArg("ArgMax")}, "ArgMin": {"ArgMin", writeArg("ArgMin")},
	"TopK": {"TopKV2", writeTopK}, "Sort": {"TopKV2, Neg", writeSort}, "ArgSort": {"TopKV2, Neg", writeArgSort},
	"Cumsum": {"Cumsum", writeCumulative("Cumsum")}, "Cumprod": {"Cumprod", writeCumulative("Cumprod")},
	"UnsortedSegmentSum": {"UnsortedSegmentSum", func(c *written) (string, error) {
		return c.emit("UnsortedSegmentSum", attrs{"T": c.dtype(), "Tindices": dtypeOf(c.specs[1]), "Tnumsegments": tffile.Int32}, c.in[0], c.in[1],
			c.number(tffile.Int32, float64(c.intAttr("num_segments")))), nil
	}},
	"Bincount": {"OnesLike, UnsortedSegmentSum", func(c *written) (string, error) { // TensorFlow's Bincount refuses negative ids, which are left out here
		d := dtypeOf(c.specs[0])
		ones := c.emit("OnesLike", attrs{"T": tffile.Int64}, c.cast(c.in[0], d, tffile.Int64))
		return c.emit("UnsortedSegmentSum", attrs{"T": tffile.Int64, "Tindices": d, "Tnumsegments": tffile.Int32}, ones, c.in[0],
			c.number(tffile.Int32, float64(c.Spec.Shape[0]))), nil
	}},
}

// reduced is an op along the attribute "axes", all where there are none.
func reduced(op string) form {
	return composed(op, func(c *written, x string) string { return c.reduce(op, x, c.boolAttr("keep_dims"), c.axes()...) })
}

// axes are the axes that a reduction reduces.
func (c *written) axes() []int {
	if axes := c.intsAttr("axes"); len(axes) > 0 {
		return axes
	}
	return from(0, c.specs[0].Rank())
}

// from lists the axes from one on, up to another.
func from(first, end int) []int {
	axes := []int{}
	for a := first; a < end; a++ {
		axes = append(axes, a)
	}
	return axes
}

// writeLogSumExp subtracts the greatest element, where it is finite.
func writeLogSumExp(c *written, x string) string {
	most := c.reduce("Max", x, true, c.axes()...)
	most = c.op("SelectV2", c.op("IsFinite", most), most, c.op("ZerosLike", most))
	sum := c.op("Log", c.reduce("Sum", c.op("Exp", c.op("Sub", x, most)), c.boolAttr("keep_dims"), c.axes()...))
	if !c.boolAttr("keep_dims") {
		most = c.emit("Squeeze", attrs{"T": c.dtype(), "squeeze_dims": c.positive(c.axes())}, most)
	}
	return c.op("Add", sum, most)
}

// positive counts axes of the first input from the first.
func (c *written) positive(axes []int) []int {
	out := make([]int, len(axes))
	for i, a := range axes {
		if out[i] = a; a < 0 {
			out[i] += c.specs[0].Rank()
		}
	}
	return out
}

// writeVariance is the mean squared deviation, with Bessel's correction if asked for.
func writeVariance(c *written, x string) string {
	mean := c.reduce("Mean", x, true, c.axes()...)
	v := c.reduce("Mean", c.op("SquaredDifference", x, mean), c.boolAttr("keep_dims"), c.axes()...)
	if correction := c.intAttr("correction"); correction != 0 {
		n := c.op("RealDiv", c.size(x, c.dtype(), c.dtype()), c.size(v, c.dtype(), c.dtype()))
		v = c.op("Mul", v, c.op("RealDiv", n, c.op("Sub", n, c.scalar(float64(correction)))))
	}
	return v
}

func writeNorm(c *written, x string) string {
	keep, p := c.boolAttr("keep_dims"), c.floatAttr("ord")
	switch {
	case p == 1:
		return c.reduce("Sum", c.op("Abs", x), keep, c.axes()...)
	case p == 2:
		return c.op("Sqrt", c.reduce("Sum", c.op("Square", x), keep, c.axes()...))
	case math.IsInf(p, 1):
		return c.reduce("Max", c.op("Abs", x), keep, c.axes()...)
	}
	sum := c.reduce("Sum", c.op("Pow", c.op("Abs", x), c.scalar(p)), keep, c.axes()...)
	return c.op("Pow", sum, c.scalar(1/p))
}

// writeSumTo asks TensorFlow along which axes the second input was repeated.
func writeSumTo(c *written) (string, error) {
	like := c.shape(c.in[1], dtypeOf(c.specs[1]))
	axes := c.emit("BroadcastGradientArgs", attrs{"T": tffile.Int32}, like, c.shape(c.in[0], c.dtype()))
	sum := c.emit("Sum", attrs{"T": c.dtype(), "Tidx": tffile.Int32, "keep_dims": false}, c.in[0], axes)
	return c.reshapeTo(sum, c.dtype(), like), nil
}

func writeArg(op string) func(c *written) (string, error) {
	return func(c *written) (string, error) {
		return c.emit(op, attrs{"T": c.dtype(), "Tidx": tffile.Int32, "output_type": tffile.Int64}, c.in[0], c.number(tffile.Int32, float64(c.axis(c.specs[0].Rank())))), nil
	}
}

func writeTopK(c *written) (string, error) {
	top := c.topK(c.in[0], c.number(tffile.Int32, float64(c.intAttr("k"))))
	c.aux[0] = c.cast(output(top, 1), tffile.Int32, tffile.Int64)
	return top, nil
}

func (c *written) topK(x, k string) string {
	return c.emit("TopKV2", attrs{"T": c.dtype(), "sorted": true}, x, k)
}

// sorted are all elements of each row in ascending order, or descending as TopKV2 gives them.
func (c *written) sorted() (top string, negated bool) {
	x := c.in[0]
	if negated = !c.boolAttr("descending"); negated {
		x = c.op("Neg", x)
	}
	return c.topK(x, c.dim(c.in[0], c.specs[0], c.specs[0].Rank()-1)), negated
}

func writeSort(c *written) (string, error) {
	top, negated := c.sorted()
	if negated {
		return c.op("Neg", top), nil
	}
	return top, nil
}

func writeArgSort(c *written) (string, error) {
	top, _ := c.sorted()
	return c.cast(output(top, 1), tffile.Int32, tffile.Int64), nil
}

func writeCumulative(op string) func(c *written) (string, error) {
	return func(c *written) (string, error) {
		return c.emit(op, attrs{"T": c.dtype(), "Tidx": tffile.Int32, "exclusive": c.boolAttr("exclusive"), "reverse": c.boolAttr("reverse")},
			c.in[0], c.number(tffile.Int32, float64(c.axis(c.specs[0].Rank())))), nil
	}
}
