package onnx

import (
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// reduced is input 0 as it is reduced along the axes, none for all, and these there.
func (c *exporting) reduced(axes []int, keep bool) (x string, there []int) {
	rank := c.in(0).Rank()
	along := make([]bool, rank)
	for _, a := range axes {
		along[(a+rank)%rank] = true
	}
	// Without the axes that go, images must have the others in one order in both layouts.
	if c.isImage(0) && !keep && len(axes) > 0 && !along[3] && !(along[1] && along[2]) {
		c.x(0) // as which asIs finds it then
	}
	x, axis := c.asIs(0)
	for _, a := range axes {
		there = append(there, axis(a))
	}
	slices.Sort(there)
	c.images = c.images && keep
	return x, there
}

// reduction is an operator that reduces.
func reduction(op string) exportFunc {
	return func(c *exporting) string {
		keep := c.bool("keep_dims")
		x, axes := c.reduced(c.list("axes"), keep)
		return c.reduce(op, x, keep, axes...)
	}
}

// boolReduction reduces bools as numbers.
func boolReduction(op string) exportFunc {
	return func(c *exporting) string {
		keep := c.bool("keep_dims")
		x, axes := c.reduced(c.list("axes"), keep)
		return c.cast(c.reduce(op, c.cast(x, tensor.Int32), keep, axes...), tensor.Bool)
	}
}

// exportNorm is the norm of order ord.
func exportNorm(c *exporting) string {
	keep, p := c.bool("keep_dims"), c.float("ord")
	x, axes := c.reduced(c.list("axes"), keep)
	switch {
	case p == 1:
		return c.reduce("ReduceL1", x, keep, axes...)
	case p == 2:
		return c.reduce("ReduceL2", x, keep, axes...)
	case math.IsInf(p, 1):
		return c.reduce("ReduceMax", c.f("Abs", x), keep, axes...)
	}
	sum := c.reduce("ReduceSum", c.op("Pow", nil, c.f("Abs", x), c.num(p)), keep, axes...)
	return c.op("Pow", nil, sum, c.num(1/p))
}

// exportVariance is the mean square of what is left of x without its mean, or the root of it.
func exportVariance(c *exporting) string {
	keep := c.bool("keep_dims")
	x, axes := c.reduced(c.list("axes"), keep)
	d := c.sub(x, c.reduce("ReduceMean", x, true, axes...))
	squares := c.mul(d, d)
	y := c.reduce("ReduceMean", squares, keep, axes...)
	if by := c.int("correction"); by != 0 {
		y = c.div(c.reduce("ReduceSum", squares, keep, axes...), c.sub(c.count(x, axes), c.num(float64(by))))
	}
	if c.Op == "Std" {
		y = c.f("Sqrt", y)
	}
	return y
}

// count is how many elements x has along axes, none for all, in the dtype of the result.
func (c *exporting) count(x string, axes []int) string {
	n := c.f("Size", x)
	if len(axes) > 0 {
		n = c.reduce("ReduceProd", c.op("Gather", nil, c.f("Shape", x), c.ints(axes...)), false)
	}
	return c.cast(n, c.Spec.Dtype)
}

// argExtremum is the place of an extremum along an axis.
func argExtremum(op string) exportFunc {
	return func(c *exporting) string {
		x, axes := c.reduced([]int{c.int("axis")}, false)
		return c.op(op, attributes{"axis": axes[0], "keepdims": false}, x)
	}
}

// axisNumber is an axis as a scalar.
func (c *exporting) axisNumber(a int) string { return c.number(scalarOf(tensor.Int64, float64(a))) }

func exportCumsum(c *exporting) string {
	x, axis := c.asIs(0)
	return c.op("CumSum", attributes{"exclusive": c.bool("exclusive"), "reverse": c.bool("reverse")}, x, c.axisNumber(axis(c.int("axis"))))
}

func exportTopK(c *exporting) string {
	out := c.ops("TopK", 2, attributes{"axis": -1}, c.x(0), c.ints(c.int("k")))
	c.extra(0, out[1])
	return out[0]
}

// extra notes where an extra output of the node stands.
func (c *exporting) extra(i int, name string) {
	if c.extras[c.n] == nil {
		c.extras[c.n] = map[int]string{}
	}
	c.extras[c.n][i] = name
}

// exportSort is all of the last axis in order, or the places of it; the op transposes where another axis is sorted.
func exportSort(c *exporting) string {
	x, axis := c.asIs(0)
	a := axis(-1)
	var n string
	if d := c.in(0).Shape[c.in(0).Rank()-1]; d >= 0 {
		n = c.ints(d)
	} else {
		n = c.op("Gather", nil, c.f("Shape", x), c.ints(a))
	}
	out := c.ops("TopK", 2, attributes{"axis": a, "largest": c.bool("descending")}, x, n)
	if c.Op == "ArgSort" {
		return out[1]
	}
	return out[0]
}

// exportGlobalNorm is the norm of several tensors.
func exportGlobalNorm(c *exporting) string {
	var squares []string
	for i := range c.Inputs {
		squares = append(squares, c.reduce("ReduceSumSquare", c.x(i), false))
	}
	return c.f("Sqrt", c.op("Sum", nil, squares...))
}

// exportClipByGlobalNorm is the factor for a norm.
func exportClipByGlobalNorm(c *exporting) string {
	limit := c.num(c.float("clip_norm"))
	return c.div(limit, c.op("Max", nil, c.x(0), limit))
}

func exportClipByNorm(c *exporting) string {
	limit := c.num(c.float("clip_norm"))
	x, axes := c.reduced(c.list("axes"), true)
	norm := c.reduce("ReduceL2", x, true, axes...)
	return c.mul(x, c.div(limit, c.op("Max", nil, norm, limit)))
}

// exportSegmentSum adds rows to zeros.
func exportSegmentSum(c *exporting) string {
	sp := c.Spec
	if !sp.Known() {
		return c.refuse("with rows of unknown size")
	}
	return c.scattered(c.zeros(sp), c.x(1), c.x(0))
}

func exportSegmentCount(c *exporting) string {
	sp := c.Spec
	ones := c.op("ConstantOfShape", c.filling(sp.Dtype, 1), c.shapeOf(0))
	return c.scattered(c.zeros(sp), c.x(0), ones)
}

// scattered adds rows to base at indices along its first axis.
func (c *exporting) scattered(base, indices, rows string) string {
	places := c.op("Unsqueeze", nil, c.cast(indices, tensor.Int64), c.ints(-1))
	return c.op("ScatterND", attributes{"reduction": "add"}, base, places, rows)
}

// zeros of a known spec.
func (c *exporting) zeros(sp graph.Spec) string {
	return c.op("ConstantOfShape", c.filling(sp.Dtype, 0), c.ints(sp.Shape...))
}
