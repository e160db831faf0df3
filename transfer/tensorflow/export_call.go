package tensorflow

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/weights"
)

// form is how an op is written.
type form struct {
	// tensorflow lists the ops of TensorFlow that it takes, but for those that only make its arguments (Const, Shape and the like).
	tensorflow string
	// write makes them, and returns the tensor that is the output.
	write func(c *written) (string, error)
}

// written is an op that is being written.
type written struct {
	*exporter
	graph.Description
	node   *gorgonia.Node
	name   string         // its own
	in     []string       // the tensors of its inputs
	specs  []graph.Spec   // and what they are
	aux    map[int]string // the tensors of its extra outputs, counted from 0
	pivots []string       // control edges of an op in a branch that no input leads into
	from   int            // where its nodes begin
}

// attrs are attributes of a node, by name: int is int64, float64 is float32, []int is a list of int64.
type attrs map[string]interface{}

func (a attrs) encode() map[string]tffile.Attr {
	out := map[string]tffile.Attr{}
	for name, v := range a {
		switch x := v.(type) {
		case int:
			v = int64(x)
		case float64:
			v = float32(x)
		case []int:
			list := make([]int64, len(x))
			for i, n := range x {
				list[i] = int64(n)
			}
			v = list
		}
		out[name] = tffile.Attr{Value: v}
	}
	return out
}

// writeOp writes an op by its form, or as the ops that it is made of.
func (e *exporter) writeOp(n *gorgonia.Node, d graph.Description) error {
	c := &written{exporter: e, Description: d, node: n, name: e.own[n], aux: map[int]string{}}
	for _, in := range d.Inputs {
		c.specs = append(c.specs, graph.SpecOf(in))
		c.in = append(c.in, e.tensors[in])
	}
	write := composite
	if f, ok := forms[d.Op]; ok {
		write = f.write
	}
	if d.Op != "Merge" { // whose inputs stand in branches that it leaves
		c.enterBranches()
	}
	c.from = len(e.nodes)
	y, err := write(c)
	if err != nil {
		e.nodes = e.nodes[:c.from]
		return err
	}
	e.tensors[n] = c.finish(y)
	for _, extra := range e.extras[n] {
		e.tensors[extra] = c.aux[e.g.Describe(extra).Output-1]
	}
	return nil
}

// finish gives the node that makes y the op's own name, or passes y on under it, and attaches the control edges.
func (c *written) finish(y string) string {
	last := -1
	for i := c.from; i < len(c.nodes); i++ {
		if c.nodes[i].Name == y {
			last = i
		}
	}
	if last < 0 { // another node's value
		c.addNode(c.name, "Identity", attrs{"T": dtypeOf(c.Spec)}, y)
		last = len(c.nodes) - 1
	} else if y != c.name {
		delete(c.names, y)
		for i := c.from; i < len(c.nodes); i++ {
			for k, in := range c.nodes[i].Inputs {
				if in == y || strings.HasPrefix(in, y+":") || in == "^"+y {
					c.nodes[i].Inputs[k] = strings.Replace(in, y, c.name, 1)
				}
			}
		}
		for key, ref := range c.common {
			if ref == y {
				c.common[key] = c.name
			}
		}
		for k, ref := range c.aux {
			if ref == y || strings.HasPrefix(ref, y+":") {
				c.aux[k] = strings.Replace(ref, y, c.name, 1)
			}
		}
		c.nodes[last].Name = c.name
	}
	for i := c.from; i < len(c.nodes); i++ {
		c.nodes[i].Inputs = append(c.nodes[i].Inputs, c.pivots...)
	}
	for _, before := range c.Control {
		c.nodes[last].Inputs = append(c.nodes[last].Inputs, control(c.tensors[before]))
	}
	return c.name
}

// emit adds a node beneath the op's name and returns its first output.
func (c *written) emit(op string, a attrs, in ...string) string {
	name := c.unique(c.name + "/" + op)
	c.addNode(name, op, a, slices.Clone(in)...)
	return name
}

// op is emit of an op whose only attribute is the dtype T of its operands: that of the first input, or of the output.
func (c *written) op(op string, in ...string) string {
	return c.emit(op, attrs{"T": c.dtype()}, in...)
}

// dtype is that of the op's first input, or of its output.
func (c *written) dtype() tffile.DType {
	if len(c.specs) > 0 {
		return dtypeOf(c.specs[0])
	}
	return dtypeOf(c.Spec)
}

// scalar is a constant of dtype().
func (c *written) scalar(v float64) string { return c.number(c.dtype(), v) }

