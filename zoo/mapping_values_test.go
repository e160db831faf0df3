package zoo

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/weights"
)

// A state dict whose tensors have, in their order, the values that internal/golden/zoofile.py gives them becomes the values from which the golden tests get PyTorch's outputs:
// each variable gets its tensor, and as PyTorch lays it out.
func TestMappedValues(t *testing.T) {
	for _, l := range publishedFiles(t) {
		switch {
		case l.port != Torchvision || l.width != 0 && l.width != 0.5:
			continue
		case !slices.Contains([]string{"SqueezeNet 1.1", "ShuffleNet v2", "MobileNet v2", "DenseNet-121"}, l.network):
			continue
		}
		t.Run(l.network, func(t *testing.T) {
			i := slices.IndexFunc(Architectures(), func(a Architecture) bool { return a.Name == l.network })
			g := graph.New(graph.Config{})
			x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 224, 224, 3)
			m := Architectures()[i].Build(g.Scope(), x, Config{Port: l.port, Width: l.width})
			vars := m.Variables()
			if len(vars) != len(l.tensors) {
				t.Fatalf("%d variables for %d tensors", len(vars), len(l.tensors))
			}
			stored := make([]weights.Tensor, len(vars))
			for k, v := range vars {
				value := madeWeights(g.NameOf(v), graph.SpecOf(v), uint64(k))
				stored[k] = asPyTorch(t, l.tensors[k].Name, value, g.NameOf(v))
				if !reflect.DeepEqual(stored[k].Shape, l.tensors[k].Shape) {
					t.Fatalf("%s has the shape %v; the %d-th tensor is %s %v", g.NameOf(v), stored[k].Shape, k, l.tensors[k].Name, l.tensors[k].Shape)
				}
			}
			f, err := weights.New("state dict", stored, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			mapping, err := m.Mapping(l.port)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := transfer.Map(f, vars, "", mapping)
			if err != nil {
				t.Fatal(err)
			}
			if err := plan.Complete(); err != nil {
				t.Fatal(err)
			}
			for _, match := range plan.Matched {
				got, err := match.Tensor.Read()
				if err != nil {
					t.Fatal(err)
				}
				k := slices.Index(vars, match.Variable)
				want := madeWeights(match.Name, graph.SpecOf(match.Variable), uint64(k))
				if !reflect.DeepEqual(got.Data(), want.Data()) {
					t.Errorf("%s has other values than %s, the %d-th tensor", match.Name, l.tensors[k].Name, k)
				}
			}
		})
	}
}

// asPyTorch returns a value of ours as PyTorch stores it: kernels OIHW and [out, in].
func asPyTorch(t *testing.T, name string, value *tensor.Dense, variable string) weights.Tensor {
	t.Helper()
	ours := bytesOf(t, name, value)
	axes := map[int][]int{1: {0}, 2: {1, 0}, 4: {3, 2, 0, 1}}[len(ours.Shape)]
	if ends(variable, "depthwise_kernel") {
		axes = []int{2, 3, 0, 1}
	}
	turned, err := ours.Transpose(axes...)
	if err != nil {
		t.Fatal(err)
	}
	x, err := turned.Read()
	if err != nil {
		t.Fatal(err)
	}
	return bytesOf(t, name, x)
}

// bytesOf is a stored tensor.
func bytesOf(t *testing.T, name string, x *tensor.Dense) weights.Tensor {
	t.Helper()
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, x.Data()); err != nil {
		t.Fatal(err)
	}
	return weights.Tensor{Name: name, DType: weights.Float32, Shape: slices.Clone(x.Shape()), Held: int64(b.Len()),
		Open: weights.Section(bytes.NewReader(b.Bytes()), 0, int64(b.Len()))}
}
