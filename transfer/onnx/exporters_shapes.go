package onnx

import (
	"slices"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// exportView gives input 0 another shape with the same elements.
func exportView(c *exporting) string {
	rank := c.in(0).Rank()
	switch c.Op {
	case "Squeeze":
		var axes []int
		for _, a := range c.list("axes") {
			axes = append(axes, (a+rank)%rank)
		}
		x, there := c.reduced(axes, false)
		return c.op("Squeeze", nil, x, c.ints(there...))
	case "ExpandDims":
		return c.op("Unsqueeze", nil, c.x(0), c.ints((c.int("axis")+rank+1)%(rank+1)))
	case "Flatten":
		return c.op("Flatten", attributes{"axis": 1}, c.x(0))
	}
	if _, ok := c.Attrs["shape"]; ok {
		return c.reshape(c.x(0), c.list("shape"))
	}
	if free(c.Spec.Shape) <= 1 {
		return c.reshape(c.x(0), c.Spec.Shape)
	}
	switch c.Op {
	case "ReshapeLike":
		return c.op("Reshape", attributes{"allowzero": 1}, c.x(0), c.shapeOf(1))
	case "UnfoldRows":
		rows := c.op("Slice", nil, c.shapeOf(1), c.ints(0), c.ints(-1))
		columns := c.op("Slice", nil, c.shapeOf(0), c.ints(1), c.ints(2))
		return c.op("Reshape", attributes{"allowzero": 1}, c.x(0), c.op("Concat", attributes{"axis": 0}, rows, columns))
	case "Weights":
		var axes []int
		for a := rank; a < c.Spec.Rank(); a++ {
			axes = append(axes, a)
		}
		if axes == nil {
			return alias(c)
		}
		return c.op("Unsqueeze", nil, c.x(0), c.ints(axes...))
	}
	return c.refuse("of %v with sizes that are unknown", c.in(0))
}

// free is how many sizes are unknown.
func free(shape []int) int {
	n := 0
	for _, d := range shape {
		if d < 0 {
			n++
		}
	}
	return n
}

// reshape gives x sizes of which one may be -1. A size of 0 means none here, while Reshape by default copies the old one there.
func (c *exporting) reshape(x string, sizes []int) string {
	var a attributes
	if slices.Contains(sizes, 0) {
		a = attributes{"allowzero": 1}
	}
	return c.op("Reshape", a, x, c.ints(sizes...))
}

func exportBroadcastLike(c *exporting) string { return c.op("Expand", nil, c.x(0), c.shapeOf(1)) }

// exportBroadcastTo expands: where the size is to stay, 1 leaves it.
func exportBroadcastTo(c *exporting) string {
	sizes := slices.Clone(c.list("shape"))
	for a, d := range sizes {
		if d < 0 {
			sizes[a] = 1
		}
	}
	return c.op("Expand", nil, c.x(0), c.ints(sizes...))
}

// exportConcat joins images where the most of them lie.
func exportConcat(c *exporting) string {
	x := c.all()
	axis := (c.int("axis") + c.Spec.Rank()) % c.Spec.Rank()
	if c.images {
		axis = [4]int{0, 2, 3, 1}[axis]
	}
	return c.op("Concat", attributes{"axis": axis}, x...)
}

func exportStack(c *exporting) string {
	rank := c.Spec.Rank()
	axis := (c.int("axis") + rank) % rank
	parts := make([]string, len(c.Inputs))
	for i := range c.Inputs {
		parts[i] = c.op("Unsqueeze", nil, c.x(i), c.ints(axis))
	}
	return c.op("Concat", attributes{"axis": axis}, parts...)
}

// exportTranspose adds nothing where the value stands so in the model.
func exportTranspose(c *exporting) string {
	perm := c.list("perm")
	if perm == nil {
		for a := c.Spec.Rank() - 1; a >= 0; a-- {
			perm = append(perm, a)
		}
	}
	turned := make([]int, len(perm))
	for i, a := range perm {
		turned[i] = (a + len(perm)) % len(perm)
	}
	f := c.form(c.Inputs[0])
	switch {
	case slices.Equal(turned, toFirst) && f.first != "":
		c.form(c.n).plain = f.first
		return ""
	case slices.Equal(turned, toLast) && f.plain != "":
		c.form(c.n).first = f.plain
		return ""
	case c.isImage(0): // one transposition in the place of two
		c.images = false
		return c.op("Transpose", attributes{"perm": permuted([]int{0, 2, 3, 1}, turned)}, f.first)
	}
	return c.op("Transpose", attributes{"perm": turned}, c.x(0))
}

func exportShape(c *exporting) string {
	if c.Op == "Size" {
		if c.isImage(0) {
			return c.f("Size", c.forms[c.Inputs[0]].first)
		}
		return c.f("Size", c.x(0))
	}
	return c.shapeOf(0)
}

// exportRange counts along an axis of its input.
func exportRange(c *exporting) string {
	size := c.op("Gather", nil, c.shapeOf(0), c.axisNumber((c.int("axis")+c.in(0).Rank())%c.in(0).Rank()))
	return c.op("Range", nil, c.num(0), c.cast(size, c.Spec.Dtype), c.num(1))
}

// span is what is taken along an axis.
type span struct{ axis, from, to, step int }

// sliced takes spans.
func (c *exporting) sliced(x string, spans []span) string {
	var axes, from, to, step []int
	for _, s := range spans {
		axes, from, to, step = append(axes, s.axis), append(from, s.from), append(to, s.to), append(step, s.step)
	}
	return c.op("Slice", nil, x, c.ints(from...), c.ints(to...), c.ints(axes...), c.ints(step...))
}

// most and least are ends beyond all elements.
const most, least = 1<<62 - 1, -1 << 62

func exportSlice(c *exporting) string {
	x, axis := c.asIs(0)
	var spans []span
	switch c.Op {
	case "Slice":
		for a, from := range c.list("begin") {
			s := span{axis(a), from, most, 1}
			if n := c.list("size")[a]; n >= 0 {
				s.to = from + n
			}
			spans = append(spans, s)
		}
	case "Reverse":
		axes := c.list("axes")
		if len(axes) == 0 {
			for a := range c.in(0).Rank() {
				axes = append(axes, a)
			}
		}
		for _, a := range axes {
			spans = append(spans, span{axis(a), -1, least, -1})
		}
	case "StridedSlice":
		begin, end, strides := c.list("begin"), c.list("end"), c.list("strides")
		for a := range max(len(begin), len(end), len(strides)) {
			s := span{axis(a), 0, most, 1}
			if a < len(strides) {
				s.step = strides[a]
			}
			if s.step < 0 {
				s.from, s.to = most, least
			}
			if a < len(begin) && begin[a] != ops.Open {
				s.from = begin[a]
			}
			if a < len(end) && end[a] != ops.Open {
				s.to = end[a]
			}
			spans = append(spans, s)
		}
	}
	return c.sliced(x, spans)
}

// exportSplit is one output of a Split that the parts share.
func exportSplit(c *exporting) string {
	x, axis := c.asIs(0)
	a := axis(c.int("axis"))
	sizes, parts := c.list("sizes"), c.int("parts")
	from, n := 0, graph.Unknown
	switch {
	case sizes != nil:
		for _, d := range sizes[:c.int("part")] {
			from += d
		}
		n = sizes[c.int("part")]
	default:
		d := c.in(0).Shape[(c.int("axis")+c.in(0).Rank())%c.in(0).Rank()]
		if d < 0 {
			return c.ops("Split", parts, attributes{"axis": a}, x)[c.int("part")]
		}
		n = d / parts
		from = n * c.int("part")
	}
	return c.sliced(x, []span{{a, from, from + n, 1}})
}

func exportIndex(c *exporting) string {
	x, axes := c.reduced([]int{c.int("axis")}, false)
	return c.op("Gather", attributes{"axis": axes[0]}, x, c.axisNumber(c.int("index")))
}

// exportPad puts a number around.
func exportPad(c *exporting) string {
	x, axis := c.asIs(0)
	paddings, _ := c.Attrs["paddings"].([][2]int)
	rank := len(paddings)
	pads := make([]int, 2*rank)
	for a, p := range paddings {
		pads[axis(a)], pads[axis(a)+rank] = p[0], p[1]
	}
	return c.op("Pad", nil, x, c.ints(pads...), c.num(c.float("value")))
}

// exportMirrorPad pads one axis with the elements there. Symmetry, which repeats the border, is parts joined.
func exportMirrorPad(c *exporting) string {
	x, axis := c.asIs(0)
	a, rank := axis(c.int("axis")), c.Spec.Rank()
	p, _ := c.Attrs["paddings"].([2]int)
	if mode := c.text("mode"); mode != "symmetric" {
		pads := make([]int, 2*rank)
		pads[a], pads[a+rank] = p[0], p[1]
		return c.op("Pad", attributes{"mode": mode}, x, c.ints(pads...))
	}
	parts := []string{x}
	if p[0] > 0 {
		parts = []string{c.sliced(x, []span{{a, p[0] - 1, least, -1}}), x}
	}
	if p[1] > 0 {
		parts = append(parts, c.sliced(x, []span{{a, -1, -p[1] - 1, -1}}))
	}
	return c.op("Concat", attributes{"axis": a}, parts...)
}

func exportTile(c *exporting) string {
	x, axis := c.asIs(0)
	times := make([]int, c.Spec.Rank())
	for a, n := range c.list("multiples") {
		times[axis(a)] = n
	}
	return c.op("Tile", nil, x, c.ints(times...))
}

// exportRepeat takes each index of an axis so many times.
func exportRepeat(c *exporting) string {
	rank := c.in(0).Rank()
	n := c.in(0).Shape[(c.int("axis")+rank)%rank]
	if n < 0 {
		return c.refuse("along an axis of unknown size")
	}
	x, axis := c.asIs(0)
	var indices []int
	for i := range n * c.int("repeats") {
		indices = append(indices, i/c.int("repeats"))
	}
	return c.op("Gather", attributes{"axis": axis(c.int("axis"))}, x, c.ints(indices...))
}

// exportMultiplicity is how many times input 0 is repeated to fill the shape of input 1.
func exportMultiplicity(c *exporting) string {
	size := func(i int) string { return c.cast(c.reduce("ReduceProd", c.shapeOf(i), false), c.Spec.Dtype) }
	return c.div(size(1), c.op("Max", nil, size(0), c.num(1)))
}
