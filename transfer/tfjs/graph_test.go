package tfjs

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// goldenGraph is a model of internal/golden/tfjsgraphs.js.
type goldenGraph struct {
	Name           string
	Model          json.RawMessage
	Weights        []byte
	Feeds, Outputs map[string]goldenTensor
}

type goldenTensor struct {
	Shape []int
	DType string
	Data  []float64
}

func (x goldenTensor) dense() *tensor.Dense {
	var backing interface{}
	switch x.DType {
	case "float32":
		backing = converted(x.Data, func(v float64) float32 { return float32(v) })
	case "int32":
		backing = converted(x.Data, func(v float64) int32 { return int32(v) })
	default:
		backing = converted(x.Data, func(v float64) bool { return v != 0 })
	}
	return tensor.New(tensor.WithShape(x.Shape...), tensor.WithBacking(backing))
}

func converted[T any](data []float64, convert func(v float64) T) []T {
	out := make([]T, len(data))
	for i, v := range data {
		out[i] = convert(v)
	}
	return out
}

func goldenGraphs(t testing.TB) (all []goldenGraph) {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "graphs.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err == nil {
		err = json.NewDecoder(unpacked).Decode(&all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (c goldenGraph) folder() fstest.MapFS {
	return fstest.MapFS{"model.json": {Data: c.Model}, "weights.bin": {Data: c.Weights}}
}

// Every op gives what TensorFlow.js gives.
func TestGoldenGraphs(t *testing.T) {
	all := goldenGraphs(t)
	outputs := 0
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) { outputs += c.check(t) })
	}
	if len(all) < 127 || outputs < 300 {
		t.Errorf("only %d outputs of %d models were compared", outputs, len(all))
	}
}

// check compares a model's outputs, and returns how many.
func (c goldenGraph) check(t *testing.T) int {
	m, err := ParseGraph(c.folder(), "model.json")
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err == nil {
		defer sess.Close()
		err = sess.Init()
	}
	if err != nil {
		t.Fatal(err)
	}
	feeds := graph.Feeds{}
	for name, x := range c.Feeds {
		n, err := net.Node(name)
		if err != nil {
			t.Fatal(err)
		}
		feeds[n] = x.dense()
	}
	for name, want := range c.Outputs {
		n, err := net.Node(name)
		if err != nil {
			t.Error(err)
			continue
		}
		out, err := sess.Run(feeds, n)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, ok := out[0].(tensor.Tensor)
		if !ok {
			got = tensor.New(tensor.FromScalar(out[0]))
		}
		want.compare(t, name, got)
	}
	return len(c.Outputs)
}

func (x goldenTensor) compare(t *testing.T, name string, got tensor.Tensor) {
	t.Helper()
	want := x.dense()
	if !slices.Equal(got.Shape(), want.Shape()) {
		t.Errorf("%s: the shape %v; want %v", name, got.Shape(), want.Shape())
		return
	}
	values := numbers(got)
	for i, w := range x.Data {
		if v := values[i]; !(math.Abs(v-w) <= 2e-6*math.Max(1, math.Abs(w))) {
			t.Errorf("%s: element %d is %v; want %v\n%v\nwant %v", name, i, v, w, values, x.Data)
			return
		}
	}
}

func numbers(x tensor.Tensor) []float64 {
	switch data := x.Data().(type) {
	case float32:
		return []float64{float64(data)}
	case int32:
		return []float64{float64(data)}
	case int64:
		return []float64{float64(data)}
	case bool:
		return numbers(tensor.New(tensor.WithShape(1), tensor.WithBacking([]bool{data})))
	case []float32:
		return numeric(data)
	case []int32:
		return numeric(data)
	case []int64:
		return numeric(data)
	case []bool:
		out := make([]float64, len(data))
		for i, v := range data {
			if v {
				out[i] = 1
			}
		}
		return out
	}
	return nil
}

func numeric[T float32 | int32 | int64](data []T) []float64 {
	out := make([]float64, len(data))
	for i, v := range data {
		out[i] = float64(v)
	}
	return out
}

