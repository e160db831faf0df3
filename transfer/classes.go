package transfer

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// SharedClasses returns, for each of the new classes, the number of the old class of that name, and -1 where there is none, as CopyClasses wants
// it. A name that comes twice among either is an error.
func SharedClasses(old, new []string) ([]int, error) {
	number := map[string]int{}
	for i, name := range old {
		if _, twice := number[name]; twice {
			return nil, errors.Errorf("transfer: the old classes have %q twice", name)
		}
		number[name] = i
	}
	source := make([]int, len(new))
	for i, name := range new {
		if slices.Contains(new[:i], name) {
			return nil, errors.Errorf("transfer: the new classes have %q twice", name)
		}
		source[i] = -1
		if k, ok := number[name]; ok {
			source[i] = k
		}
	}
	return source, nil
}

// CopyClasses gives an output layer of other classes, wider or narrower, the weights of the classes that it shares with an old one: the new class
// i gets those of the old class source[i], and keeps its initial ones where that is negative. old and new are the variables of the two layers in one
// order, kernel and bias, with the classes along the last axis and otherwise of equal shapes; the layers may stand in one session or in two, be
// float32 or float64, and in one session be one and the same, whose classes are then put into another order. After an error nothing has changed.
func CopyClasses(from *graph.Session, old gorgonia.Nodes, to *graph.Session, new gorgonia.Nodes, source []int) error {
	if from == nil || to == nil {
		return errors.New("transfer: a session is nil")
	}
	if len(old) != len(new) || len(old) == 0 {
		return errors.Errorf("transfer: there are %d variables of the old layer and %d of the new one; want as many, such as a kernel and a bias each", len(old), len(new))
	}
	a, err := from.Values(old...)
	if err != nil {
		return errors.Wrap(err, "transfer: the old layer")
	}
	b, err := to.Values(new...)
	if err != nil {
		return errors.Wrap(err, "transfer: the new layer")
	}
	values := map[*gorgonia.Node]interface{}{}
	for i := range b {
		if err := copyClasses(a[i], b[i], source); err != nil {
			return errors.Wrapf(err, "transfer: from %s to %s", old[i].Name(), new[i].Name())
		}
		values[new[i]] = b[i]
	}
	return errors.Wrap(to.SetValues(values), "transfer")
}

// copyClasses copies between the last axes of two values.
func copyClasses(from, to *tensor.Dense, source []int) error {
	a, b := from.Shape(), to.Shape()
	last := len(a) - 1
	switch {
	case last < 0 || len(b) != len(a) || !slices.Equal(a[:last], b[:last]):
		return errors.Errorf("the shapes are %v and %v; want equal ones but for the classes along the last axis", a, b)
	case len(source) != b[last]:
		return errors.Errorf("source has %d entries; want one for each of the %d new classes", len(source), b[last])
	}
	for i, k := range source {
		if k >= a[last] {
			return errors.Errorf("source[%d] is %d, but there are %d old classes", i, k, a[last])
		}
	}
	switch x := to.Data().(type) {
	case []float32:
		return gatherClasses(x, from.Data(), source, a[last])
	case []float64:
		return gatherClasses(x, from.Data(), source, a[last])
	}
	return errors.Errorf("the new variable is %v; want float32 or float64", to.Dtype())
}

func gatherClasses[T float32 | float64](to []T, from interface{}, source []int, classes int) error {
	var at func(i int) T
	switch x := from.(type) {
	case []float32:
		at = func(i int) T { return T(x[i]) }
	case []float64:
		at = func(i int) T { return T(x[i]) }
	default:
		return errors.Errorf("the old variable is %T; want float32 or float64", from)
	}
	for i := range to {
		if k := source[i%len(source)]; k >= 0 {
			to[i] = at(i/len(source)*classes + k)
		}
	}
	return nil
}
