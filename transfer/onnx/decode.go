package onnx

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// maxDepth is deeper than graphs lie in graphs.
const maxDepth = 16

// decoder makes a Model of its message.
type decoder struct {
	dir string // of files with elements; "" for none
}

func (d *decoder) model(message []byte) (*Model, error) {
	m := &Model{Opsets: map[string]int64{}, Metadata: map[string]string{}}
	err := fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			m.IRVersion = int64(f.value)
		case 2:
			m.Producer = string(f.bytes) + m.Producer
		case 3:
			if len(f.bytes) > 0 {
				m.Producer += " " + string(f.bytes)
			}
		case 7:
			m.Graph, err = d.graph(f.bytes, 0)
		case 8:
			err = m.opset(f.bytes)
		case 14:
			var k, v string
			k, v, err = pair(f.bytes)
			m.Metadata[k] = v
		case 25:
			m.HasOwnFunctions = true
		}
		return err
	})
	if err == nil && (m.Graph == nil || m.IRVersion < 1) {
		err = errors.New("it has no graph or no version; want an ONNX model")
	}
	return m, err
}

func (m *Model) opset(message []byte) error {
	domain, version := "", int64(0)
	err := fields(message, func(f field) error {
		switch f.number {
		case 1:
			domain = string(f.bytes)
		case 2:
			version = int64(f.value)
		}
		return nil
	})
	if domain == "ai.onnx" {
		domain = ""
	}
	m.Opsets[domain] = version
	return err
}

func (d *decoder) graph(message []byte, depth int) (*Graph, error) {
	if depth > maxDepth {
		return nil, errors.Errorf("graphs lie deeper than %d in each other", maxDepth)
	}
	g := &Graph{}
	err := fields(message, func(f field) error {
		switch f.number {
		case 1:
			n, err := d.node(f.bytes, depth)
			g.Nodes = append(g.Nodes, n)
			return err
		case 2:
			g.Name = string(f.bytes)
		case 5:
			t, err := d.tensor(f.bytes)
			g.Initializers = append(g.Initializers, t)
			return err
		case 11, 12, 13:
			v, err := described(f.bytes)
			to := map[int]*[]Value{11: &g.Inputs, 12: &g.Outputs, 13: &g.Values}[int(f.number)]
			*to = append(*to, v)
			return err
		case 15:
			return errors.New("a sparse initializer, which is not supported")
		}
		return nil
	})
	return g, errors.Wrapf(err, "graph %q", g.Name)
}

func (d *decoder) node(message []byte, depth int) (Node, error) {
	n := Node{Attributes: map[string]Attribute{}}
	err := fields(message, func(f field) error {
		switch f.number {
		case 1:
			n.Inputs = append(n.Inputs, string(f.bytes))
		case 2:
			n.Outputs = append(n.Outputs, string(f.bytes))
		case 3:
			n.Name = string(f.bytes)
		case 4:
			n.Op = string(f.bytes)
		case 5:
			name, a, err := d.attribute(f.bytes, depth)
			if err == nil && n.Attributes[name].Type != Other {
				err = errors.Errorf("the attribute %q comes twice", name)
			}
			n.Attributes[name] = a
			return err
		case 7:
			if n.Domain = string(f.bytes); n.Domain == "ai.onnx" {
				n.Domain = ""
			}
		}
		return nil
	})
	return n, errors.Wrapf(err, "node %q, %s", n.Name, n.Op)
}

func (d *decoder) attribute(message []byte, depth int) (name string, a Attribute, err error) {
	err = fields(message, func(f field) (err error) {
		seen := Other
		switch f.number {
		case 1:
			name = string(f.bytes)
		case 2:
			seen, a.Float = Float, floatOf(f)
		case 3:
			seen, a.Int = Int, int64(f.value)
		case 4:
			seen, a.String = String, string(f.bytes)
		case 5:
			var t weights.Tensor
			t, err = d.tensor(f.bytes)
			seen, a.Tensor = Tensor, &t
		case 6:
			seen = Subgraph
			a.Graph, err = d.graph(f.bytes, depth+1)
		case 7:
			seen = Floats
			a.Floats, err = f.floats(a.Floats)
		case 8:
			seen = Ints
			a.Ints, err = f.ints(a.Ints)
		case 9:
			seen, a.Strings = Strings, append(a.Strings, string(f.bytes))
		case 20: // the type, which old models do not say
			if f.value <= uint64(Strings) {
				seen = AttributeType(f.value)
			}
		}
		if seen != Other {
			a.Type = seen
		}
		return err
	})
	return name, a, errors.Wrapf(err, "attribute %q", name)
}

func floatOf(f field) float32 {
	v, err := f.floats(nil)
	if err != nil || len(v) != 1 {
		return 0
	}
	return v[0]
}

// described decodes a ValueInfoProto.
func described(message []byte) (Value, error) {
	var v Value
	err := fields(message, func(f field) error {
		switch f.number {
		case 1:
			v.Name = string(f.bytes)
		case 2:
			return fields(f.bytes, func(f field) error { // TypeProto
				if f.number != 1 {
					return nil // no tensor
				}
				return v.tensorType(f.bytes)
			})
		}
		return nil
	})
	return v, errors.Wrapf(err, "value %q", v.Name)
}

func (v *Value) tensorType(message []byte) error {
	return fields(message, func(f field) error {
		switch f.number {
		case 1:
			v.DType = dtypes[int64(f.value)]
		case 2: // TensorShapeProto
			v.Shape, v.Names = []int{}, []string{}
			return fields(f.bytes, func(f field) error {
				size, name := -1, ""
				err := fields(f.bytes, func(f field) error {
					switch f.number {
					case 1:
						size = int(f.value)
					case 2:
						name = string(f.bytes)
					}
					return nil
				})
				if size < -1 || int64(size) > 1<<36 {
					return errors.Errorf("%q has a size of %d", v.Name, size)
				}
				v.Shape, v.Names = append(v.Shape, size), append(v.Names, name)
				return err
			})
		}
		return nil
	})
}