// number is a scalar constant.
func (c *written) number(d tffile.DType, v float64) string {
	var t tffile.Tensor
	switch d {
	case tffile.Float32:
		t, _ = tffile.New("", nil, []float32{float32(v)})
	case tffile.Float64:
		t, _ = tffile.New("", nil, []float64{v})
	case tffile.Int32:
		t, _ = tffile.New("", nil, []int32{int32(v)})
	case tffile.Uint8:
		t, _ = tffile.New("", nil, []uint8{uint8(v)})
	case tffile.Bool:
		t, _ = tffile.New("", nil, []bool{v != 0})
	default:
		t, _ = tffile.New("", nil, []int64{int64(v)})
	}
	return c.emit("Const", attrs{"dtype": t.DType, "value": &t})
}

// ints is a constant vector of int32.
func (c *written) ints(values ...int) string {
	return c.intsOf([]int{len(values)}, values)
}

func (c *written) intsOf(shape []int, values []int) string {
	list := make([]int32, len(values))
	for i, v := range values {
		list[i] = int32(max(math.MinInt32, min(math.MaxInt32, v)))
	}
	t, _ := tffile.New("", shape, list)
	return c.emit("Const", attrs{"dtype": t.DType, "value": &t})
}

// cast converts a tensor.
func (c *written) cast(x string, from, to tffile.DType) string {
	if from == to {
		return x
	}
	return c.emit("Cast", attrs{"SrcT": from, "DstT": to}, x)
}

// shape is the shape of a tensor as a vector of int32.
func (c *written) shape(x string, d tffile.DType) string {
	return c.emit("Shape", attrs{"T": d, "out_type": tffile.Int32}, x)
}

// size is the number of elements of a tensor as a scalar of dtype to.
func (c *written) size(x string, d, to tffile.DType) string {
	return c.cast(c.emit("Size", attrs{"T": d, "out_type": tffile.Int32}, x), tffile.Int32, to)
}

// reshape gives a tensor sizes, one of which may be -1.
func (c *written) reshape(x string, d tffile.DType, sizes ...int) string {
	return c.reshapeTo(x, d, c.ints(sizes...))
}

func (c *written) reshapeTo(x string, d tffile.DType, shape string) string {
	return c.emit("Reshape", attrs{"T": d, "Tshape": tffile.Int32}, x, shape)
}

// reduce reduces a tensor of dtype() along axes.
func (c *written) reduce(op, x string, keep bool, axes ...int) string {
	a := attrs{"T": c.dtype(), "Tidx": tffile.Int32, "keep_dims": keep}
	if op == "All" || op == "Any" {
		delete(a, "T")
	}
	return c.emit(op, a, x, c.ints(axes...))
}

// int, float, ints of the op's own attributes.
func (c *written) intAttr(name string) int { v, _ := c.Attrs[name].(int); return v }

func (c *written) floatAttr(name string) float64 { v, _ := c.Attrs[name].(float64); return v }

func (c *written) boolAttr(name string) bool { v, _ := c.Attrs[name].(bool); return v }

func (c *written) stringAttr(name string) string { v, _ := c.Attrs[name].(string); return v }

func (c *written) intsAttr(name string) []int {
	switch v := c.Attrs[name].(type) {
	case []int:
		return v
	case tensor.Shape:
		return v
	}
	return nil
}

func (c *written) pairAttr(name string) [2]int { v, _ := c.Attrs[name].([2]int); return v }

// axis is the op's attribute "axis" of an input of so many axes, counted from the first.
func (c *written) axis(rank int) int {
	a := c.intAttr("axis")
	if a < 0 {
		a += rank
	}
	return a
}

// dtypeOf is a dtype as TensorFlow has it; int is its int64.
func dtypeOf(sp graph.Spec) tffile.DType { return tffile.DTypeOf(sp.Dtype.Type) }

func protoShape(sp graph.Spec) tffile.Shape { return tffile.Shape{Sizes: append([]int{}, sp.Shape...)} }

// tensorProto is a value as TensorFlow stores it.
func tensorProto(v *tensor.Dense) (tffile.Tensor, error) {
	var b bytes.Buffer
	if err := weights.WriteElements(&b, v); err != nil {
		return tffile.Tensor{}, err
	}
	return tffile.Tensor{DType: tffile.DTypeOf(v.Dtype().Type), Shape: append([]int{}, v.Shape()...), Data: b.Bytes()}, nil
}

// without says why an op has no form.
func without(format string, args ...interface{}) error {
	return errors.WithMessage(errNoForm, fmt.Sprintf(format, args...))
}
