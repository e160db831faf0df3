package graph

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Unknown marks an axis whose size is not known before a Run.
const Unknown = -1

// Spec is the static type of a value: its dtype and its shape, in which an
// axis of unknown size is -1 (Unknown). A scalar has an empty shape.
type Spec struct {
	Dtype tensor.Dtype
	Shape tensor.Shape
}

// Rank returns the number of axes.
func (s Spec) Rank() int { return len(s.Shape) }

// Known tells whether every size is known.
func (s Spec) Known() bool {
	for _, d := range s.Shape {
		if d < 0 {
			return false
		}
	}
	return true
}

// IsFloat tells whether the elements are float32 or float64.
func (s Spec) IsFloat() bool { return isFloat(s.Dtype) }

// IsInt tells whether the elements are int, int32 or int64, the dtypes that
// labels and indices may have.
func (s Spec) IsInt() bool {
	return s.Dtype == tensor.Int || s.Dtype == tensor.Int32 || s.Dtype == tensor.Int64
}

// String formats the spec as in "float32[?, 784]".
func (s Spec) String() string { return dtypeName(s.Dtype) + formatShape(s.Shape) }

// Compatible tells whether two shapes may turn out equal: they have one rank, and
// their sizes are equal wherever both are known.
func Compatible(a, b tensor.Shape) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] >= 0 && b[i] >= 0 && a[i] != b[i] {
			return false
		}
	}
	return true
}

// SpecOf returns the dtype and shape of a node, unknown sizes as -1.
func SpecOf(n *gorgonia.Node) Spec {
	if n == nil {
		return Spec{}
	}
	if op, ok := n.Op().(*op); ok {
		return op.out
	}
	sp := Spec{Dtype: n.Dtype(), Shape: n.Shape()}
	for axis, d := range sp.Shape {
		if d < Unknown { // Gorgonia adds unknown sizes up
			sp.Shape = sp.Shape.Clone()
			sp.Shape[axis] = Unknown
		}
	}
	return sp
}

func isFloat(dt tensor.Dtype) bool { return dt == tensor.Float32 || dt == tensor.Float64 }

func dtypeName(dt tensor.Dtype) string {
	if dt.Type == nil {
		return "no dtype"
	}
	return dt.String()
}

func formatShape(shape tensor.Shape) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, d := range shape {
		if i > 0 {
			b.WriteString(", ")
		}
		if d < 0 {
			b.WriteByte('?')
		} else {
			fmt.Fprint(&b, d)
		}
	}
	b.WriteByte(']')
	return b.String()
}

// maxElements bounds the size of one value: 2^36 elements, 256 GiB of float32.
// What is larger is a slip of the pen, and its size may not even fit an int.
const maxElements = 1 << 36

// checkSizes reports a shape whose known sizes are negative or make more
// elements than any machine holds. A size of zero does not excuse the others: a
// kernel may multiply them apart from it.
func checkSizes(shape tensor.Shape) error {
	n := 1
	for axis, d := range shape {
		switch {
		case d < Unknown:
			return errors.Errorf("axis %d has size %d; want a size >= 0, or -1 for unknown", axis, d)
		case d > 0 && n > maxElements/d:
			return errors.Errorf("the shape %s has more than 2^36 elements", formatShape(shape))
		case d > 0:
			n *= d
		}
	}
	return nil
}

// sizeOf returns the number of elements, 1 for a scalar.
func sizeOf(shape tensor.Shape) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// fits tells whether a known shape agrees with a declared one, in which an
// unknown axis takes any size.
func fits(declared, shape tensor.Shape) bool {
	if len(declared) != len(shape) {
		return false
	}
	for i, d := range declared {
		if d >= 0 && d != shape[i] {
			return false
		}
	}
	return true
}

// supported lists the dtypes that a node may have.
func supported(dt tensor.Dtype) bool {
	switch dt {
	case tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool:
		return true
	}
	return false
}
