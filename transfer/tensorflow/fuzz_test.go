package tensorflow

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// seeds are graphs that import: the test's own, and one of each op.
func seeds() [][]byte {
	out := [][]byte{tffile.GraphDef{Nodes: variablesDefs(), Producer: tffile.GraphProducer}.Encode()}
	meta := tffile.MetaGraph{Graph: tffile.GraphDef{Nodes: variablesDefs(), Producer: tffile.GraphProducer}, Collections: map[string]tffile.Collection{
		"trainable_variables": {Bytes: []string{string(tffile.VariableDef{Name: "kernel:0"}.Encode())}}, "update_ops": {Nodes: []string{"bias/Assign"}}}}
	out = append(out, meta.Encode(), tffile.EncodeSavedModel(meta))
	call := tffile.Func{Name: "f"}
	fn := tffile.Function{Name: "f", Inputs: []tffile.Arg{{Name: "a", DType: tffile.Float32}}, Outputs: []tffile.Arg{{Name: "r", DType: tffile.Float32}},
		Nodes: []tffile.NodeDef{def("b = Relu(a)")}, Returns: map[string]string{"r": "b:activations:0"}}
	return append(out, tffile.GraphDef{Functions: []tffile.Function{fn}, Nodes: []tffile.NodeDef{placeholderDef("x", tffile.Float32, -1, 2), placeholderDef("p", tffile.Bool),
		def("s = Shape(x)"), constDef("k", []int{1}, int32(0)), constDef("l", []int{1}, int32(1)), def("n = StridedSlice(s, k, l, l)"), def("r = Reshape(x, n)"),
		def("c = If(p, r)", "then_branch", call, "else_branch", call), def("y = PartitionedCall(c)", "f", call)}}.Encode())
}

// tryImport imports what a fuzzer makes, as of a file; errors are fine.
func tryImport(b []byte) {
	meta, _, err := parseGraph(&tffile.MessageFile{Message: b, File: bytes.NewReader(b)})
	if err != nil {
		return
	}
	file, err := NewGraph(meta, nil)
	if err != nil {
		return
	}
	if w, err := file.Weights(); err == nil {
		_ = w.Names()
	}
	g := graph.New(graph.Config{})
	net, err := file.Import(g.Scope(), network.Config{})
	if err != nil {
		return
	}
	for _, out := range net.Outputs {
		_, _ = net.Node(out.Name)
	}
	_, _ = net.Node("b")
}

func FuzzImport(f *testing.F) {
	for _, b := range seeds() {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { tryImport(b) })
}

// A file that is cut off, or has bits flipped, is an error or another graph, and takes no memory that it does not pay for.
func TestDamagedGraphs(t *testing.T) {
	for i, b := range seeds() {
		open := func(b []byte) (*weights.File, error) {
			file, err := ParseGraph(b)
			if err != nil {
				return nil, err
			}
			if _, err := file.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err != nil {
				return nil, err
			}
			return file.Weights()
		}
		if _, err := open(b); err != nil {
			t.Fatalf("seed %d: %v", i, err)
		}
		// Cut off between two nodes a graph is a smaller one: only that there is no panic counts.
		for cut := range b {
			tryImport(b[:cut])
		}
		seed := int64(i + 1)
		r := rand.New(rand.NewSource(seed))
		for range 1000 {
			damaged := append([]byte(nil), b...)
			for range 1 + r.Intn(3) {
				damaged[r.Intn(len(damaged))] ^= 1 << r.Intn(8)
			}
			tryImport(damaged)
		}
	}
}

// Every published graph, damaged, imports or says why not.
func TestDamagedPublishedGraph(t *testing.T) {
	b, err := os.ReadFile(weightstest.Published(t, "tf1-checkpoints", "mlp-batchnorm-elu-tf1.9", "my_model_final.ckpt.meta"))
	if err != nil {
		t.Fatal(err)
	}
	const seed = 5
	r := rand.New(rand.NewSource(seed))
	for range 200 {
		damaged := append([]byte(nil), b...)
		damaged[r.Intn(len(damaged))] ^= 1 << r.Intn(8)
		tryImport(damaged)
	}
	for percent := range 100 {
		tryImport(b[:len(b)*percent/100])
	}
}

