package weights

import (
	"encoding/binary"
	"io"
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

// unseekable hides that a reader can seek, as those of compressed files cannot.
type unseekable struct{ io.Reader }

func wantInt32s(t *testing.T, what string, x Tensor, shape []int, want ...int32) {
	t.Helper()
	v, err := x.Read()
	if err != nil || !reflect.DeepEqual(v.Data(), want) || !reflect.DeepEqual([]int(v.Shape()), shape) {
		t.Errorf("%s: got %v %v; want %v %v", what, v, err, shape, want)
	}
}

func slice(t *testing.T, x Tensor, axis, from, to int) Tensor {
	t.Helper()
	part, err := x.Slice(axis, from, to)
	if err != nil {
		t.Fatal(err)
	}
	return part
}

func TestSlice(t *testing.T) {
	x := stored("x", Int32, []int{3, 4}, binary.BigEndian, []int32{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23})
	wantInt32s(t, "rows", slice(t, x, 0, 1, 3), []int{2, 4}, 10, 11, 12, 13, 20, 21, 22, 23)
	wantInt32s(t, "columns", slice(t, x, 1, 1, 3), []int{3, 2}, 1, 2, 11, 12, 21, 22)
	wantInt32s(t, "a part of a part", slice(t, slice(t, x, 1, 1, 4), 0, 2, 3), []int{1, 3}, 21, 22, 23)
	wantInt32s(t, "the last column", slice(t, x, 1, 3, 4), []int{3, 1}, 3, 13, 23)
	turned, err := x.Transpose(1, 0)
	if err != nil {
		t.Fatal(err)
	}
	wantInt32s(t, "rows of the transposed", slice(t, turned, 0, 1, 3), []int{2, 3}, 1, 11, 21, 2, 12, 22)
	part := slice(t, x, 0, 2, 3)
	part, err = part.Reshape(2, 2)
	if err != nil {
		t.Fatal(err)
	}
	wantInt32s(t, "rows are row-major", part, []int{2, 2}, 20, 21, 22, 23)
	if v, err := slice(t, x, 0, 1, 1).Read(); err != nil || v.Shape()[0] != 0 {
		t.Errorf("no rows: got %v, %v", v, err)
	}

	open := x.Open
	x.Held = -1
	x.Open = func() (io.Reader, error) { r, err := open(); return unseekable{r}, err }
	wantInt32s(t, "compressed", slice(t, x, 0, 2, 3), []int{1, 4}, 20, 21, 22, 23)
}

// Files may say by strides that a tensor is row-major, as PyTorch's do.
func TestRowMajorStrides(t *testing.T) {
	x := stored("x", Int32, []int{2, 1, 3}, binary.LittleEndian, []int32{0, 1, 2, 3, 4, 5})
	x.Strides = []int{3, 99, 1}
	flat, err := x.Reshape(3, 2)
	if err != nil {
		t.Fatal(err)
	}
	wantInt32s(t, "reshaped", flat, []int{3, 2}, 0, 1, 2, 3, 4, 5)
	joined, err := Join("x", 0, x, x)
	if err != nil {
		t.Fatal(err)
	}
	wantInt32s(t, "joined", joined, []int{4, 1, 3}, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5)
	if part := slice(t, x, 0, 1, 2); part.Strides != nil {
		t.Errorf("a row has the strides %v", part.Strides)
	}
	x.Strides = []int{1, 1, 2}
	if _, err := x.Reshape(6); err == nil {
		t.Error("a tensor that is not row-major is reshaped")
	}
}

func TestSliceBadInput(t *testing.T) {
	x := stored("x", Int32, []int{3, 4}, binary.LittleEndian, make([]int32, 12))
	for _, c := range []struct {
		axis, from, to int
		want           string
	}{{2, 0, 1, "no axis 2"}, {-1, 0, 1, "no axis -1"}, {0, -1, 1, "elements -1 to 1"}, {0, 2, 1, "elements 2 to 1"}, {1, 0, 5, "elements 0 to 5 along axis 1"}} {
		if _, err := x.Slice(c.axis, c.from, c.to); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v", c, err)
		}
	}
	x.Shape = []int{1 << 40, 1 << 40}
	if _, err := x.Slice(0, 1, 2); err == nil || !strings.Contains(err.Error(), "more than 2^36") {
		t.Errorf("an absurd shape: got %v", err)
	}
	x.Shape, x.Held = []int{3, 4}, -1
	x.Open = Section(strings.NewReader("short"), 0, 5)
	part := slice(t, x, 0, 2, 3)
	if _, err := part.Read(); err == nil || !strings.Contains(err.Error(), "ends after 0 of 16 bytes") {
		t.Errorf("a file that ends before the part: got %v", err)
	}
	open := x.Open
	x.Open = func() (io.Reader, error) { r, err := open(); return unseekable{r}, err }
	if _, err := slice(t, x, 0, 2, 3).Read(); err == nil || !strings.Contains(err.Error(), "in the first 32 bytes") {
		t.Errorf("a stream that ends before the part: got %v", err)
	}
}

