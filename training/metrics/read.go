package metrics

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// dense returns a tensor whose memory is row-major without gaps.
func dense(what string, t tensor.Tensor) (*tensor.Dense, error) {
	d, ok := t.(*tensor.Dense)
	if !ok || d == nil {
		return nil, errors.Errorf("the %s are %T; want a *tensor.Dense", what, t)
	}
	if d.RequiresIterator() {
		d = d.Materialize().(*tensor.Dense)
	}
	if d.DataOrder().IsColMajor() {
		return nil, errors.Errorf("the %s are column-major; want the usual row-major order", what)
	}
	return d, nil
}

// isFloat tells whether a tensor holds float32 or float64.
func isFloat(t tensor.Tensor) bool {
	d, ok := t.(*tensor.Dense)
	return ok && d != nil && (d.Dtype() == tensor.Float32 || d.Dtype() == tensor.Float64)
}

// sameRank tells whether two tensors, which may be nil, have as many axes.
func sameRank(a, b tensor.Tensor) bool {
	x, isX := a.(*tensor.Dense)
	y, isY := b.(*tensor.Dense)
	return isX && isY && x != nil && y != nil && x.Dims() == y.Dims()
}

// floats reads the elements of a float tensor; NaN is an error.
func floats(what string, t tensor.Tensor) ([]float64, tensor.Shape, error) {
	d, err := dense(what, t)
	if err != nil {
		return nil, nil, err
	}
	var x []float64
	switch data := d.Data().(type) {
	case []float64:
		x = slices.Clone(data)
	case []float32:
		x = widened(data)
	case float64:
		x = []float64{data}
	case float32:
		x = []float64{float64(data)}
	default:
		return nil, nil, errors.Errorf("the %s are %v%v; want float32 or float64", what, d.Dtype(), d.Shape())
	}
	for i, v := range x {
		if math.IsNaN(v) {
			return nil, nil, errors.Errorf("element %d of the %s is NaN", i, what)
		}
	}
	return x, d.Shape(), nil
}

// numbers reads the elements of any number tensor, or bools as 0 and 1.
func numbers(what string, t tensor.Tensor) ([]float64, tensor.Shape, error) {
	if isFloat(t) {
		return floats(what, t)
	}
	whole, shape, err := integers(what, t)
	return widened(whole), shape, err
}

func widened[T float32 | int64](x []T) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// integers reads the elements of an integer tensor, or bools as 0 and 1.
func integers(what string, t tensor.Tensor) ([]int64, tensor.Shape, error) {
	d, err := dense(what, t)
	if err != nil {
		return nil, nil, err
	}
	switch data := d.Data().(type) {
	case []int64:
		return slices.Clone(data), d.Shape(), nil
	case []int:
		return whole(data), d.Shape(), nil
	case []int32:
		return whole(data), d.Shape(), nil
	case []uint8:
		return whole(data), d.Shape(), nil
	case []bool:
		out := make([]int64, len(data))
		for i, v := range data {
			out[i] = fromBool(v)
		}
		return out, d.Shape(), nil
	case int64:
		return []int64{data}, d.Shape(), nil
	case int:
		return []int64{int64(data)}, d.Shape(), nil
	case int32:
		return []int64{int64(data)}, d.Shape(), nil
	case uint8:
		return []int64{int64(data)}, d.Shape(), nil
	case bool:
		return []int64{fromBool(data)}, d.Shape(), nil
	}
	return nil, nil, errors.Errorf("the %s are %v%v; want int, int32, int64, uint8 or bool", what, d.Dtype(), d.Shape())
}

func fromBool(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func whole[T int | int32 | uint8](x []T) []int64 {
	out := make([]int64, len(x))
	for i, v := range x {
		out[i] = int64(v)
	}
	return out
}

// pairs reads labels and predictions of one shape, element by element.
func pairs(labels, predictions tensor.Tensor) (y, p []float64, err error) {
	p, shape, err := floats("predictions", predictions)
	if err != nil {
		return nil, nil, err
	}
	y, of, err := numbers("labels", labels)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Equal(of, shape) {
		return nil, nil, errors.Errorf("the labels have shape %v, the predictions %v; want one shape", of, shape)
	}
	return y, p, nil
}

// rows reads labels [...] and a float for each of the classes [..., classes].
func rows(labels, logits tensor.Tensor) (y []int64, x []float64, classes int, err error) {
	x, shape, err := floats("predictions", logits)
	if err != nil {
		return nil, nil, 0, err
	}
	y, of, err := integers("labels", labels)
	if err != nil {
		return nil, nil, 0, err
	}
	if len(shape) == 0 || !slices.Equal(of, shape[:len(shape)-1]) || shape[len(shape)-1] == 0 {
		return nil, nil, 0, errors.Errorf("the labels have shape %v, the predictions %v; want [...] and [..., classes]", of, shape)
	}
	classes = shape[len(shape)-1]
	return y, x, classes, checkRange("label", y, classes)
}

// classesOf reads labels and what was predicted: class numbers of the shape of the labels,
// or a float for each class, of which the first greatest counts.
func classesOf(labels, predictions tensor.Tensor) (y, p []int64, err error) {
	if isFloat(predictions) {
		y, x, classes, err := rows(labels, predictions)
		if err != nil {
			return nil, nil, err
		}
		p := make([]int64, len(y))
		for i := range p {
			row := x[i*classes : (i+1)*classes]
			for k, v := range row {
				if v > row[p[i]] {
					p[i] = int64(k)
				}
			}
		}
		return y, p, nil
	}
	p, shape, err := integers("predictions", predictions)
	if err != nil {
		return nil, nil, err
	}
	y, of, err := integers("labels", labels)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Equal(of, shape) {
		return nil, nil, errors.Errorf("the labels have shape %v, the predicted classes %v; want one shape", of, shape)
	}
	return y, p, nil
}

// checkRange wants numbers of classes.
func checkRange(what string, y []int64, classes int) error {
	for i, v := range y {
		if v < 0 || v >= int64(classes) {
			return errors.Errorf("%s %d is %d; want a class of 0 to %d", what, i, v, classes-1)
		}
	}
	return nil
}
