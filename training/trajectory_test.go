package training_test

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// The optimizers on a linear regression, whose gradients the graph finds.
func TestRegressionGolden(t *testing.T) {
	for _, c := range optimizerCases(t, "regression") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(c.Name+"/"+dtype.String(), func(t *testing.T) { regressionCase(t, c, dtype) })
		}
	}
}

func regressionCase(t *testing.T, c golden.Case, dtype tensor.Dtype) {
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope()
	dense := func(a golden.Array) *tensor.Dense {
		if dtype == tensor.Float32 {
			return tensor.New(tensor.WithShape(a.Shape...), tensor.WithBacking(a.Float32s()))
		}
		return tensor.New(tensor.WithShape(a.Shape...), tensor.WithBacking(a.Float64s()))
	}
	x, y := graph.Placeholder(s, "x", dtype, -1, 3), graph.Placeholder(s, "y", dtype, -1, 2)
	w, b := variable(s, "w", dtype, 0, 3, 2), variable(s, "b", dtype, 0, 2)
	loss := ops.Mean(s, ops.Square(s, ops.Sub(s, ops.BiasAdd(s, ops.MatMul(s, x, w), b), y)))
	step := optimizerOf(s, c, nil, training.GlobalStep(s)).Minimize(s.NameScope("train"), loss, g.Trainable())
	sess := open(t, g)
	set(t, sess, w, dense(c.In("w0")))
	set(t, sess, b, dense(c.In("b0")))
	rtol, atol := 1e-4, 1e-5
	if dtype == tensor.Float64 {
		rtol, atol = 1e-11, 1e-13
	}
	feeds := graph.Feeds{x: dense(c.In("x")), y: dense(c.In("y"))}
	losses := c.Out("loss")
	for k := 0; k < losses.Shape[0]; k++ {
		out := run(t, sess, feeds, step, loss)
		// The loss beside the step is that of the weights before it.
		if want := losses.Data[k]; math.Abs(out.Float(1)-want) > atol+rtol*math.Abs(want) {
			t.Fatalf("loss at step %d is %v; want %v", k, out.Float(1), want)
		}
		for v, name := range map[*gorgonia.Node]string{w: "w", b: "b"} {
			if err := golden.Close(value(t, sess, v), c.Out(name).Row(k), rtol, atol); err != nil {
				t.Fatalf("%s after step %d: %v", name, k, err)
			}
		}
	}
}

// net is the chapter's net at the size of the golden trajectory, as DESIGN's
// section 10 builds it.
type net struct {
	g                 *graph.Graph
	x, y, training    *gorgonia.Node
	logits, loss, acc *gorgonia.Node
	grads             []training.GradVar
	step              *gorgonia.Node
	sess              *graph.Session
}

func newNet(t *testing.T, c golden.Case) *net {
	t.Helper()
	n := &net{g: graph.New(graph.Config{Seed: 42})}
	s := n.g.Scope()
	sizes := golden.TrajectorySizes()
	n.x = graph.Placeholder(s, "X", tensor.Float32, -1, sizes[0])
	n.y = graph.Placeholder(s, "y", tensor.Int64, -1)
	n.training = graph.PlaceholderWithDefault(s, "training", false)
	dnn := s.NameScope("dnn")
	h := n.x
	for i, units := range sizes[1:3] {
		l := dnn.Sub(fmt.Sprintf("hidden%d", i+1))
		h = ops.Dense(l, h, units, ops.DenseConfig{NoBias: true})
		h = ops.BatchNorm(l, h, n.training, ops.BatchNormConfig{Momentum: c.Param("bnMomentum"), Epsilon: c.Param("epsilon")})
		h = ops.ELU(l, h, 1)
	}
	n.logits = ops.Dense(dnn.Sub("outputs"), h, sizes[3], ops.DenseConfig{})
	n.loss = ops.Mean(s.NameScope("loss"), ops.SparseSoftmaxCrossEntropy(s.NameScope("loss"), n.y, n.logits))
	n.acc = ops.Accuracy(s.NameScope("eval"), n.y, n.logits)
	train := s.NameScope("train").After(n.g.UpdatesOf(n.loss)...)
	var opt training.Optimizer = training.GradientDescent(training.GradientDescentConfig{LearningRate: c.Param("learningRate")})
	if mu := c.Param("momentum"); mu > 0 {
		opt = training.Momentum(training.MomentumConfig{LearningRate: c.Param("learningRate"), Momentum: mu})
	}
	n.grads = opt.ComputeGradients(train, n.loss, n.g.Trainable())
	n.step = opt.ApplyGradients(train, training.ClipByValue(train, n.grads, -c.Param("clip"), c.Param("clip")))
	n.sess = open(t, n.g)
	for i := 1; i <= 3; i++ {
		name := fmt.Sprintf("hidden%d/kernel", i)
		if i == 3 {
			name = "outputs/kernel"
		}
		set(t, n.sess, n.g.Node(name), tensor.New(tensor.WithShape(sizes[i-1], sizes[i]), tensor.WithBacking(golden.TrajectoryKernel(i))))
	}
	return n
}

