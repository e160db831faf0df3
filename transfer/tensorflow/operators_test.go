package tensorflow

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
)

// opCase is a case of testdata/ops.json.gz, which internal/golden/tfops.py writes.
type opCase struct {
	Op              string
	Attrs           map[string]interface{}
	Inputs, Outputs []opArray
}

type opArray struct {
	Dtype string
	Shape []int
	Data  []interface{}
	As    string // "const", "known" (fed, of a known shape) or "fed"
}

func (a opArray) numbers(t *testing.T) []float64 {
	t.Helper()
	out := make([]float64, len(a.Data))
	for i, v := range a.Data {
		switch v := v.(type) {
		case float64:
			out[i] = v
		case bool:
			if v {
				out[i] = 1
			}
		case string: // nan, inf
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				t.Fatal(err)
			}
			out[i] = f
		}
	}
	return out
}

// value is the array in its dtype.
func (a opArray) value(t *testing.T) (tffile.Tensor, interface{}) {
	n := a.numbers(t)
	var out tffile.Tensor
	var v interface{}
	var err error
	switch a.Dtype {
	case "float32":
		list := make([]float32, len(n))
		for i, e := range n {
			list[i] = float32(e)
		}
		out, err = tffile.New("", a.Shape, list)
		v = list
	case "int32":
		list := make([]int32, len(n))
		for i, e := range n {
			list[i] = int32(e)
		}
		out, err = tffile.New("", a.Shape, list)
		v = list
	case "bool":
		list := make([]bool, len(n))
		for i, e := range n {
			list[i] = e != 0
		}
		out, err = tffile.New("", a.Shape, list)
		v = list
	default:
		t.Fatalf("dtype %s", a.Dtype)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Shape) == 0 {
		switch list := v.(type) {
		case []float32:
			return out, list[0]
		case []int32:
			return out, list[0]
		case []bool:
			return out, list[0]
		}
	}
	return out, tensor.New(tensor.WithShape(a.Shape...), tensor.WithBacking(v))
}

var opDtypes = map[string]tffile.DType{"float32": tffile.Float32, "int32": tffile.Int32, "int64": tffile.Int64, "bool": tffile.Bool}

// attrs makes attributes of what JSON has.
func (c opCase) attrs() map[string]tffile.Attr {
	out := map[string]tffile.Attr{}
	for name, v := range c.Attrs {
		switch v := v.(type) {
		case float64:
			if v == math.Trunc(v) && name != "epsilon" && name != "bias" && name != "beta" && name != "alpha" {
				out[name] = tffile.Attr{Value: int64(v)}
			} else {
				out[name] = tffile.Attr{Value: float32(v)}
			}
		case bool, string:
			out[name] = tffile.Attr{Value: v}
		case map[string]interface{}:
			if d, ok := v["type"].(string); ok {
				out[name] = tffile.Attr{Value: opDtypes[d]}
			}
		case []interface{}:
			var ints []int64
			var texts []string
			for _, e := range v {
				switch e := e.(type) {
				case float64:
					ints = append(ints, int64(e))
				case string:
					texts = append(texts, e)
				}
			}
			out[name] = tffile.Attr{Value: ints}
			if texts != nil {
				out[name] = tffile.Attr{Value: texts}
			}
		}
	}
	return out
}

func opCases(t *testing.T) []opCase {
	t.Helper()
	f, err := os.Open("testdata/ops.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var cases []opCase
	if err := json.NewDecoder(z).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// Every op gives what NumPy and PyTorch say, for inputs whose sizes the graph knows and for others.
func TestOps(t *testing.T) {
	for i, c := range opCases(t) {
		for _, known := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s %d known=%v", c.Op, i, known), func(t *testing.T) { c.run(t, known) })
		}
	}
}

func (c opCase) run(t *testing.T, known bool) {
	node := tffile.NodeDef{Name: "scope/result", Op: c.Op, Attrs: c.attrs()}
	var nodes []tffile.NodeDef
	values := map[string]interface{}{}
	for i, in := range c.Inputs {
		name := fmt.Sprintf("in%d", i)
		stored, v := in.value(t)
		def := tffile.NodeDef{Name: name, Op: "Const", Attrs: map[string]tffile.Attr{"dtype": {Value: stored.DType}, "value": {Value: &stored}}}
		if in.As != "const" {
			shape := slices.Clone(in.Shape)
			for a := range shape {
				if !known && in.As != "known" {
					shape[a] = -1
				}
			}
			def = tffile.NodeDef{Name: name, Op: "Placeholder", Attrs: map[string]tffile.Attr{"dtype": {Value: stored.DType}, "shape": {Value: tffile.Shape{Sizes: shape}}}}
			values[name] = v
		}
		nodes = append(nodes, def)
		node.Inputs = append(node.Inputs, name)
	}
	def := tffile.GraphDef{Nodes: append(nodes, node), Producer: tffile.GraphProducer}
	file, err := ParseGraph(def.Encode())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for k := range c.Outputs {
		names = append(names, fmt.Sprintf("scope/result:%d", k))
	}
	g := graph.New(graph.Config{})
	net, err := file.Import(g.Scope(), network.Config{Outputs: names})
	if err != nil {
		t.Fatal(err)
	}
	if x, ok := g.Lookup("scope/result"); !ok || x != net.Outputs[0].Node {
		t.Errorf("the graph's node scope/result is %v, not the output", x)
	}
	feeds := graph.Feeds{}
	for _, in := range net.Inputs {
		feeds[in.Node] = values[in.Name]
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	for k, want := range c.Outputs {
		out, err := sess.Run(feeds, net.Outputs[k].Node)
		if err != nil {
			t.Fatal(err)
		}
		x := out.Tensor(0)
		if !slices.Equal([]int(x.Shape()), want.Shape) && len(x.Shape())+len(want.Shape) > 0 {
			t.Fatalf("output %d has the shape %v; want %v", k, x.Shape(), want.Shape)
		}
		got := elementsOf(x)
		for i, w := range want.numbers(t) {
			if d := math.Abs(got[i] - w); !(d <= 1e-5*math.Max(1, math.Abs(w))) && got[i] != w && !(math.IsNaN(w) && math.IsNaN(got[i])) {
				t.Fatalf("output %d, element %d is %v; want %v", k, i, got[i], w)
			}
		}
	}
}

func elementsOf(x *tensor.Dense) []float64 {
	var out []float64
	switch v := x.Data().(type) {
	case []float32:
		for _, e := range v {
			out = append(out, float64(e))
		}
	case []int32:
		for _, e := range v {
			out = append(out, float64(e))
		}
	case []int64:
		for _, e := range v {
			out = append(out, float64(e))
		}
	case []bool:
		for _, e := range v {
			if e {
				out = append(out, 1)
			} else {
				out = append(out, 0)
			}
		}
	case float32:
		out = append(out, float64(v))
	case int32:
		out = append(out, float64(v))
	case bool:
		if v {
			return []float64{1}
		}
		return []float64{0}
	}
	return out
}
