package tensorflow

import (
	"path/filepath"
	"reflect"
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

// Each part of a variable begins with its part of the stored tensor.
func TestImportPartitioned(t *testing.T) {
	file, err := NewGraph(partitioned("3 2 0,2:0,2", "3 2 2,1:-"), kernelFile(t))
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := file.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if len(net.Variables) != 2 || net.Variables[0].Name != "kernel/part_0" || net.Variables[1].Name != "kernel/part_1" || len(g.Trainable()) != 2 {
		t.Errorf("the variables are %v; want the parts, which are trained", net.Variables)
	}
	x := tensor.New(tensor.WithShape(3, 3), tensor.WithBacking([]float32{1, 0, 0, 0, 1, 0, 0, 0, 1}))
	got := runNode(t, g, graph.Feeds{net.Inputs[0].Node: x}, net.Outputs[0].Node)
	if want := []float32{1, 2, 3, 4, 5, 6}; !reflect.DeepEqual(got.Data(), want) {
		t.Errorf("the kernel is %v; want %v", got, want)
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
