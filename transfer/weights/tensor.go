package weights

import (
	"io"
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Tensor is what a file says of one of its tensors. The packages of formats fill it in.
type Tensor struct {
	Name  string
	DType DType
	Shape []int // empty for a scalar

	// Scale and Min are those of a quantised tensor, whose values are stored*Scale + Min
	// and float32; Scale is 0 for others.
	Scale, Min float64

	// Open returns the stored elements from the first on.
	Open func() (io.Reader, error)
	// Held is how many bytes Open is known to give, negative where that is not known
	// because they are compressed.
	Held int64
	// Most is how many bytes of values Read makes of elements that are compressed, of which a few bytes may stand for any number; 0 is no
	// limit. A variable's own memory is filled whatever they are.
	Most int64

	BigEndian bool
	// Strides are distances of neighbours along the axes, in elements, of what Open
	// gives; nil for row-major order.
	Strides []int
}

// Section is the Open of bytes [offset, offset+n) of a file.
func Section(file io.ReaderAt, offset, n int64) func() (io.Reader, error) {
	return func() (io.Reader, error) { return io.NewSectionReader(file, offset, n), nil }
}

const (
	mostElements = 1 << 36 // of a tensor, as in graphs
	mostAxes     = 254     // as TensorFlow has it
	// A tensor whose strides repeat elements may have so many times as many as are stored, and in any case a few.
	mostRepeated = 4
	fewRepeated  = 1 << 16
)

// Elements returns the number of elements, an error where a size is negative or there are
// more than 2^36, or more than 254 axes.
func (t Tensor) Elements() (int, error) {
	n, empty := 1, false
	if len(t.Shape) > mostAxes {
		return 0, errors.Errorf("%q: the shape has %d axes; want at most %d", t.Name, len(t.Shape), mostAxes)
	}
	for _, d := range t.Shape {
		switch {
		case d < 0:
			return 0, errors.Errorf("%q: the shape %v has a negative size", t.Name, t.Shape)
		case d == 0:
			empty = true
		case n > mostElements/d:
			return 0, errors.Errorf("%q: the shape %v has more than 2^36 elements", t.Name, t.Shape)
		default:
			n *= d
		}
	}
	if empty {
		n = 0
	}
	return n, nil
}

// span returns how many stored elements the tensor reaches over.
func (t Tensor) span() (int, error) {
	n, err := t.Elements()
	if err != nil || n == 0 || t.Strides == nil {
		return n, err
	}
	if len(t.Strides) != len(t.Shape) {
		return 0, errors.Errorf("%q: the strides %v do not fit the shape %v", t.Name, t.Strides, t.Shape)
	}
	last := 0
	for axis, d := range t.Shape {
		stride := t.Strides[axis]
		if stride < 0 || stride > mostElements || d > 1 && stride > (mostElements-last)/(d-1) {
			return 0, errors.Errorf("%q: the strides %v reach too far", t.Name, t.Strides)
		}
		last += (d - 1) * stride
	}
	return last + 1, nil
}

// check returns an error where the description contradicts itself.
func (t Tensor) check() error {
	if !t.DType.known() {
		return errors.Errorf("%q: unknown dtype", t.Name)
	}
	if t.DType.Size() == 0 {
		return nil
	}
	n, err := t.span()
	if err != nil {
		return err
	}
	if want := int64(n) * int64(t.DType.Size()); t.Held >= 0 && t.Held < want {
		return errors.Errorf("%q: %v%v needs %d bytes, but the file holds %d", t.Name, t.DType, t.Shape, want, t.Held)
	}
	if math.IsNaN(t.Scale) || math.IsInf(t.Scale, 0) || math.IsNaN(t.Min) || math.IsInf(t.Min, 0) {
		return errors.Errorf("%q: quantised by a scale of %v and a minimum of %v; want finite numbers", t.Name, t.Scale, t.Min)
	}
	return nil
}

// checkMost returns an error where the values take more than Most.
func (t Tensor) checkMost() error {
	n, err := t.Elements()
	if err != nil || t.Most == 0 || t.DType.Size() == 0 {
		return err
	}
	wide := t.DType.Size()
	if dt, err := t.Dtype(); err == nil {
		wide = max(wide, int(dt.Size()))
	}
	if int64(n) > t.Most/int64(wide) {
		return errors.Errorf("%q: compressed, its %d elements take %d bytes; want at most %d for a file of this size: make it the value of a variable (Initializer), or store it without compression",
			t.Name, n, int64(n)*int64(wide), t.Most)
	}
	return nil
}

// Dtype returns the dtype of the values that Read gives.
func (t Tensor) Dtype() (tensor.Dtype, error) {
	if t.Scale != 0 {
		return tensor.Float32, nil
	}
	dt, ok := t.DType.Working()
	if !ok {
		return dt, errors.Errorf("%q holds elements of type %v, of which there are no tensors", t.Name, t.DType)
	}
	return dt, nil
}

// Read reads the elements, row-major, in the dtype that Dtype returns. Strides that repeat elements, as torch.Tensor.expand makes them,
// may do so four times on average where there are more than 65536.
func (t Tensor) Read() (*tensor.Dense, error) {
	if err := t.checkMost(); err != nil {
		return nil, err
	}
	dt, r, n, err := t.start()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var backing interface{}
	switch dt {
	case tensor.Float32:
		backing, err = read(t, r, n, t.float32s())
	case tensor.Float64:
		backing, err = read(t, r, n, float64s)
	case tensor.Int32:
		backing, err = read(t, r, n, t.int32s())
	case tensor.Int64:
		backing, err = read(t, r, n, t.int64s())
	case tensor.Uint8:
		backing, err = read(t, r, n, uint8s)
	default:
		backing, err = read(t, r, n, bools)
	}
	if err != nil {
		return nil, errors.Wrapf(err, "%q, %v%v", t.Name, t.DType, t.Shape)
	}
	return tensor.New(tensor.WithShape(slices.Clone(t.Shape)...), tensor.WithBacking(backing)), nil
}

// readTo is Read into an array of the tensor's shape and of the dtype that Dtype returns.
func (t Tensor) readTo(out *graph.Array) error {
	dt, r, n, err := t.start()
	if err != nil {
		return err
	}
	defer r.Close()
	switch dt {
	case tensor.Float32:
		err = readInto(out.Float32s(), t, r, n, t.float32s())
	case tensor.Float64:
		err = readInto(out.Float64s(), t, r, n, float64s)
	case tensor.Int32:
		err = readInto(out.Int32s(), t, r, n, t.int32s())
	case tensor.Int64:
		err = readInto(out.Int64s(), t, r, n, t.int64s())
	case tensor.Uint8:
		err = readInto(out.Uint8s(), t, r, n, uint8s)
	default:
		err = readInto(out.Bools(), t, r, n, bools)
	}
	return errors.Wrapf(err, "%q, %v%v", t.Name, t.DType, t.Shape)
}

// start opens the elements, of which there are n to read, to become values of a dtype.
func (t Tensor) start() (dt tensor.Dtype, r io.ReadCloser, n int, err error) {
	if err := t.check(); err != nil {
		return dt, nil, 0, err
	}
	if dt, err = t.Dtype(); err != nil {
		return dt, nil, 0, err
	}
	if n, err = t.span(); err != nil {
		return dt, nil, 0, err
	}
	// A few bytes could stand for any number of elements.
	if all, _ := t.Elements(); all > fewRepeated && all/mostRepeated > n {
		return dt, nil, 0, errors.Errorf("%q: the strides %v make %d elements of %d that are stored; want at most %d times as many", t.Name, t.Strides, all, n, mostRepeated)
	}
	opened, err := t.Open()
	if err != nil {
		return dt, nil, 0, errors.Wrapf(err, "%q", t.Name)
	}
	if r, ok := opened.(io.ReadCloser); ok {
		return dt, r, n, nil
	}
	return dt, io.NopCloser(opened), n, nil
}

// ReadAs is Read with floats of one size turned into those of the other. A tensor that has
// another dtype than dt otherwise is an error.
func (t Tensor) ReadAs(dt tensor.Dtype) (*tensor.Dense, error) {
	have, err := t.Dtype()
	if err != nil {
		return nil, err
	}
	floats := func(dt tensor.Dtype) bool { return dt == tensor.Float32 || dt == tensor.Float64 }
	if have != dt && !(floats(have) && floats(dt)) {
		return nil, errors.Errorf("the stored %q is %v; want %v", t.Name, have, dt)
	}
	x, err := t.Read()
	if err != nil || have == dt {
		return x, err
	}
	if dt == tensor.Float32 {
		return converted[float32](x, graph.Values{x}.Float64s(0)), nil
	}
	return converted[float64](x, graph.Values{x}.Float32s(0)), nil
}

func converted[To, From float32 | float64](x *tensor.Dense, from []From) *tensor.Dense {
	to := make([]To, len(from))
	for i, v := range from {
		to[i] = To(v)
	}
	return tensor.New(tensor.WithShape(x.Shape()...), tensor.WithBacking(to))
}
