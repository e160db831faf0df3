package golden

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// ONNXNode is a test of ONNX's backend test suite: one node, what goes in and what comes out.
type ONNXNode struct {
	Name, Op string
	Ints     map[string][]int  // attributes that are integers or lists of them
	Strings  map[string]string // attributes that are strings
	Inputs   []Array
	Outputs  []Array
}

// onnxNodes is where Debian's libonnx-testdata puts the tests of single nodes.
const onnxNodes = "/usr/share/libonnx-testdata/data/node"

// ONNXNodes returns the tests of ONNX's suite of a single node of type op, whose tensors are float32 or, as sizes and
// places are, int64. The test is skipped where the suite is not installed.
func ONNXNodes(t testing.TB, op string) []ONNXNode {
	t.Helper()
	models, _ := filepath.Glob(filepath.Join(onnxNodes, "*", "model.onnx"))
	if len(models) == 0 {
		t.Skip("ONNX's backend tests are not installed (Debian: apt-get install libonnx-testdata)")
	}
	var nodes []ONNXNode
	for _, path := range models {
		dir := filepath.Dir(path)
		n, err := readONNX(path, op)
		if err == nil && n != nil {
			n.Name = filepath.Base(dir)
			n.Inputs, err = readTensors(filepath.Join(dir, "test_data_set_0", "input_%d.pb"))
			if err == nil {
				n.Outputs, err = readTensors(filepath.Join(dir, "test_data_set_0", "output_%d.pb"))
			}
			if err == errDtype {
				continue
			}
			nodes = append(nodes, *n)
		}
		if err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
	}
	return nodes
}

// readONNX reads the node of a model; nil where the model is not a single node of type op.
func readONNX(path, op string) (*ONNXNode, error) {
	model, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var nodes [][]byte
	err = walk(model, func(f protowire.Number, _ uint64, graph []byte) error {
		if f != 7 { // ModelProto.graph
			return nil
		}
		return walk(graph, func(f protowire.Number, _ uint64, node []byte) error {
			if f == 1 { // GraphProto.node
				nodes = append(nodes, node)
			}
			return nil
		})
	})
	if err != nil || len(nodes) != 1 {
		return nil, err
	}
	n := &ONNXNode{Ints: map[string][]int{}, Strings: map[string]string{}}
	err = walk(nodes[0], func(f protowire.Number, _ uint64, b []byte) error {
		switch f { // of NodeProto
		case 4:
			n.Op = string(b)
		case 5:
			return n.attribute(b)
		}
		return nil
	})
	if n.Op != op {
		return nil, err
	}
	return n, err
}

// attribute reads an AttributeProto.
func (n *ONNXNode) attribute(b []byte) error {
	var name string
	return walk(b, func(f protowire.Number, v uint64, b []byte) error {
		switch f {
		case 1:
			name = string(b)
		case 3, 8: // i, and ints, which are not packed
			n.Ints[name] = append(n.Ints[name], int(v))
		case 4:
			n.Strings[name] = string(b)
		}
		return nil
	})
}

var errDtype = errors.New("a tensor is neither float32 nor int64")

// readTensors reads the files that a pattern names for 0, 1, and so on.
func readTensors(pattern string) ([]Array, error) {
	var arrays []Array
	for {
		b, err := os.ReadFile(fmt.Sprintf(pattern, len(arrays)))
		if os.IsNotExist(err) {
			return arrays, nil
		}
		if err != nil {
			return nil, err
		}
		a := Array{Shape: []int{}}
		const float, int64s = 1, 7
		kind, raw := uint64(float), []byte(nil)
		err = walk(b, func(f protowire.Number, v uint64, b []byte) error {
			switch f { // of TensorProto
			case 1:
				a.Shape = append(a.Shape, int(v))
			case 2:
				kind = v
			case 9: // raw_data
				raw = b
			}
			return nil
		})
		switch {
		case err != nil:
		case kind == float:
			for ; len(raw) >= 4; raw = raw[4:] {
				a.Data = append(a.Data, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw))))
			}
		case kind == int64s:
			for ; len(raw) >= 8; raw = raw[8:] {
				a.Data = append(a.Data, float64(int64(binary.LittleEndian.Uint64(raw))))
			}
		default:
			err = errDtype
		}
		if n := elements(a.Shape); err == nil && len(a.Data) != n {
			err = fmt.Errorf("a tensor has %d elements for shape %v; want raw data", len(a.Data), a.Shape)
		}
		if err != nil {
			return nil, err
		}
		arrays = append(arrays, a)
	}
}

// elements is how many a shape has.
func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// walk visits the fields of a protocol buffer that are integers or bytes.
func walk(b []byte, visit func(f protowire.Number, v uint64, b []byte) error) error {
	for len(b) > 0 {
		f, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		var v uint64
		var field []byte
		switch kind {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			field, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(f, kind, b)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		if kind != protowire.VarintType && kind != protowire.BytesType {
			continue
		}
		if err := visit(f, v, field); err != nil {
			return err
		}
	}
	return nil
}
