package tensorflow

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// sizeRules compute with sizes: the shapes that graphs work out from shapes of others. A rule that does not apply, as to what is no
// integer, returns nil; the node is then built as any other.
var sizeRules map[string]func(c *call) *sizes

func init() { // a table of functions that read it
	sizeRules = map[string]func(c *call) *sizes{
		"Add": arithmetic(plus), "AddV2": arithmetic(plus), "Sub": arithmetic(func(a, b int) int { return a - b }), "Mul": arithmetic(times),
		"FloorDiv": divided(quotient), "Div": divided(towardsZero),
		"Maximum": arithmetic(func(a, b int) int { return max(a, b) }),
		"Minimum": arithmetic(func(a, b int) int { return min(a, b) }), "FloorMod": divided(remainder),
		"Cast": castSizes, "Pack": packSizes, "ConcatV2": concatSizes, "ExpandDims": reformSizes, "Squeeze": reformSizes, "Reshape": reformSizes,
		"StridedSlice": partOfSizes, "Slice": sliceSizes, "GatherV2": gatherSizes, "Gather": gatherSizes, "Prod": foldSizes(times, 1), "Sum": foldSizes(plus, 0),
		"Range": rangeSizes, "Fill": fillSizes,
	}
}

func plus(a, b int) int  { return a + b }
func times(a, b int) int { return a * b }