func (n *net) feeds(x []float32, y []int64, training bool) graph.Feeds {
	return graph.Feeds{
		n.x:        tensor.New(tensor.WithShape(len(y), len(x)/len(y)), tensor.WithBacking(x)),
		n.y:        y,
		n.training: training,
	}
}

// Eighty steps of the net with batch norm, ELU and clipped gradients agree with
// PyTorch: losses at every step, moving averages, weights and the evaluation.
func TestTrajectoryGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "trajectory", "BNELU") {
		t.Run(c.Name, func(t *testing.T) { trajectoryCase(t, c) })
	}
}

func trajectoryCase(t *testing.T, c golden.Case) {
	n := newNet(t, c)
	losses := c.Out("loss")
	worst := 0.0
	for k := 0; k < golden.TrajectorySteps; k++ {
		x, y := golden.TrajectoryBatchAt(k)
		fetches := []*gorgonia.Node{n.step, n.loss}
		if k == 0 && c.Has("grad0/hidden1/kernel") {
			for _, gv := range n.grads {
				fetches = append(fetches, gv.Grad)
			}
		}
		out := run(t, n.sess, n.feeds(x, y, true), fetches...)
		diff := math.Abs(out.Float(1) - losses.Data[k])
		worst = math.Max(worst, diff)
		if !(diff <= 1e-4) {
			t.Fatalf("loss at step %d is %v; want %v", k, out.Float(1), losses.Data[k])
		}
		for i := range out[2:] {
			name := n.g.NameOf(n.grads[i].Var)
			if err := golden.Close(out[2+i], c.Out("grad0/"+name), 1e-4, 1e-5); err != nil {
				t.Errorf("first gradient of %s: %v", name, err)
			}
		}
		if k == 0 {
			n.compare(t, c, "step0/", 1e-5, 1e-6)
		}
	}
	t.Logf("largest difference of a loss: %.2g; PyTorch's float32 and float64 differ by %.2g", worst, c.Out("spread").Scalar())
	n.compare(t, c, "final/", 1e-3, 2e-4)

	x, y := golden.TrajectoryData()
	out := run(t, n.sess, n.feeds(x, y, false), n.loss, n.acc, n.logits)
	if got, want := out.Float(0), c.Out("evalLoss").Scalar(); math.Abs(got-want) > 1e-4 {
		t.Errorf("evaluation loss %v; want %v", got, want)
	}
	if got, want := out.Float(1), c.Out("evalAccuracy").Scalar(); math.Abs(got-want) > 1e-6 {
		t.Errorf("accuracy %v; want %v", got, want)
	}
	logits := c.Out("evalLogits")
	if err := golden.Close(out.Float32s(2)[:len(logits.Data)], logits, 1e-3, 1e-3); err != nil {
		t.Errorf("logits: %v", err)
	}
	if w := n.sess.Warnings(); len(w) > 0 {
		t.Errorf("warnings: %v", w)
	}
}

// compare checks the variables against the outputs of a case that begin with
// prefix.
func (n *net) compare(t *testing.T, c golden.Case, prefix string, rtol, atol float64) {
	t.Helper()
	found := 0
	for key, want := range c.Outputs {
		name, ok := strings.CutPrefix(key, prefix)
		if !ok {
			continue
		}
		found++
		if err := golden.Close(value(t, n.sess, n.g.Node(name)), want, rtol, atol); err != nil {
			t.Errorf("%s%s: %v", prefix, name, err)
		}
	}
	if found == 0 && prefix == "final/" {
		t.Errorf("the golden file has no %s", prefix)
	}
}

// The same seed gives the same bits on one processor and on two, and so does a
// graph that is built again.
func TestTrainingIsReproducible(t *testing.T) {
	c := golden.Cases(t, "trajectory", "BNELU")[0]
	var first []interface{}
	for _, procs := range []int{1, 2, 2} {
		old := runtime.GOMAXPROCS(procs)
		n := newNet(t, c)
		for k := 0; k < 12; k++ {
			x, y := golden.TrajectoryBatchAt(k)
			run(t, n.sess, n.feeds(x, y, true), n.step)
		}
		runtime.GOMAXPROCS(old)
		var got []interface{}
		for _, v := range n.g.Variables() {
			got = append(got, n.g.NameOf(v), value(t, n.sess, v).Data())
		}
		if first == nil {
			first = got
		} else if !reflect.DeepEqual(got, first) {
			t.Errorf("GOMAXPROCS=%d gives other bits", procs)
		}
	}
}