// A small file that speaks of large tensors takes little memory: constants of equal elements are filled when they are needed.
func TestHugeConstant(t *testing.T) {
	huge := func(d tffile.DType, shape ...int) *tffile.Tensor {
		return &tffile.Tensor{DType: d, Shape: shape, Data: make([]byte, d.Size())}
	}
	for name, nodes := range map[string][]tffile.NodeDef{
		"constant":    {def("k = Const()", "dtype", tffile.Float32, "value", huge(tffile.Float32, 1000, 1000, 1000)), def("y = Relu(k)")},
		"axes":        {placeholderDef("x", tffile.Float32, -1, 2), def("k = Const()", "value", huge(tffile.Int32, 1<<30)), def("y = Sum(x, k)")},
		"fill":        {constDef("n", []int{2}, int32(1<<30), 1<<20), constDef("v", nil, int32(1)), def("f = Fill(n, v)"), placeholderDef("x", tffile.Float32, -1, 2), def("y = Sum(x, f)")},
		"range":       {constDef("a", nil, int32(0)), constDef("b", nil, int32(1<<31-1)), constDef("c", nil, int32(1)), def("y = Range(a, b, c)")},
		"weights":     {placeholderDef("x", tffile.Float32, -1, 1<<20), def("k = Const()", "value", huge(tffile.Float32, 1<<20, 1<<12)), def("y = MatMul(x, k)")},
		"placeholder": {def("k = Const()", "value", huge(tffile.Float32, 1<<30)), def("p = PlaceholderWithDefault(k)", "dtype", tffile.Float32), def("y = Relu(p)")},
		"unpack":      {placeholderDef("x", tffile.Float32, 1<<30, 2), def("y = Unpack(x)")},
		"split":       {placeholderDef("x", tffile.Float32, 1<<30, 2), constDef("a", nil, int32(0)), def("y = Split(a, x)", "num_split", int64(1<<30))},
		"transpose":   {placeholderDef("x", tffile.Float32, 2, 2), def("k = Const()", "value", huge(tffile.Int32, 1000, 1000)), def("y = Transpose(x, k)")},
	} {
		var err error
		if bytes := took(func() { _, _, err = importDefs(t, network.Config{}, tffile.MetaGraph{}, nodes...) }); bytes > 64<<20 {
			t.Errorf("%s: took %d bytes (%v)", name, bytes, err)
		}
	}
}

// Long chains of nodes need no deep stack: this one ends in an op that is not supported, so that nothing is built.
func TestDeepGraph(t *testing.T) {
	const depth = 100_000
	nodes := []tffile.NodeDef{def("n0 = Mystery()")}
	for i := 1; i <= depth; i++ {
		nodes = append(nodes, def(fmt.Sprintf("n%d = Identity(n%d)", i, i-1)))
	}
	if _, _, err := importDefs(t, network.Config{}, tffile.MetaGraph{}, nodes...); err == nil || !strings.Contains(err.Error(), "Mystery (1)") {
		t.Errorf("got %v", err)
	}
	const built = 2000
	nodes[0] = placeholderDef("n0", tffile.Float32, 2)
	g, net, err := importDefs(t, network.Config{}, tffile.MetaGraph{}, nodes[:built]...)
	if err != nil {
		t.Fatal(err)
	}
	got := runNode(t, g, graph.Feeds{net.Inputs[0].Node: tensor.New(tensor.WithBacking([]float32{1, 2}))}, net.Outputs[0].Node)
	if got.Data().([]float32)[1] != 2 {
		t.Errorf("got %v", got)
	}
}