// quotient rounds down; what is divided by zero is an unknown size, which a Run refuses.
func quotient(a, b int) int {
	if b == 0 {
		return graph.Unknown
	}
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// towardsZero is the quotient rounded towards zero, as Div does and FloorDiv does not.
func towardsZero(a, b int) int {
	if b == 0 {
		return graph.Unknown
	}
	return a / b
}

func remainder(a, b int) int { return a - quotient(a, b)*b }

// allSizes returns the inputs as sizes, nil unless all are some.
func (c *call) allSizes() []*sizes {
	out := make([]*sizes, len(c.in))
	for i, v := range c.in {
		z, ok := v.integers()
		if !ok {
			return nil
		}
		out[i] = z
	}
	return out
}

func arithmetic(f func(a, b int) int) func(c *call) *sizes {
	return func(c *call) *sizes {
		in := c.allSizes()
		if len(in) != 2 || in[0].dtype != in[1].dtype {
			return nil
		}
		a, b := in[0], in[1]
		n := max(len(a.of), len(b.of))
		if len(a.of) != n && len(a.of) != 1 || len(b.of) != n && len(b.of) != 1 {
			return nil
		}
		out := &sizes{scalar: a.scalar && b.scalar, dtype: a.dtype}
		for i := range n {
			s, ok := combine(f, a.of[i%len(a.of)], b.of[i%len(b.of)])
			if !ok {
				return nil
			}
			out.of = append(out.of, s)
		}
		return out
	}
}

// divided is arithmetic by a divisor that must not be zero.
func divided(f func(a, b int) int) func(c *call) *sizes {
	rule := arithmetic(f)
	return func(c *call) *sizes {
		out := rule(c)
		if out != nil {
			for _, s := range c.in[1].sizes.of {
				if s.from == nil && s.known == 0 {
					c.fail("it divides by zero")
				}
			}
		}
		return out
	}
}

func castSizes(c *call) *sizes {
	in := c.allSizes()
	d, _ := c.attrs["DstT"].Value.(tffile.DType)
	if len(in) != 1 || d != tffile.Int32 && d != tffile.Int64 {
		return nil
	}
	out := *in[0]
	out.dtype, _ = working(d)
	return &out
}

// packSizes makes a vector of scalars.
func packSizes(c *call) *sizes {
	in := c.allSizes()
	if len(in) == 0 || c.int("axis", 0) != 0 {
		return nil
	}
	out := &sizes{dtype: in[0].dtype}
	for _, z := range in {
		if !z.scalar || z.dtype != out.dtype {
			return nil
		}
		out.of = append(out.of, z.of...)
	}
	return out
}

func concatSizes(c *call) *sizes {
	in := c.allSizes()
	if len(in) < 2 {
		return nil
	}
	out := &sizes{dtype: in[0].dtype}
	for _, z := range in[:len(in)-1] {
		if z.scalar || z.dtype != out.dtype {
			return nil
		}
		out.of = append(out.of, z.of...)
	}
	return out
}

// reformSizes makes a vector of one element a scalar, or of a scalar such a vector.
func reformSizes(c *call) *sizes {
	if len(c.in) == 0 {
		return nil
	}
	z, ok := c.in[0].integers()
	if !ok {
		return nil
	}
	out := *z
	switch c.op {
	case "ExpandDims":
		if !z.scalar {
			return nil
		}
		out.scalar = false
	case "Squeeze":
		out.scalar = len(z.of) == 1
	default:
		to, ok := c.value(1).integers()
		if !ok || to.scalar || len(to.of) > 1 || len(to.of) == 0 && len(z.of) != 1 {
			return nil
		}
		if len(to.of) == 1 {
			if n, ok := to.known(); !ok || n[0] != graph.Unknown && n[0] != len(z.of) {
				return nil
			}
		}
		out.scalar = len(to.of) == 0
	}
	return &out
}

// partOfSizes takes elements of a vector.
func partOfSizes(c *call) *sizes {
	in := c.allSizes()
	if len(in) != 4 || in[0].scalar {
		return nil
	}
	p := c.partOf(1)
	if len(p.insert) > 0 || len(p.strides) != 1 || p.strides[0] == 0 {
		return nil
	}
	out := &sizes{dtype: in[0].dtype, scalar: len(p.drop) > 0}
	n, step := len(in[0].of), p.strides[0]
	first, last := limits(p.begin[0], p.end[0], step, n)
	for i := first; step > 0 && i < last || step < 0 && i > last; i += step {
		out.of = append(out.of, in[0].of[i])
	}
	if out.scalar && len(out.of) != 1 {
		c.fail("it takes element %d of %d", p.begin[0], n)
	}
	return out
}

func sliceSizes(c *call) *sizes {
	in := c.allSizes()
	if len(in) != 3 || in[0].scalar || len(in[1].of) != 1 || len(in[2].of) != 1 || in[1].of[0].from != nil || in[2].of[0].from != nil {
		return nil
	}
	n, begin, size := len(in[0].of), in[1].of[0].known, in[2].of[0].known
	if size == graph.Unknown {
		size = n - begin
	}
	if begin < 0 || size < 0 || begin > n || size > n-begin {
		c.fail("it takes %d elements from %d on, of %d", size, begin, n)
	}
	return &sizes{of: in[0].of[begin : begin+size], dtype: in[0].dtype}
}

func gatherSizes(c *call) *sizes {
	in := c.allSizes()
	if len(in) < 2 || in[0].scalar {
		return nil
	}
	at, ok := in[1].known()
	if !ok {
		return nil
	}
	out := &sizes{dtype: in[0].dtype, scalar: in[1].scalar}
	for _, i := range at {
		if i < 0 || i >= len(in[0].of) {
			c.fail("it takes element %d of %d", i, len(in[0].of))
		}
		out.of = append(out.of, in[0].of[i])
	}
	return out
}

// foldSizes adds up or multiplies a vector.
func foldSizes(f func(a, b int) int, start int) func(c *call) *sizes {
	return func(c *call) *sizes {
		in := c.allSizes()
		if len(in) != 2 || len(in[1].of) != 1 || in[0].scalar {
			return nil
		}
		n := fixed(start)
		for _, s := range in[0].of {
			var ok bool
			if n, ok = combine(f, n, s); !ok {
				return nil
			}
		}
		return &sizes{of: []size{n}, scalar: !c.keeps(), dtype: in[0].dtype}
	}
}

func rangeSizes(c *call) *sizes {
	in := c.allSizes()
	if len(in) != 3 {
		return nil
	}
	out := &sizes{dtype: in[0].dtype}
	var v [3]int
	for i, z := range in {
		n, ok := z.known()
		if !ok || len(n) != 1 {
			return nil
		}
		v[i] = n[0]
	}
	if v[2] == 0 || (v[1]-v[0])/v[2] > maxTerms {
		return nil
	}
	for i := v[0]; v[2] > 0 && i < v[1] || v[2] < 0 && i > v[1]; i += v[2] {
		out.of = append(out.of, fixed(i))
	}
	return out
}

func fillSizes(c *call) *sizes {
	in := c.allSizes()
	if len(in) != 2 || len(in[1].of) != 1 || in[0].scalar || len(in[0].of) != 1 {
		return nil
	}
	n, ok := in[0].known()
	if !ok || n[0] < 0 || n[0] > maxTerms {
		return nil
	}
	out := &sizes{dtype: in[1].dtype}
	for range n[0] {
		out.of = append(out.of, in[1].of[0])
	}
	return out
}
