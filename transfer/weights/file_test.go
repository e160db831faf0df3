package weights

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// stored is a tensor whose elements lie in memory.
func stored(name string, d DType, shape []int, order binary.ByteOrder, values interface{}) Tensor {
	var b bytes.Buffer
	if err := binary.Write(&b, order, values); err != nil {
		panic(err)
	}
	return Tensor{Name: name, DType: d, Shape: shape, Held: int64(b.Len()), BigEndian: order == binary.BigEndian,
		Open: Section(bytes.NewReader(b.Bytes()), 0, int64(b.Len()))}
}

func TestReadDtypes(t *testing.T) {
	for _, c := range []struct {
		dtype  DType
		values interface{}
		want   interface{}
	}{
		{Float32, []float32{1.5, -2, float32(math.Inf(1)), 1e-40}, []float32{1.5, -2, float32(math.Inf(1)), 1e-40}},
		{Float64, []float64{1.5, -2, math.Pi, 0}, []float64{1.5, -2, math.Pi, 0}},
		{Float16, []uint16{0x3c00, 0xc000, 0x3555, 1}, []float32{1, -2, 0.33325195, 0x1p-24}},
		{BFloat16, []uint16{0x3f80, 0xc0a0, 0, 0x7f80}, []float32{1, -5, 0, float32(math.Inf(1))}},
		{Int8, []int8{-128, 127, 0, -1}, []int32{-128, 127, 0, -1}},
		{Int16, []int16{-32768, 32767, 0, -1}, []int32{-32768, 32767, 0, -1}},
		{Int32, []int32{math.MinInt32, math.MaxInt32, 0, -1}, []int32{math.MinInt32, math.MaxInt32, 0, -1}},
		{Int64, []int64{math.MinInt64, math.MaxInt64, 0, -1}, []int64{math.MinInt64, math.MaxInt64, 0, -1}},
		{Uint8, []uint8{0, 255, 1, 2}, []uint8{0, 255, 1, 2}},
		{Uint16, []uint16{0, 65535, 1, 2}, []int32{0, 65535, 1, 2}},
		{Uint32, []uint32{0, math.MaxUint32, 1, 2}, []int64{0, math.MaxUint32, 1, 2}},
		{Uint64, []uint64{0, math.MaxInt64, 1, 2}, []int64{0, math.MaxInt64, 1, 2}},
		{Bool, []uint8{0, 1, 1, 0}, []bool{false, true, true, false}},
	} {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			f, err := New("test", []Tensor{stored("x", c.dtype, []int{2, 2}, order, c.values)}, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			v, err := f.Read("x")
			if err != nil {
				t.Errorf("%v: %v", c.dtype, err)
				continue
			}
			if !reflect.DeepEqual(v.Data(), c.want) || !v.Shape().Eq(tensor.Shape{2, 2}) {
				t.Errorf("%v, %v: got %v; want %v", c.dtype, order, v.Data(), c.want)
			}
			if dt, err := f.Tensors()[0].Dtype(); err != nil || dt != v.Dtype() {
				t.Errorf("%v: Dtype gives %v, Read %v", c.dtype, dt, v.Dtype())
			}
		}
	}
}

