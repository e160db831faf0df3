package tensorflow

import (
	"math"
	"reflect"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// variableNodes are the nodes of a variable: the variable itself, the op that gives it its first value, that value, and what reads it.
type variableNodes struct{ ref, assign, initial, read string }

// writeVariable writes a variable as tf.get_variable does, or, in a frozen graph, as a constant.
func (e *exporter) writeVariable(v *gorgonia.Node, d graph.Description) error {
	name, dt := e.own[v], dtypeOf(d.Spec)
	h := variableNodes{ref: name, read: e.unique(name + "/read")}
	located := attrs{"T": dt, "_class": []string{"loc:@" + name}}
	if e.frozen != nil {
		values, err := e.frozen.Values(v)
		if err != nil {
			return err
		}
		t, err := tensorProto(values[0])
		if err != nil {
			return err
		}
		e.addNode(name, "Const", attrs{"dtype": dt, "value": &t})
	} else {
		var err error
		if h.initial, err = e.writeInitial(v, d); err != nil {
			return err
		}
		e.addNode(name, "VariableV2", attrs{"dtype": dt, "shape": protoShape(d.Spec), "container": "", "shared_name": ""})
		h.assign = e.unique(name + "/Assign")
		e.addNode(h.assign, "Assign", attrs{"T": dt, "_class": located["_class"], "use_locking": true, "validate_shape": true}, name, h.initial)
	}
	e.addNode(h.read, "Identity", located, name)
	e.handles[v], e.tensors[v] = h, h.read
	return nil
}

// maxInitialConst is the number of elements up to which an initial value is written as a constant of the variable's shape.
const maxInitialConst = 1024

// writeInitial writes the first value of a variable and returns its tensor.
func (e *exporter) writeInitial(v *gorgonia.Node, d graph.Description) (string, error) {
	draw, err := e.g.InitialDrawOf(v)
	if err != nil {
		return "", err
	}
	dt, prefix := dtypeOf(d.Spec), e.own[v]+"/Initializer/"
	constant := func(name string, v *tensor.Dense) (string, error) {
		t, err := tensorProto(v)
		name = e.unique(name)
		e.addNode(name, "Const", attrs{"dtype": t.DType, "value": &t})
		return name, err
	}
	var first interface{} = false // of equal elements
	if d.Spec.Dtype != tensor.Bool {
		first = reflect.Zero(d.Spec.Dtype.Type).Interface()
	}
	switch {
	case draw.Distribution != "":
		return e.writeDraw(prefix, d.Spec, draw)
	case draw.Value != nil && (d.Spec.Shape.TotalSize() <= maxInitialConst):
		return constant(prefix+"Const", draw.Value)
	case draw.Value != nil:
		if one, equal := sameElements(draw.Value); equal {
			first = one
		}
	}
	shape := make([]int32, d.Spec.Rank())
	for i, n := range d.Spec.Shape {
		shape[i] = int32(n)
	}
	dims, err := constant(prefix+"Fill/dims", tensor.New(tensor.WithShape(len(shape)), tensor.WithBacking(shape)))
	if err != nil {
		return "", err
	}
	value, err := constant(prefix+"Fill/value", tensor.New(tensor.FromScalar(first)))
	if err != nil {
		return "", err
	}
	fill := e.unique(prefix + "Fill")
	e.addNode(fill, "Fill", attrs{"T": dt, "index_type": tffile.Int32}, dims, value)
	return fill, nil
}

// sameElements returns the element that all of a tensor equal, bit for bit.
func sameElements(t *tensor.Dense) (first interface{}, ok bool) {
	p, err := tensorProto(t)
	if err != nil {
		return nil, false
	}
	width := p.DType.Size()
	for i := width; i < len(p.Data); i++ {
		if p.Data[i] != p.Data[i-width] {
			return nil, false
		}
	}
	return reflect.ValueOf(t.Data()).Index(0).Interface(), true
}

// randomOps are the ops and the scopes by which TensorFlow's initializers draw.
var randomOps = map[string]struct{ op, scope string }{
	"uniform":          {"RandomUniform", "random_uniform"},
	"normal":           {"RandomStandardNormal", "random_normal"},
	"truncated_normal": {"TruncatedNormal", "truncated_normal"},
}

// writeDraw writes a random value with the nodes of tf.random_uniform, tf.random_normal or tf.truncated_normal.
func (e *exporter) writeDraw(prefix string, sp graph.Spec, draw graph.InitialDraw) (string, error) {
	kind, dt := randomOps[draw.Distribution], dtypeOf(sp)
	out := e.unique(prefix + kind.scope)
	at := out + "/"
	scalar := func(name string, v float64) string {
		t := tffile.Tensor{}
		if dt == tffile.Float64 {
			t, _ = tffile.New("", nil, []float64{v})
		} else {
			t, _ = tffile.New("", nil, []float32{float32(v)})
		}
		name = e.unique(at + name)
		e.addNode(name, "Const", attrs{"dtype": dt, "value": &t})
		return name
	}
	op := func(name, op string, a attrs, in ...string) string {
		name = e.unique(at + name)
		e.addNode(name, op, a, in...)
		return name
	}
	shape := make([]int32, sp.Rank())
	for i, n := range sp.Shape {
		shape[i] = int32(min(n, math.MaxInt32))
	}
	dims, err := tffile.New("", []int{len(shape)}, shape)
	if err != nil {
		return "", err
	}
	size := op("shape", "Const", attrs{"dtype": dims.DType, "value": &dims})
	drawn := op(kind.op, kind.op, attrs{"T": tffile.Int32, "dtype": dt, "seed": 0, "seed2": 0}, size)
	T := attrs{"T": dt}
	if draw.Distribution == "uniform" {
		lo, hi := scalar("min", draw.A), scalar("max", draw.B)
		e.addNode(out, "Add", T, op("mul", "Mul", T, drawn, op("sub", "Sub", T, hi, lo)), lo)
		return out, nil
	}
	mean, stddev := scalar("mean", draw.A), scalar("stddev", draw.B)
	e.addNode(out, "Add", T, op("mul", "Mul", T, drawn, stddev), mean)
	return out, nil
}