// plus is a graph model that adds a weight; %s is more of the model.
const plus = `{"weightsManifest": [{"paths": ["s0"], "weights": [{"name": "c", "shape": [2], "dtype": "float32"}]}], "modelTopology": {"node": [
	{"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": [{"size": "2"}]}}}},
	{"name": "call", "op": "PartitionedCall", "input": ["x"], "attr": {"f": {"func": {"name": "plus"}}, "Tin": {"list": {"type": ["DT_FLOAT"]}}, "Tout": {"list": {"type": ["DT_FLOAT"]}}}},
	{"name": "y", "op": "Neg", "input": ["call"]}],
	"library": {"function": [{"signature": {"name": "plus", "inputArg": [{"name": "a", "type": "DT_FLOAT"}], "outputArg": [{"name": "sum", "type": "DT_FLOAT"}]},
		"nodeDef": [{"name": "c", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "2"}]}}}}},
			{"name": "add", "op": "AddV2", "input": ["a", "c:output:0"], "attr": {"T": {"type": "DT_FLOAT"}}}], "ret": {"sum": "add:z:0"}}]}}%s}`

// A function's constants lie beside the graph, and signatures in one of two places.
func TestGraphs(t *testing.T) {
	signature := `{"outputs": {"result": {"name": "y:0", "dtype": "DT_FLOAT"}}}`
	for more, output := range map[string]string{
		"":                            "y:0",
		`, "signature": ` + signature: "result",
		`, "userDefinedMetadata": {"signature": ` + signature + `}`: "result",
		`, "userDefinedMetadata": {"author": 3}`:                    "y:0",
	} {
		m, err := ParseGraph(folder(fmt.Sprintf(plus, more), "\x00\x00\x80\x3f\x00\x00\x00\xc0"), "model.json")
		if err != nil {
			t.Error(err)
			continue
		}
		g := graph.New(graph.Config{})
		net, err := m.Import(g.Scope(), network.Config{})
		if err != nil {
			t.Error(err)
			continue
		}
		if len(net.Inputs) != 1 || len(net.Outputs) != 1 || strings.TrimSuffix(net.Outputs[0].Name, ":0") != strings.TrimSuffix(output, ":0") {
			t.Errorf("%q: the inputs %v and outputs %v; want %s", more, net.Inputs, net.Outputs, output)
			continue
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err == nil {
			defer sess.Close()
			err = sess.Init()
		}
		if err != nil {
			t.Error(err)
			continue
		}
		out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: []float32{1, 2}}, net.Outputs[0].Node)
		if err != nil || !slices.Equal(out.Float32s(0), []float32{-2, 0}) {
			t.Errorf("%q: %v, %v", more, out, err)
		}
	}
}

func TestBadGraphs(t *testing.T) {
	topology := func(t string) string { return `{"weightsManifest": [], "modelTopology": ` + t + `}` }
	for model, want := range map[string]string{
		`[]`:                                              "no modelTopology with a graph",
		topology(`{"class_name": "Model"}`):               "not a layers model",
		topology(`{"model_config": {}}`):                  "not a layers model",
		topology(`[]`):                                    "modelTopology: JSON of a GraphDef, byte 1: an object is wanted",
		topology(`{"node": [{"name": "a"}]}`):             "want a name and an op",
		topology(`{"node": [{"name": {}}]}`):              `"node": "name": a string is wanted`,
		topology(`{}`)[:20] + `}`:                         "no JSON object",
		topology(`{}, "signature": {"inputs": {"x": 3}}`): `signature: JSON of a SignatureDef, byte 18: "inputs": "x": an object is wanted`,
		topology(`{"node": {"name": "a", "op": "A", "attr": {"x": ` + strings.Repeat(`{"func": {"attr": {"x": `, 60) + `{}` + strings.Repeat("}}}", 60) + `}}}`): "deeper than",
	} {
		if _, err := ParseGraph(folder(model), "model.json"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.100s: %v; want %s", model, err, want)
		}
	}
	if _, err := OpenGraph(filepath.Join(t.TempDir(), "model.json")); err == nil {
		t.Error("no error for a file that is not there")
	}
}

// constants opens the weights of a graph model.
func constants(folder fstest.MapFS) (*weights.File, error) {
	m, err := ParseGraph(folder, "model.json")
	if err != nil {
		return nil, err
	}
	return m.Weights()
}

func TestDamagedGraphs(t *testing.T) {
	weightstest.Damage(t, []byte(fmt.Sprintf(plus, "")), 32, func(b []byte) (*weights.File, error) { return constants(folder(string(b), "12345678")) })
}

func FuzzGraph(f *testing.F) {
	f.Add(fmt.Sprintf(plus, ""), []byte("12345678"))
	for _, c := range goldenGraphs(f)[:3] {
		f.Add(string(c.Model), c.Weights)
	}
	f.Fuzz(func(t *testing.T, model string, data []byte) {
		weightstest.Fuzz([]byte(model), func(b []byte) (*weights.File, error) { return constants(folder(string(b), string(data))) })
	})
}
