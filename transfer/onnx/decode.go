package onnx

import (
	"encoding/binary"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// maxDepth is deeper than graphs lie in graphs.
const maxDepth = 16

// decoder makes a Model of its message.
type decoder struct {
	path string // of its file, in whose folder there may be files with elements; "" for none

	// Attributes of nodes by the bytes that say them. Most layers of a network have the same as others, and share them.
	same map[string]map[string]Attribute
	key  []byte
}

// What parts of a graph take: a node, a set of attributes with up to eight of them and each of
// those that follow, an initializer also in a weights.File, and an input, output or other value.
const (
	nodeBytes       = 112
	attributesBytes = 1216
	attributeBytes  = 320
	tensorBytes     = 432
	valueBytes      = 72
	dimensionBytes  = 24
)

func (d *decoder) model(message part) (*Model, error) {
	m := &Model{Opsets: map[string]int64{}, Metadata: map[string]string{}}
	err := message.fields(func(f field) (err error) {
		switch f.number {
		case 1:
			m.IRVersion = int64(f.value)
		case 2:
			m.Producer = f.text() + m.Producer
		case 3:
			if f.size() > 0 {
				m.Producer += " " + f.text()
			}
		case 7:
			m.Graph, err = d.graph(f.part, 0)
		case 8:
			err = m.opset(f.part)
		case 14:
			var k, v string
			k, v, err = f.pair()
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

func (m *Model) opset(message part) error {
	domain, version := "", int64(0)
	err := message.fields(func(f field) error {
		switch f.number {
		case 1:
			domain = f.text()
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

func (d *decoder) graph(message part, depth int) (*Graph, error) {
	if depth > maxDepth {
		return nil, errors.Errorf("graphs lie deeper than %d in each other", maxDepth)
	}
	n, err := message.counts()
	if err != nil {
		return nil, err
	}
	g := &Graph{
		Nodes: list[Node](message.source, n[1], nodeBytes), Initializers: list[weights.Tensor](message.source, n[5], tensorBytes),
		Inputs: list[Value](message.source, n[11], valueBytes), Outputs: list[Value](message.source, n[12], valueBytes), Values: list[Value](message.source, n[13], valueBytes),
	}
	if message.source.err != nil {
		return nil, message.source.err
	}
	err = message.fields(func(f field) error {
		switch f.number {
		case 1:
			n, err := d.node(f.part, depth)
			g.Nodes = append(g.Nodes, n)
			return err
		case 2:
			g.Name = f.text()
		case 5:
			t, err := d.tensor(f.part)
			g.Initializers = append(g.Initializers, t)
			return err
		case 11, 12, 13:
			v, err := described(f.part)
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

func (d *decoder) node(message part, depth int) (Node, error) {
	count, err := message.counts()
	if err != nil {
		return Node{}, err
	}
	s := message.source
	n := Node{Inputs: list[string](s, count[1], stringBytes), Outputs: list[string](s, count[2], stringBytes)}
	attributes := list[part](s, count[5], partBytes)
	if s.err != nil {
		return n, s.err
	}
	err = message.fields(func(f field) error {
		switch f.number {
		case 1:
			n.Inputs = append(n.Inputs, f.text())
		case 2:
			n.Outputs = append(n.Outputs, f.text())
		case 3:
			n.Name = f.text()
		case 4:
			n.Op = f.text()
		case 5:
			attributes = append(attributes, f.part)
		case 7:
			if n.Domain = f.text(); n.Domain == "ai.onnx" {
				n.Domain = ""
			}
		}
		return nil
	})
	if err == nil {
		n.Attributes, err = d.attributes(attributes, depth)
	}
	return n, errors.Wrapf(err, "node %q, %s", n.Name, n.Op)
}

// mostShared is how many bytes attributes may have that are worth looking for others like them.
const mostShared = 512

// attributes decodes the attributes of a node, nil for none. Those that other nodes have too are theirs.
func (d *decoder) attributes(messages []part, depth int) (map[string]Attribute, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	size := int64(0)
	for _, m := range messages {
		size += m.size()
	}
	d.key = d.key[:0]
	if size <= mostShared {
		for _, m := range messages {
			d.key = append(binary.AppendUvarint(d.key, uint64(m.size())), m.bytes()...)
		}
		if same, ok := d.same[string(d.key)]; ok {
			return same, nil
		}
	}
	source := messages[0].source
	if source.take(attributesBytes + attributeBytes*max(0, len(messages)-8)); source.err != nil {
		return nil, source.err
	}
	all, key := make(map[string]Attribute, min(len(messages), 8)), string(d.key) // inner nodes have keys of their own
	for _, m := range messages {
		name, a, err := d.attribute(m, depth)
		if err == nil && all[name].Type != Other {
			err = errors.Errorf("the attribute %q comes twice", name)
		}
		if err != nil {
			return nil, err
		}
		if all[name] = a; a.Tensor != nil || a.Graph != nil {
			key = "" // these are told apart by what they are, not by what they say
		}
	}
	if key != "" {
		if d.same == nil {
			d.same = map[string]map[string]Attribute{}
		}
		source.take(textBytes + len(key))
		d.same[key] = all
	}
	return all, nil
}

func (d *decoder) attribute(message part, depth int) (name string, a Attribute, err error) {
	n, err := message.counts()
	if err != nil {
		return name, a, err
	}
	if a.Strings = list[string](message.source, n[9], stringBytes); message.source.err != nil {
		return name, a, message.source.err
	}
	err = message.fields(func(f field) (err error) {
		seen := Other
		switch f.number {
		case 1:
			name = f.text()
		case 2:
			seen, a.Float = Float, floatOf(f)
		case 3:
			seen, a.Int = Int, int64(f.value)
		case 4:
			seen, a.String = String, f.text()
		case 5:
			var t weights.Tensor
			f.source.take(tensorBytes)
			t, err = d.tensor(f.part)
			seen, a.Tensor = Tensor, &t
		case 6:
			seen = Subgraph
			a.Graph, err = d.graph(f.part, depth+1)
		case 7:
			seen = Floats
			a.Floats, err = f.floats(a.Floats)
		case 8:
			seen = Ints
			a.Ints, err = f.ints(a.Ints)
		case 9:
			seen, a.Strings = Strings, append(a.Strings, f.text())
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
func described(message part) (Value, error) {
	var v Value
	err := message.fields(func(f field) error {
		switch f.number {
		case 1:
			v.Name = f.text()
		case 2:
			return f.fields(func(f field) error { // TypeProto
				if f.number != 1 {
					return nil // no tensor
				}
				return v.tensorType(f.part)
			})
		}
		return nil
	})
	return v, errors.Wrapf(err, "value %q", v.Name)
}

func (v *Value) tensorType(message part) error {
	return message.fields(func(f field) error {
		switch f.number {
		case 1:
			v.DType = dtypes[int64(f.value)]
		case 2: // TensorShapeProto
			n, err := f.counts()
			if err != nil {
				return err
			}
			if f.source.take(n[1] * dimensionBytes); f.source.err != nil {
				return f.source.err
			}
			v.Shape, v.Names = make([]int, 0, n[1]), make([]string, 0, n[1])
			return f.fields(func(f field) error {
				size, name := -1, ""
				err := f.fields(func(f field) error {
					switch f.number {
					case 1:
						size = int(f.value)
					case 2:
						name = f.text()
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
