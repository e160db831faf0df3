package onnx

import (
	"math"
	"slices"

	"github.com/plexaura/plexaura/graph"
)

// following says of operators how sizes that come out follow from those that go in; nil where they do not.
var following map[string]func(c *call) *sizes

func init() {
	divide := func(a, b float64) float64 { return a / b }
	following = map[string]func(c *call) *sizes{
		"Shape": sizesOfShape, "Size": sizesOfSize, "Gather": sizesGathered, "Slice": sizesSliced, "Concat": sizesJoined,
		"Cast": sizesCast, "Squeeze": sizesAs(true), "Unsqueeze": sizesAs(false), "Reshape": sizesReshaped, "ReduceProd": sizesMultiplied,
		"Floor": sizesBy(1, func(v []float64) float64 { return math.Floor(v[0]) }), "Ceil": sizesBy(1, func(v []float64) float64 { return math.Ceil(v[0]) }),
		"Neg": sizesBy(1, func(v []float64) float64 { return -v[0] }),
		"Add": sizesOf2(func(a, b float64) float64 { return a + b }), "Sub": sizesOf2(func(a, b float64) float64 { return a - b }),
		"Mul": sizesOf2(func(a, b float64) float64 { return a * b }), "Div": sizesOf2(divide), "Max": sizesOf2(math.Max), "Min": sizesOf2(math.Min),
		"Equal": sizesOf2(func(a, b float64) float64 {
			if a == b {
				return 1
			}
			return 0
		}),
		"Where": sizesBy(3, func(v []float64) float64 {
			if v[0] != 0 {
				return v[1]
			}
			return v[2]
		}),
	}
}

func sizesOfShape(c *call) *sizes {
	x, err := c.x(0)
	if err != nil {
		return nil
	}
	s := &sizes{whole: true}
	for a := range graph.SpecOf(x).Shape {
		s.list = append(s.list, sizeAt(x, a))
	}
	from, to := c.shapeRange()
	s.list = s.list[from:to]
	return s
}

func sizesOfSize(c *call) *sizes {
	x, err := c.x(0)
	if err != nil {
		return nil
	}
	s := &sizes{whole: true}
	for a := range graph.SpecOf(x).Shape {
		s.list = append(s.list, sizeAt(x, a))
	}
	return multiplied(s)
}

// multiplied is the product of a list.
func multiplied(s *sizes) *sizes {
	return &sizes{scalar: true, whole: s.whole, list: []size{sizeOf(func(v []float64) float64 {
		n := 1.0
		for _, d := range v {
			n *= d
		}
		return n
	}, s.list...)}}
}

func sizesMultiplied(c *call) *sizes {
	s := c.sizes(0)
	if s == nil || s.scalar {
		return nil
	}
	p := multiplied(s)
	p.scalar = c.int("keepdims", 1) == 0
	return p
}

func sizesGathered(c *call) *sizes {
	s := c.sizes(0)
	indices, err := c.integers(1)
	if s == nil || s.scalar || err != nil || c.rank(1) > 1 {
		return nil
	}
	out := &sizes{scalar: c.rank(1) == 0, whole: s.whole}
	for _, i := range indices {
		if i < 0 {
			i += len(s.list)
		}
		if i < 0 || i >= len(s.list) {
			return nil
		}
		out.list = append(out.list, s.list[i])
	}
	return out
}

func sizesSliced(c *call) *sizes {
	s := c.sizes(0)
	p, err := c.sliceParts()
	if s == nil || s.scalar || err != nil || len(p[0]) != 1 || len(p[1]) != 1 || len(p[3]) > 0 && p[3][0] != 1 {
		return nil
	}
	within := func(i int) int {
		if i < 0 {
			i += len(s.list)
		}
		return min(max(i, 0), len(s.list))
	}
	from, to := within(p[0][0]), within(p[1][0])
	return &sizes{list: s.list[from:max(from, to)], whole: s.whole}
}

func sizesJoined(c *call) *sizes {
	out := &sizes{whole: true}
	for i := range c.in {
		s := c.sizes(i)
		if s == nil || s.scalar {
			return nil
		}
		out.list, out.whole = slices.Concat(out.list, s.list), out.whole && s.whole
	}
	return out
}

func sizesCast(c *call) *sizes {
	s := c.sizes(0)
	if s == nil {
		return nil
	}
	dt, _ := dtypes[int64(c.int("to", 0))].Working()
	out := &sizes{scalar: s.scalar, whole: graph.Spec{Dtype: dt}.IsInt()}
	for _, v := range s.list {
		if out.whole && !s.whole {
			v = sizeOf(func(v []float64) float64 { return math.Trunc(v[0]) }, v)
		}
		out.list = append(out.list, v)
	}
	return out
}

// sizesAs makes a list of one number that number, or the reverse.
func sizesAs(scalar bool) func(c *call) *sizes {
	return func(c *call) *sizes {
		s := c.sizes(0)
		if s == nil || len(s.list) != 1 || s.scalar == scalar {
			return nil
		}
		return &sizes{list: s.list, scalar: scalar, whole: s.whole}
	}
}

// sizesReshaped is of a number made a list of one, and of what stays a list.
func sizesReshaped(c *call) *sizes {
	s := c.sizes(0)
	to, err := c.integers(1)
	if s == nil || err != nil || len(to) > 1 || len(to) == 0 && len(s.list) != 1 {
		return nil
	}
	return &sizes{list: s.list, scalar: len(to) == 0, whole: s.whole}
}

func sizesOf2(f func(a, b float64) float64) func(c *call) *sizes {
	return sizesBy(2, func(v []float64) float64 { return f(v[0], v[1]) })
}

// sizesBy applies f to each number of n inputs, of which single numbers go with every one of a list.
func sizesBy(n int, f func(v []float64) float64) func(c *call) *sizes {
	return func(c *call) *sizes {
		if len(c.in) != n {
			return nil
		}
		in := make([]*sizes, n)
		long, out := 1, &sizes{scalar: true, whole: true}
		for i := range in {
			if in[i] = c.sizes(i); in[i] == nil {
				return nil
			}
			out.scalar = out.scalar && in[i].scalar
			out.whole = out.whole && in[i].whole
			if len(in[i].list) != 1 {
				if long != 1 && long != len(in[i].list) {
					return nil
				}
				long = len(in[i].list)
			}
		}
		g := f
		if out.whole && c.Op == "Div" {
			g = func(v []float64) float64 { return math.Trunc(f(v)) }
		}
		for k := range long {
			from := make([]size, n)
			for i, s := range in {
				from[i] = s.list[min(k, len(s.list)-1)]
			}
			out.list = append(out.list, sizeOf(g, from...))
		}
		return out
	}
}
