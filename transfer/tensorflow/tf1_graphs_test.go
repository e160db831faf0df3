package tensorflow

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
)

// The shadow variable of tf.train.ExponentialMovingAverage begins as the variable's initialized_value(), a condition.
func TestImportMovingAverage(t *testing.T) {
	float, scalar := tffile.Float32, tffile.Shape{Sizes: []int{}}
	nodes := []tffile.NodeDef{constDef("three", nil, float32(3)),
		def("w = VariableV2()", "dtype", float, "shape", scalar), def("w/Assign = Assign(w, three)"), def("w/read = Identity(w)"),
		def("cond/is = IsVariableInitialized(w)"), def("cond/Switch = Switch(cond/is, cond/is)"), def("cond/pred = Identity(cond/is)"),
		def("cond/w = Switch(w/read, cond/pred)"), def("cond/first = Switch(three, cond/pred)"), def("cond/Merge = Merge(cond/first, cond/w:1)"),
		def("w/ExponentialMovingAverage = VariableV2()", "dtype", float, "shape", scalar),
		def("w/ExponentialMovingAverage/Assign = Assign(w/ExponentialMovingAverage, cond/Merge)"),
		def("w/ExponentialMovingAverage/read = Identity(w/ExponentialMovingAverage)"),
		// the average moves by (average - w) * (1 - decay) after w was written
		constDef("rate", nil, float32(0.25)), def("step = AssignAdd(w, three)"), def("now = Identity(w, ^step)"),
		def("difference = Sub(w/ExponentialMovingAverage/read, now)"), def("delta = Mul(difference, rate)"),
		def("average = AssignSub(w/ExponentialMovingAverage, delta)"),
	}
	g, net, err := importDefs(t, network.Config{Outputs: []string{"average"}}, tffile.MetaGraph{}, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	if got := runNode(t, g, nil, net.Outputs[0].Node); got.Data() != float32(3.75) {
		t.Errorf("the average is %v; want 3.75", got)
	}
}

// tf.nn.dropout of TensorFlow 1 with a placeholder for keep_prob keeps all at 1, and scales what it keeps at 1/2.
func TestImportDropout(t *testing.T) {
	float := tffile.Float32
	nodes := []tffile.NodeDef{placeholderDef("x", float, -1, 50), placeholderDef("keep_prob", float),
		def("dropout/Shape = Shape(x)"), constDef("dropout/min", nil, float32(0)), constDef("dropout/max", nil, float32(1)),
		def("dropout/sub = Sub(dropout/max, dropout/min)"),
		def("dropout/RandomUniform = RandomUniform(dropout/Shape)", "dtype", float), def("dropout/mul = Mul(dropout/RandomUniform, dropout/sub)"),
		def("dropout/uniform = Add(dropout/mul, dropout/min)"), def("dropout/add = Add(keep_prob, dropout/uniform)"), def("dropout/Floor = Floor(dropout/add)"),
		def("dropout/div = RealDiv(x, keep_prob)"), def("dropout/out = Mul(dropout/div, dropout/Floor)")}
	g, net, err := importDefs(t, network.Config{}, tffile.MetaGraph{}, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	x := tensor.New(tensor.WithShape(20, 50), tensor.WithBacking(slicesOf(1000, float32(3))))
	for keep, want := range map[float32][2]float64{1: {1000, 3}, 0.5: {500, 6}} {
		kept := 0.0
		for _, v := range runNode(t, g, graph.Feeds{net.Inputs[0].Node: x, net.Inputs[1].Node: keep}, net.Outputs[0].Node).Data().([]float32) {
			if v != 0 && float64(v) != want[1] {
				t.Fatalf("keep_prob %v makes of 3 %v", keep, v)
			}
			if v != 0 {
				kept++
			}
		}
		if math.Abs(kept-want[0]) > 80*float64(1-keep)*2 { // five deviations of 1000 draws
			t.Errorf("keep_prob %v keeps %v of 1000", keep, kept)
		}
	}
}

func slicesOf[T any](n int, v T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// CheckNumerics and PreventGradient pass values on, and are errors with their messages where TensorFlow has them so.
func TestImportChecks(t *testing.T) {
	nodes := []tffile.NodeDef{placeholderDef("x", tffile.Float32, -1), def("checked = CheckNumerics(x)", "message", "logits"),
		def("prevented = PreventGradient(checked)", "message", "no second derivative")}
	g, net, err := importDefs(t, network.Config{Outputs: []string{"prevented"}}, tffile.MetaGraph{}, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	x, y := net.Inputs[0].Node, net.Outputs[0].Node
	if got := runNode(t, g, graph.Feeds{x: []float32{1, 2}}, y).Data().([]float32); got[0] != 1 || got[1] != 2 {
		t.Errorf("got %v; want 1, 2", got)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if _, err := sess.Run(graph.Feeds{x: []float32{1, float32(math.NaN())}}, y); err == nil || !strings.Contains(err.Error(), "logits: 1 NaN") {
		t.Errorf("of NaN the error is %v; want one that says logits", err)
	}
	graph.Gradients(g.Scope(), gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "no second derivative") {
		t.Errorf("of the gradient the error is %v; want one that gives the message", err)
	}
}

// An input pipeline of queues is cut where it hands out its batch; without the cut it is refused.
func TestImportQueue(t *testing.T) {
	nodes := []tffile.NodeDef{def("batch/fifo_queue = FIFOQueueV2()"), constDef("batch/n", nil, int32(5)),
		def("batch = QueueDequeueManyV2(batch/fifo_queue, batch/n)"), constDef("k", []int{2, 1}, float32(1), 2), def("y = MatMul(batch:0, k)"), def("labels = Identity(batch:1)")}
	_, _, err := importDefs(t, network.Config{Outputs: []string{"y"}}, tffile.MetaGraph{}, nodes...)
	if err == nil || !strings.Contains(err.Error(), "FIFOQueueV2 (1), QueueDequeueManyV2 (1)") {
		t.Errorf("got %v", err)
	}
	meta := tffile.MetaGraph{Graph: tffile.GraphDef{Nodes: nodes, Producer: tffile.GraphProducer}}
	file, err := NewGraph(meta, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "images", tensor.Float32, -1, 2)
	net, err := file.Import(g.Scope(), network.Config{Inputs: map[string]*gorgonia.Node{"batch:0": x}, Outputs: []string{"y"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := runNode(t, g, graph.Feeds{x: [][]float32{{1, 1}}}, net.Outputs[0].Node); got.Data().([]float32)[0] != 3 {
		t.Errorf("got %v", got)
	}
}

// Resizing keeps the dtypes that TensorFlow gives: bilinear is float32, nearest the images' own.
func TestImportResizeDtypes(t *testing.T) {
	working, _ := working(tffile.Uint8)
	for op, want := range map[string]tensor.Dtype{"ResizeBilinear": tensor.Float32, "ResizeNearestNeighbor": working} {
		_, net, err := importDefs(t, network.Config{}, tffile.MetaGraph{},
			placeholderDef("x", tffile.Uint8, 1, 2, 2, 1), constDef("size", []int{2}, int32(4), 4), def("y = "+op+"(x, size)"))
		if err != nil {
			t.Fatal(err)
		}
		if got := graph.SpecOf(net.Outputs[0].Node).Dtype; got != want {
			t.Errorf("%s gives %v; want %v", op, got, want)
		}
	}
}

// What an op of TensorFlow's says that is not built is refused, not passed over.
func TestImportRefusals(t *testing.T) {
	float := tffile.Float32
	x := placeholderDef("x", float, -1, 3, 3, 2)
	pair := func(name string) tffile.NodeDef { return constDef(name, []int{2}, float32(1), 1) }
	zeros := constDef("zeros", []int{2}, int32(0), 0)
	for _, c := range []struct {
		want  string
		nodes []tffile.NodeDef
	}{
		{"exponential_avg_factor", []tffile.NodeDef{x, pair("a"), pair("b"), pair("c"), pair("d"),
			def("y = FusedBatchNormV3(x, a, b, c, d)", "exponential_avg_factor", float32(0.5))}},
		{"more than one ellipsis", []tffile.NodeDef{x, zeros, pairOf("ones"), def("y = StridedSlice(x, zeros, zeros, ones)", "ellipsis_mask", int64(3))}},
	} {
		if _, _, err := importDefs(t, network.Config{}, tffile.MetaGraph{}, c.nodes...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v; want %s", err, c.want)
		}
	}
}

func pairOf(name string) tffile.NodeDef { return constDef(name, []int{2}, int32(1), 1) }
