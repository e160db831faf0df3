package onnx

import (
	"gorgonia.org/tensor"
)

// exportGather takes rows by their numbers.
func exportGather(c *exporting) string {
	axis := c.int("axis")
	if c.in(1).Rank() != 1 {
		rank := c.in(0).Rank()
		return c.op("Gather", attributes{"axis": (axis + rank) % rank}, c.x(0), c.x(1))
	}
	x, there := c.asIs(0)
	return c.op("Gather", attributes{"axis": there(axis)}, x, c.x(1))
}

func exportGatherND(c *exporting) string {
	return c.op("GatherND", nil, c.x(0), c.cast(c.x(1), tensor.Int64))
}

// exportGatherAlong takes single elements.
func exportGatherAlong(c *exporting) string {
	return c.op("GatherElements", c.along(), c.x(0), c.x(1))
}

// exportScatterAlong puts single elements into base, or adds them to it. Of several for one place the last one stays: ONNX leaves that
// open, and ONNX Runtime does the same.
func exportScatterAlong(c *exporting) string {
	a := c.along()
	if c.Op == "ScatterAlongAdd" {
		a["reduction"] = "add"
	}
	return c.op("ScatterElements", a, c.x(0), c.x(1), c.x(2))
}

// along is the attribute axis of input 0.
func (c *exporting) along() attributes {
	axis, rank := c.int("axis"), c.in(0).Rank()
	return attributes{"axis": (axis + rank) % rank}
}

func exportOneHot(c *exporting) string {
	values := c.number(denseOf(c.Spec.Dtype, []float64{c.float("off_value"), c.float("on_value")}, 2))
	return c.op("OneHot", attributes{"axis": c.int("axis")}, c.x(0), c.ints(c.int("depth")), values)
}

// filling is the attribute of ConstantOfShape.
func (c *exporting) filling(dt tensor.Dtype, v float64) attributes {
	t, err := tensorOf("", denseOf(dt, []float64{v}, 1))
	if err != nil {
		c.fail(err)
	}
	return attributes{"value": t}
}

// exportBandPart leaves so many diagonals below and above the first; of negative ones, all.
func exportBandPart(c *exporting) string {
	x := c.x(0)
	if upper := c.int("upper"); upper >= 0 {
		x = c.op("Trilu", attributes{"upper": 0}, x, c.axisNumber(upper))
	}
	if lower := c.int("lower"); lower >= 0 {
		x = c.op("Trilu", attributes{"upper": 1}, x, c.axisNumber(-lower))
	}
	if !c.own[x] {
		return alias(c)
	}
	return x
}

// exportDiag puts vectors on diagonals.
func exportDiag(c *exporting) string {
	n := c.in(0).Shape[c.in(0).Rank()-1]
	if n < 0 {
		return c.refuse("of vectors of unknown length")
	}
	eye := tensor.New(tensor.WithShape(n, n), tensor.WithBacking(make([]bool, n*n)))
	for i := range n {
		eye.Data().([]bool)[i*n+i] = true
	}
	x := c.op("Unsqueeze", nil, c.x(0), c.ints(-1))
	return c.op("Where", nil, c.number(eye), x, c.num(0))
}

// exportDiagPart takes every (n+1)-th element of rows of n.
func exportDiagPart(c *exporting) string {
	sp := c.in(0)
	m, n := sp.Shape[sp.Rank()-2], sp.Shape[sp.Rank()-1]
	if m < 0 || n < 0 || free(sp.Shape) > 1 {
		return c.refuse("of matrices of unknown size")
	}
	var places []int
	for i := range min(m, n) {
		places = append(places, i*(n+1))
	}
	flat := append(append([]int{}, sp.Shape[:sp.Rank()-2]...), m*n)
	return c.op("Gather", attributes{"axis": sp.Rank() - 2}, c.reshape(c.x(0), flat), c.ints(places...))
}

// exportScatterAdd adds rows to base.
func exportScatterAdd(c *exporting) string {
	if c.Op == "ScatterAdd" {
		if rank := c.in(0).Rank(); (c.int("axis")+rank)%rank != 0 {
			return c.refuse("along another axis than the first")
		}
		return c.scattered(c.x(0), c.x(1), c.x(2))
	}
	return c.op("ScatterND", attributes{"reduction": "add"}, c.x(0), c.cast(c.x(1), tensor.Int64), c.x(2))
}

// exportScatterUpdate puts rows into base.
func exportScatterUpdate(c *exporting) string {
	return c.op("ScatterND", nil, c.x(0), c.cast(c.x(1), tensor.Int64), c.x(2))
}

// exportScatterND adds rows to zeros.
func exportScatterND(c *exporting) string {
	if !c.Spec.Known() {
		return c.refuse("into a shape that is unknown")
	}
	return c.op("ScatterND", attributes{"reduction": "add"}, c.zeros(c.Spec), c.cast(c.x(1), tensor.Int64), c.x(0))
}

// isLabel is true at the place of each label of input i among n classes.
func (c *exporting) isLabel(i, n int) string {
	classes := make([]int, n)
	for k := range classes {
		classes[k] = k
	}
	labels := c.op("Unsqueeze", nil, c.cast(c.x(i), tensor.Int64), c.ints(-1))
	return c.op("Equal", nil, labels, c.ints(classes...))
}

// numbersTo are the numbers from 1 to n.
func (c *exporting) numbersTo(n int) string {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return c.cast(c.ints(numbers...), c.Spec.Dtype)
}