func TestJoin(t *testing.T) {
	a := stored("a", Int32, []int{2, 1, 2}, binary.LittleEndian, []int32{1, 2, 3, 4})
	b := stored("b", Int32, []int{2, 2, 2}, binary.LittleEndian, []int32{5, 6, 7, 8, 9, 10, 11, 12})
	x, err := Join("x", 1, a, b)
	if err != nil {
		t.Fatal(err)
	}
	if x.Name != "x" || x.Held != 48 {
		t.Errorf("got %+v", x)
	}
	wantInt32s(t, "middle axis", x, []int{2, 3, 2}, 1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12)
	wantInt32s(t, "a part of it", slice(t, x, 1, 0, 2), []int{2, 2, 2}, 1, 2, 5, 6, 3, 4, 9, 10)
	none := stored("none", Int32, []int{2, 0, 2}, binary.LittleEndian, []int32{})
	if x, err = Join("x", 1, none, a, none); err != nil {
		t.Fatal(err)
	}
	wantInt32s(t, "with empty parts", x, []int{2, 1, 2}, 1, 2, 3, 4)
	if x, err = Join("x", 1, none, none); err != nil {
		t.Fatal(err)
	}
	if v, err := x.Read(); err != nil || v.Shape()[1] != 0 {
		t.Errorf("empty parts only: got %v, %v", v, err)
	}
	b.Held = -1
	if x, err = Join("x", 1, a, b); err != nil || x.Held != -1 {
		t.Errorf("compressed: got %d, %v", x.Held, err)
	}
}

// What is cut and joined again is what it was.
func TestSliceThenJoin(t *testing.T) {
	seed := rand.Int63()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewSource(seed))
	for range 200 {
		shape := []int{1 + r.Intn(4), 1 + r.Intn(4), 1 + r.Intn(4)}
		values := make([]int32, shape[0]*shape[1]*shape[2])
		for i := range values {
			values[i] = r.Int31()
		}
		x := stored("x", Int32, shape, binary.LittleEndian, values)
		cut := r.Intn(shape[0] + 1)
		joined, err := Join("x", 0, slice(t, x, 0, 0, cut), slice(t, x, 0, cut, shape[0]))
		if err != nil {
			t.Fatal(err)
		}
		wantInt32s(t, "joined", joined, shape, values...)
		axis := r.Intn(3)
		if x, err = Join("x", axis, x, x); err != nil {
			t.Fatal(err)
		}
		wantInt32s(t, "the first of two", slice(t, x, axis, 0, shape[axis]), shape, values...)
		wantInt32s(t, "the second of two", slice(t, x, axis, shape[axis], 2*shape[axis]), shape, values...)
	}
}

func TestJoinBadInput(t *testing.T) {
	a := stored("a", Int32, []int{2, 2}, binary.LittleEndian, make([]int32, 4))
	turned, _ := a.Transpose(1, 0)
	for name, c := range map[string]struct {
		axis  int
		parts []Tensor
		want  string
	}{
		"no parts":      {0, nil, "no parts"},
		"no such axis":  {2, []Tensor{a}, "no axis 2"},
		"another dtype": {0, []Tensor{a, stored("b", Int64, []int{2, 2}, binary.LittleEndian, make([]int64, 4))}, "stored as int32 and \"b\" as int64"},
		"another shape": {0, []Tensor{a, stored("b", Int32, []int{2, 3}, binary.LittleEndian, make([]int32, 6))}, "differ along axis 0 only"},
		"another rank":  {0, []Tensor{a, stored("b", Int32, []int{4}, binary.LittleEndian, make([]int32, 4))}, "differ along axis 0 only"},
		"transposed":    {0, []Tensor{a, turned}, "not row-major"},
	} {
		if _, err := Join("x", c.axis, c.parts...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	short := a
	short.Held, short.Open = -1, Section(strings.NewReader("12345"), 0, 5)
	x, err := Join("x", 1, a, short)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Read(); err == nil || !strings.Contains(err.Error(), "ends after 13 of 32 bytes") {
		t.Errorf("a part that ends early: got %v", err)
	}
}

func TestConstant(t *testing.T) {
	x := Constant("gamma", 1, 3)
	if v, err := x.Read(); err != nil || !reflect.DeepEqual(v.Data(), []float64{1, 1, 1}) {
		t.Errorf("got %v, %v", v, err)
	}
	if _, err := New("test", []Tensor{x, Constant("scalar", 2), Constant("none", 2, 0)}, nil, nil); err != nil {
		t.Error(err)
	}
}
