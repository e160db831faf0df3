package tensorflow

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// texts is a constant vector of strings.
func texts(name string, values ...string) tffile.NodeDef {
	return def(name+" = Const()", "value", &tffile.Tensor{DType: tffile.String, Shape: []int{len(values)}, Strings: values})
}

// partitioned is a kernel [3 2] in two parts, as tf.get_variable makes it of tf.fixed_size_partitioner(2), with its saver.
func partitioned(slices ...string) tffile.MetaGraph {
	float := tffile.Float32
	parts := []string{string(tffile.VariableDef{Name: "kernel/part_0:0"}.Encode()), string(tffile.VariableDef{Name: "kernel/part_1:0"}.Encode())}
	return tffile.MetaGraph{Collections: map[string]tffile.Collection{graph.TrainableVariables: {Bytes: parts}}, Graph: tffile.GraphDef{Producer: tffile.GraphProducer, Nodes: []tffile.NodeDef{
		placeholderDef("x", float, -1, 3),
		def("kernel/part_0 = VariableV2()", "dtype", float, "shape", tffile.Shape{Sizes: []int{2, 2}}), def("kernel/part_0/read = Identity(kernel/part_0)"),
		def("kernel/part_1 = VariableV2()", "dtype", float, "shape", tffile.Shape{Sizes: []int{1, 2}}), def("kernel/part_1/read = Identity(kernel/part_1)"),
		constDef("kernel/axis", nil, int32(0)), def("kernel = ConcatV2(kernel/part_0/read, kernel/part_1/read, kernel/axis)"), def("y = MatMul(x, kernel)"),
		texts("file", "model"), texts("save/names", "kernel", "kernel"), texts("save/slices", slices...),
		def("save/RestoreV2 = RestoreV2(file, save/names, save/slices)"),
		def("save/Assign = Assign(kernel/part_0, save/RestoreV2)"), def("save/Assign_1 = Assign(kernel/part_1, save/RestoreV2:1)"),
	}}}
}

// kernelFile is a checkpoint of the kernel, which readers give as one tensor.
func kernelFile(t *testing.T) *weights.File {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "model")
	x, err := tffile.New("kernel", []int{3, 2}, []float32{1, 2, 3, 4, 5, 6})
	if err == nil {
		err = tffile.Write(prefix, []tffile.Tensor{x})
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(prefix)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// Each part of a variable begins with its part of the stored tensor, and is trained: without a collection that says so, because a layer uses what
// they make together.
func TestImportPartitioned(t *testing.T) {
	whole := partitioned("3 2 0,2:0,2", "3 2 2,1:-")
	without := whole
	without.Collections = nil
	old := without
	old.Graph.Nodes = slices.Clone(old.Graph.Nodes)
	old.Graph.Nodes[6] = def("kernel = Concat(kernel/axis, kernel/part_0/read, kernel/part_1/read)")
	for name, meta := range map[string]tffile.MetaGraph{"trainable_variables": whole, "no collection": without, "Concat": old} {
		t.Run(name, func(t *testing.T) { testKernel(t, meta, kernelFile(t), 3, 1, 2, 3, 4, 5, 6) })
	}
}

// testKernel imports a graph y = x*kernel with a kernel of so many rows in two parts, which must have these values and be trained.
func testKernel(t *testing.T, meta tffile.MetaGraph, values *weights.File, rows int, want ...float32) {
	t.Helper()
	file, err := NewGraph(meta, values)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := file.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if len(net.Variables) != 2 || net.Variables[0].Name != "kernel/part_0" || net.Variables[1].Name != "kernel/part_1" || len(g.Trainable()) != 2 {
		t.Errorf("the variables are %v, and %d are trained; want the parts", net.Variables, len(g.Trainable()))
	}
	x := tensor.New(tensor.WithShape(rows, rows), tensor.WithBacking(make([]float32, rows*rows)))
	for i := range rows {
		x.Data().([]float32)[i*rows+i] = 1
	}
	got := runNode(t, g, graph.Feeds{net.Inputs[0].Node: x}, net.Outputs[0].Node)
	if !reflect.DeepEqual(got.Data(), want) {
		t.Errorf("the kernel is %v; want %v", got, want)
	}
}

// Savers of version 1 restore each part by a RestoreSlice of its own, from a tensor that is stored in one piece or itself in slices.
func TestImportPartitionedV1(t *testing.T) {
	float := tffile.Float32
	text := func(name, s string) tffile.NodeDef {
		return def(name+" = Const()", "value", &tffile.Tensor{DType: tffile.String, Strings: []string{s}})
	}
	for name, c := range map[string]struct {
		slices [2]string
		shapes [2][]int
		rows   int
		axis   int32
		want   []float32
	}{
		"dense/kernel": {[2]string{"2 3 -:0,2", "2 3 0,2:2,1"}, [2][]int{{2, 2}, {2, 1}}, 2, 1, []float32{1, 2, 3, 4, 5, 6}},
		"embedding":    {[2]string{"3 2 0,2:-", "3 2 2,1:-"}, [2][]int{{2, 2}, {1, 2}}, 3, 0, []float32{0, 1, 2, 3, 4, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			values, err := Open(filepath.Join("testdata", "v1.ckpt"))
			if err != nil {
				t.Fatal(err)
			}
			defer values.Close()
			testKernel(t, tffile.MetaGraph{Graph: tffile.GraphDef{Producer: tffile.GraphProducer, Nodes: []tffile.NodeDef{
				placeholderDef("x", float, -1, c.rows),
				def("kernel/part_0 = VariableV2()", "dtype", float, "shape", tffile.Shape{Sizes: c.shapes[0]}), def("kernel/part_0/read = Identity(kernel/part_0)"),
				def("kernel/part_1 = VariableV2()", "dtype", float, "shape", tffile.Shape{Sizes: c.shapes[1]}), def("kernel/part_1/read = Identity(kernel/part_1)"),
				constDef("axis", nil, c.axis), def("kernel = ConcatV2(kernel/part_0/read, kernel/part_1/read, axis)"), def("y = MatMul(x, kernel)"),
				text("file", "model"), text("save/name", name), text("save/slice_0", c.slices[0]), text("save/slice_1", c.slices[1]),
				def("save/RestoreSlice = RestoreSlice(file, save/name, save/slice_0)"), def("save/Assign = Assign(kernel/part_0, save/RestoreSlice)"),
				def("save/RestoreSlice_1 = RestoreSlice(file, save/name, save/slice_1)"), def("save/Assign_1 = Assign(kernel/part_1, save/RestoreSlice_1)"),
			}}}, values, c.rows, c.want...)
		})
	}
}

func TestImportPartitionedBadInput(t *testing.T) {
	for _, part := range []string{"3 2", "3 2 ", "3 2 0,2", "3 2 0,2:0", "3 2 0,2:0,3", "3 2 -1,2:-", "3 2 2,2:-", "4 2 0,2:-", "3 2 a,2:-", "3 2 1,9223372036854775807:-", "x 2 -:-", "-", "3 2 0,1:-"} {
		file, err := NewGraph(partitioned(part, "3 2 2,1:-"), kernelFile(t))
		if err != nil {
			t.Fatal(err)
		}
		g := graph.New(graph.Config{})
		_, err = file.Import(g.Scope(), network.Config{})
		if err == nil { // a part of another size
			sess, err2 := graph.NewSession(g, graph.SessionConfig{})
			if err2 != nil {
				t.Fatal(err2)
			}
			err = sess.Init()
			sess.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "kernel") {
			t.Errorf("%q: got %v; want an error that names the variable", part, err)
		}
	}
}
