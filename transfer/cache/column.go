package cache

import (
	"fmt"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// column is one value of every example: what a node gives, or the labels.
type column struct {
	Name  string `json:"name"`
	Dtype string `json:"dtype"` // of the values: float32, float64, int, int32 or int64
	Shape []int  `json:"shape"` // of one example's value
}

// labels is the name of the column of labels or targets; no node is called that.
const labels = ":labels"

// columnOf is the column of a tensor [batch, ...].
func columnOf(name string, t tensor.Tensor) (column, error) {
	c := column{Name: name, Dtype: t.Dtype().Name(), Shape: append([]int{}, t.Shape()[1:]...)}
	if dtypes[c.Dtype].Type == nil {
		return c, errors.Errorf("%s is %v; want float32, float64, int, int32 or int64", name, t.Dtype())
	}
	return c, nil
}

// dtypes are those that columns have.
var dtypes = map[string]tensor.Dtype{
	tensor.Float32.Name(): tensor.Float32, tensor.Float64.Name(): tensor.Float64,
	tensor.Int.Name(): tensor.Int, tensor.Int32.Name(): tensor.Int32, tensor.Int64.Name(): tensor.Int64,
}

// width is the number of elements of one example.
func (c column) width() int {
	n := 1
	for _, d := range c.Shape {
		n *= d
	}
	return n
}

// elementSize is the number of bytes of an element.
func (c column) elementSize() int { return int(dtypes[c.Dtype].Size()) }

// size is the number of bytes of one example.
func (c column) size() int { return c.width() * c.elementSize() }

func (c column) equal(d column) bool {
	return c.Name == d.Name && c.Dtype == d.Dtype && slices.Equal(c.Shape, d.Shape)
}

// tensor is a tensor [n, ...] of zeros.
func (c column) tensor(n int) *tensor.Dense {
	return tensor.New(tensor.Of(dtypes[c.Dtype]), tensor.WithShape(append([]int{n}, c.Shape...)...))
}

// String is such as "dnn/hidden2/elu float32 [100]".
func (c column) String() string { return fmt.Sprintf("%s %s %v", c.Name, c.Dtype, c.Shape) }