func TestReadQuantised(t *testing.T) {
	x := stored("x", Uint8, []int{3}, binary.LittleEndian, []uint8{0, 128, 255})
	x.Scale, x.Min = 0.5, -10
	v, err := x.Read()
	if err != nil || !reflect.DeepEqual(v.Data(), []float32{-10, 54, 117.5}) {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestReadStrides(t *testing.T) {
	values := make([]int32, 24)
	for i := range values {
		values[i] = int32(i)
	}
	for name, c := range map[string]struct {
		shape, strides []int
		want           []int32
	}{
		"row-major":       {[]int{2, 3}, []int{3, 1}, []int32{0, 1, 2, 3, 4, 5}},
		"transposed":      {[]int{3, 2}, []int{1, 3}, []int32{0, 3, 1, 4, 2, 5}},
		"Fortran, rank 3": {[]int{2, 3, 2}, []int{1, 2, 6}, []int32{0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11}},
		"broadcast":       {[]int{2, 2}, []int{0, 1}, []int32{0, 1, 0, 1}},
		"axes of size 1":  {[]int{1, 3, 1}, []int{99, 1, 99}, []int32{0, 1, 2}},
		"scalar":          {[]int{}, []int{}, []int32{0}},
		"every other":     {[]int{3}, []int{2}, []int32{0, 2, 4}},
	} {
		x := stored("x", Int32, c.shape, binary.LittleEndian, values)
		x.Strides = c.strides
		v, err := x.Read()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := v.Data()
		if one, ok := got.(int32); ok {
			got = []int32{one}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v; want %v", name, got, c.want)
		}
	}
}

// What is compressed has no known length: memory grows with what comes.
// Strides of 0 repeat elements, but a few bytes may not stand for any number of them.
func TestRepeated(t *testing.T) {
	x := stored("x", Float32, []int{3, 2}, binary.LittleEndian, []float32{1, 2})
	x.Strides = []int{0, 1}
	if v, err := x.Read(); err != nil || !reflect.DeepEqual(v.Data(), []float32{1, 2, 1, 2, 1, 2}) {
		t.Errorf("got %v, %v", v, err)
	}
	x.Shape = []int{1000000000, 2}
	if _, err := x.Read(); err == nil || !strings.Contains(err.Error(), "make 2000000000 elements of 2 that are stored") {
		t.Errorf("got %v", err)
	}
	x.Shape, x.Strides = make([]int, 255), nil
	if _, err := x.Read(); err == nil || !strings.Contains(err.Error(), "255 axes") {
		t.Errorf("got %v", err)
	}
}

func TestReadUnknownLength(t *testing.T) {
	n := 3*firstChunk + 17
	x := stored("x", Uint8, []int{n}, binary.LittleEndian, bytes.Repeat([]byte{7}, n))
	x.Held = -1
	v, err := x.Read()
	if err != nil || len(v.Data().([]uint8)) != n || v.Data().([]uint8)[n-1] != 7 {
		t.Errorf("got %v", err)
	}
	x.Shape = []int{1 << 35}
	if _, err := x.Read(); err == nil || !strings.Contains(err.Error(), "ends after 3145745 of 34359738368 bytes") {
		t.Errorf("a liar: got %v", err)
	}
}

func TestBadInput(t *testing.T) {
	x := stored("x", Float32, []int{4}, binary.LittleEndian, []float32{1, 2, 3, 4})
	with := func(change func(t *Tensor)) []Tensor {
		y := x
		change(&y)
		return []Tensor{y}
	}
	for name, c := range map[string]struct {
		tensors []Tensor
		want    string
	}{
		"twice":            {[]Tensor{x, x}, `two tensors are called "x"`},
		"too large":        {with(func(t *Tensor) { t.Shape = []int{1 << 20, 1 << 20} }), "more than 2^36 elements"},
		"overflow":         {with(func(t *Tensor) { t.Shape = []int{math.MaxInt64, math.MaxInt64} }), "more than 2^36 elements"},
		"empty overflow":   {with(func(t *Tensor) { t.Shape = []int{0, math.MaxInt64, 2, 1 << 40}; t.Strides = []int{1} }), "more than 2^36"},
		"negative":         {with(func(t *Tensor) { t.Shape = []int{-1, -4} }), "negative size"},
		"more than held":   {with(func(t *Tensor) { t.Shape = []int{5} }), "needs 20 bytes, but the file holds 16"},
		"no dtype":         {with(func(t *Tensor) { t.DType = 0 }), "unknown dtype"},
		"dtype of nothing": {with(func(t *Tensor) { t.DType = 99 }), "unknown dtype"},
		"strides":          {with(func(t *Tensor) { t.Strides = []int{1, 1} }), "do not fit the shape"},
		"negative strides": {with(func(t *Tensor) { t.Strides = []int{-1} }), "reach too far"},
		"far strides":      {with(func(t *Tensor) { t.Strides = []int{math.MaxInt64 / 2} }), "reach too far"},
		"past the end":     {with(func(t *Tensor) { t.Strides = []int{2} }), "needs 28 bytes"},
		"NaN":              {with(func(t *Tensor) { t.Scale = math.NaN() }), "finite numbers"},
	} {
		if _, err := New("test", c.tensors, nil, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		tensor Tensor
		want   string
	}{
		"wide":   {stored("x", Uint64, []int{1}, binary.LittleEndian, []uint64{1 << 63}), "9223372036854775808 is above 2^63-1"},
		"bool":   {stored("x", Bool, []int{2}, binary.LittleEndian, []uint8{1, 2}), "a bool has the value 2"},
		"string": {Tensor{Name: "x", DType: String, Shape: []int{1}}, "elements of type string"},
		"opener": {Tensor{Name: "x", DType: Bool, Shape: []int{1}, Held: 1, Open: func() (io.Reader, error) { return nil, io.ErrClosedPipe }}, "closed pipe"},
	} {
		f, err := New("test", []Tensor{c.tensor}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Read("x"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	f, err := New("test", []Tensor{x}, map[string]string{"made by": "hand"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Read("y"); err == nil || !strings.Contains(err.Error(), `no tensor "y"`) {
		t.Errorf("a missing tensor: got %v", err)
	}
	f.Metadata()["made by"] = "nobody"
	if f.Metadata()["made by"] != "hand" || f.Names()[0] != "x" || f.Format() != "test" || f.Close() != nil {
		t.Error("the file says something else of itself")
	}
}

func BenchmarkRead(b *testing.B) {
	x := stored("x", Float32, []int{1 << 24}, binary.LittleEndian, make([]float32, 1<<24))
	b.SetBytes(1 << 26)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if _, err := x.Read(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestTranspose(t *testing.T) {
	x := stored("x", Int32, []int{2, 3, 1, 2}, binary.LittleEndian, []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
	y, err := x.Transpose(2, 3, 1, 0) // OIHW to HWIO
	if err != nil {
		t.Fatal(err)
	}
	v, err := y.Read()
	if err != nil || !v.Shape().Eq(tensor.Shape{1, 2, 3, 2}) || !reflect.DeepEqual(v.Data(), []int32{0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11}) {
		t.Errorf("got %v, %v", v, err)
	}
	back, err := y.Transpose(3, 2, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := back.Read(); err != nil || !reflect.DeepEqual(v.Data(), []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) {
		t.Errorf("and back: got %v, %v", v, err)
	}
	for _, axes := range [][]int{{0, 1, 2}, {0, 1, 2, 2}, {0, 1, 2, 4}, {-1, 1, 2, 3}, {0, 1, 2, 3, 4}} {
		if _, err := x.Transpose(axes...); err == nil {
			t.Errorf("%v: no error", axes)
		}
	}
}

func TestInitializer(t *testing.T) {
	x := stored("w", Float64, []int{2, 2}, binary.LittleEndian, []float64{1, 2, 3, 4.5})
	for want, c := range map[string]struct {
		shape tensor.Shape
		dtype tensor.Dtype
	}{
		"":                            {tensor.Shape{2, 2}, tensor.Float32},
		"has the shape [2 2]; want (": {tensor.Shape{4}, tensor.Float32},
		`"w" is float64; want int32`:  {tensor.Shape{2, 2}, tensor.Int32},
	} {
		g := graph.New(graph.Config{})
		v := graph.Variable(g.Scope(), "v", c.shape, graph.VariableConfig{Dtype: c.dtype, Initializer: Initializer(x), NotTrainable: true})
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		err = sess.Init()
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v; want %s", err, want)
			}
		} else if got, err := sess.Value(v); err != nil || !reflect.DeepEqual(got.Data(), []float32{1, 2, 3, 4.5}) {
			t.Errorf("got %v, %v", got, err)
		}
		sess.Close()
	}
}
