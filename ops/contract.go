package ops

import (
	"sort"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// term is an operand with a label for each of its axes: a letter, or a negative
// number for an axis of "...", -1 for the last one.
type term struct {
	x      *gorgonia.Node
	labels []int
}

// sameSizes checks that equal letters have equal sizes, and that axes of "..."
// broadcast, as far as sizes are known.
func sameSizes(terms []term, name func(label int) string) error {
	type place struct{ operand, size int }
	seen := map[int]place{}
	for i, t := range terms {
		for a, l := range t.labels {
			d := graph.SpecOf(t.x).Shape[a]
			have, ok := seen[l]
			switch {
			case d < 0 || l < 0 && d == 1:
			case !ok:
				seen[l] = place{i, d}
			case have.size != d:
				return errors.Errorf("%q has size %d in operand %d, %v, and size %d in operand %d, %v", name(l),
					have.size, have.operand, graph.SpecOf(terms[have.operand].x), d, i, graph.SpecOf(t.x))
			}
		}
	}
	return nil
}

// has tells whether a label is in a list.
func has(labels []int, label int) bool { return indexOf(labels, label) >= 0 }

func indexOf(labels []int, label int) int {
	for i, l := range labels {
		if l == label {
			return i
		}
	}
	return -1
}

// diagonals takes the diagonal of axes with the same label.
func (t term) diagonals(s *graph.Scope) term {
	for i := 0; i < len(t.labels); i++ {
		j := i + 1 + indexOf(t.labels[i+1:], t.labels[i])
		if j == i {
			continue
		}
		// Both axes go last; DiagPart makes one of them.
		var order []int
		for a := range t.labels {
			if a != i && a != j {
				order = append(order, a)
			}
		}
		labels := make([]int, 0, len(t.labels)-1)
		for _, a := range order {
			labels = append(labels, t.labels[a])
		}
		order = append(order, i, j)
		x := t.x
		if !ascending(order) {
			x = Transpose(s, x, order...)
		}
		t = term{diagPart(s, x, true), append(labels, t.labels[i])}
		i = -1
	}
	return t
}

func ascending(order []int) bool { return sort.IntsAreSorted(order) }

// transposed puts the axes into the order of labels.
func (t term) transposed(s *graph.Scope, labels []int) term {
	order := make([]int, len(labels))
	for i, l := range labels {
		order[i] = indexOf(t.labels, l)
	}
	if ascending(order) {
		return t
	}
	return term{Transpose(s, t.x, order...), labels}
}

// sumBut sums over the axes whose labels are neither in keep nor in one of the
// others.
func (t term) sumBut(s *graph.Scope, keep []int, others []term) term {
	var axes, labels []int
	for a, l := range t.labels {
		needed := has(keep, l)
		for _, o := range others {
			needed = needed || has(o.labels, l)
		}
		if needed {
			labels = append(labels, l)
		} else {
			axes = append(axes, a)
		}
	}
	if len(axes) == 0 {
		return t
	}
	return term{Sum(s, t.x, axes...), labels}
}

// contract multiplies a and b and sums over the labels that are needed neither in
// the result nor in the rest of the operands.
func contract(s *graph.Scope, a, b term, result []int, rest []term) term {
	a = a.sumBut(s, result, append([]term{b}, rest...))
	b = b.sumBut(s, result, append([]term{a}, rest...))
	needed := func(l int) bool {
		for _, t := range rest {
			if has(t.labels, l) {
				return true
			}
		}
		return has(result, l)
	}
	var batch, sum, rows, columns []int
	for _, l := range a.labels {
		switch {
		case !has(b.labels, l):
			rows = append(rows, l)
		case needed(l):
			batch = append(batch, l)
		default:
			sum = append(sum, l)
		}
	}
	for _, l := range b.labels {
		if !has(a.labels, l) {
			columns = append(columns, l)
		}
	}
	if len(rows) > 0 && len(columns) > 0 && len(rest) == 0 && indexOf(result, columns[0]) < indexOf(result, rows[0]) {
		a, b, rows, columns = b, a, columns, rows // so that the result need not be transposed
	}
	if len(sum) == 0 || len(rows)+len(columns) == 0 {
		return multiply(s, a, b, result, sum)
	}
	n, k := len(batch), len(sum)
	// Where the rows and the columns of the result stand in the operands, from
	// one axis on and how many.
	left, transposeA := a.matrices(s, batch, rows, sum)
	atA, foldA := [2]int{n, len(rows)}, len(rows)
	if transposeA {
		atA[0], foldA = n+k, k
	}
	right, transposeB := b.matrices(s, batch, sum, columns)
	atB, foldB := [2]int{n + k, len(columns)}, k
	if transposeB {
		atB[0], foldB = n, len(columns)
	}
	z := MatMulT(s, foldAxes(s, left, n, foldA), foldAxes(s, right, n, foldB), transposeA, transposeB)
	labels := append(append(append([]int{}, batch...), rows...), columns...)
	return term{unfoldAxes(s, z, left, right, atA, atB), labels}
}

// multiply is contract by elementwise products, where there is nothing to sum or
// nothing else: the axes that an operand lacks have size 1 and broadcast.
func multiply(s *graph.Scope, a, b term, result, sum []int) term {
	var labels []int
	for _, list := range [][]int{result, a.labels, b.labels} {
		for _, l := range list {
			if !has(labels, l) && !has(sum, l) && (has(a.labels, l) || has(b.labels, l)) {
				labels = append(labels, l)
			}
		}
	}
	all := append(append([]int{}, labels...), sum...)
	y := Mul(s, a.among(s, all), b.among(s, all))
	if len(sum) == 0 {
		return term{y, labels}
	}
	axes := make([]int, len(sum))
	for i := range axes {
		axes[i] = len(labels) + i
	}
	return term{Sum(s, y, axes...), labels}
}

// among puts the axes into the order of labels, of which those that t lacks
// become axes of size 1.
func (t term) among(s *graph.Scope, labels []int) *gorgonia.Node {
	var own, missing []int
	for a, l := range labels {
		if has(t.labels, l) {
			own = append(own, l)
		} else {
			missing = append(missing, a)
		}
	}
	x := t.transposed(s, own).x
	for _, a := range missing {
		x = ExpandDims(s, x, a)
	}
	return x
}

// matrices puts the axes into the order batch, rows, columns, unless they stand
// as batch, columns, rows: then it says that the matrices are transposed.
func (t term) matrices(s *graph.Scope, batch, rows, columns []int) (x *gorgonia.Node, transposed bool) {
	joined := func(p, q []int) []int { return append(append(append([]int{}, batch...), p...), q...) }
	if other := joined(columns, rows); len(rows) > 0 && len(columns) > 0 && sameOrder(t.labels, other) {
		return t.x, true
	}
	return t.transposed(s, joined(rows, columns)).x, false
}

func sameOrder(a, b []int) bool {
	for i, l := range a {
		if b[i] != l {
			return false
		}
	}
	return len(a) == len(b)
}

// foldAxes views x as matrices: after batch axes, it makes one of the next rows
// axes and one of the rest.
func foldAxes(s *graph.Scope, x *gorgonia.Node, batch, rows int) *gorgonia.Node {
	if graph.SpecOf(x).Rank() == batch+2 && rows == 1 {
		return x
	}
	return view(s, "FoldAxes", nil, func(in []graph.Spec) (tensor.Shape, error) {
		x := in[0].Shape
		columns := batch + rows
		return joinShapes(x[:batch], tensor.Shape{sizeOrUnknown(x[batch:columns]), sizeOrUnknown(x[columns:])}), nil
	}, x)
}

// unfoldAxes gives matrices [batch..., m, n] the rows axes of left and the
// columns axes of right, each counted from one on.
func unfoldAxes(s *graph.Scope, z, left, right *gorgonia.Node, rows, columns [2]int) *gorgonia.Node {
	if rows[1] == 1 && columns[1] == 1 {
		return z
	}
	return view(s, "UnfoldAxes", nil, func(in []graph.Spec) (tensor.Shape, error) {
		z, left, right := in[0].Shape, in[1].Shape, in[2].Shape
		return joinShapes(z[:len(z)-2], left[rows[0]:rows[0]+rows[1]], right[columns[0]:columns[0]+columns[1]]), nil
	}, z, left, right)
}
