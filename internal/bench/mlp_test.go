package bench

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// sizes is the chapter's network.
var sizes = []int{784, 300, 100, 10}

// batchOf returns dense inputs, labels, and the labels as one-hot rows.
func batchOf(n int) (x []float32, labels []int64, oneHot []float32) {
	r := rand.New(rand.NewPCG(1, 2))
	x = make([]float32, n*sizes[0])
	for i := range x {
		x[i] = r.Float32()
	}
	labels, oneHot = make([]int64, n), make([]float32, n*10)
	for i := range labels {
		labels[i] = int64(r.IntN(10))
		oneHot[i*10+int(labels[i])] = 1
	}
	return x, labels, oneHot
}

// mlp is the training step of the chapter's network.
type mlp struct {
	g              *graph.Graph
	x, y, training *gorgonia.Node
	loss, step     *gorgonia.Node
}

func newMLP(tb testing.TB, batchNorm, clip bool) *mlp {
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	m := &mlp{g: g}
	m.x = graph.Placeholder(s, "X", tensor.Float32, -1, sizes[0])
	m.y = graph.Placeholder(s, "y", tensor.Int64, -1)
	m.training = graph.PlaceholderWithDefault(s, "training", false)
	h := m.x
	for i, units := range sizes[1:3] {
		l := s.Sub(fmt.Sprintf("hidden%d", i+1))
		h = ops.Dense(l, h, units, ops.DenseConfig{Kernel: initializers.He(), NoBias: batchNorm})
		if batchNorm {
			h = ops.ELU(l, ops.BatchNorm(l, h, m.training, ops.BatchNormConfig{Momentum: 0.9}), 1)
		} else {
			h = ops.ReLU(l, h)
		}
	}
	logits := ops.Dense(s.Sub("outputs"), h, sizes[3], ops.DenseConfig{Kernel: initializers.He()})
	m.loss = ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, m.y, logits))
	t := s.NameScope("train").After(g.UpdatesOf(m.loss)...)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01})
	grads := opt.ComputeGradients(t, m.loss, g.Trainable())
	if clip {
		grads = training.ClipByValue(t, grads, -1, 1)
	}
	m.step = opt.ApplyGradients(t, grads)
	if err := g.Err(); err != nil {
		tb.Fatal(err)
	}
	return m
}

func (m *mlp) session(tb testing.TB, cfg graph.SessionConfig) *graph.Session {
	sess, err := graph.NewSession(m.g, cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		tb.Fatal(err)
	}
	return sess
}

// feeds are fixed for all steps, as a loader that reuses its buffers gives them.
func (m *mlp) feeds(batch int) graph.Feeds {
	x, labels, _ := batchOf(batch)
	return graph.Feeds{
		m.x:        tensor.New(tensor.WithShape(batch, sizes[0]), tensor.WithBacking(x)),
		m.y:        labels,
		m.training: true,
	}
}

func BenchmarkStep(b *testing.B) {
	for _, batch := range []int{50, 200, 1000} {
		b.Run(fmt.Sprintf("plexaura/relu/batch=%d", batch), func(b *testing.B) { benchmarkPlexaura(b, batch, false) })
		b.Run(fmt.Sprintf("plexaura/bn-elu/batch=%d", batch), func(b *testing.B) { benchmarkPlexaura(b, batch, true) })
		b.Run(fmt.Sprintf("tapemachine/relu/batch=%d", batch), func(b *testing.B) { benchmarkTapeMachine(b, batch) })
	}
}

func benchmarkPlexaura(b *testing.B, batch int, batchNorm bool) {
	m := newMLP(b, batchNorm, batchNorm)
	sess, feeds := m.session(b, graph.SessionConfig{}), m.feeds(batch)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sess.Run(feeds, m.step); err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkTapeMachine is the same network and step in Gorgonia alone.
func benchmarkTapeMachine(b *testing.B, batch int) {
	x, _, oneHot := batchOf(batch)
	g := gorgonia.NewGraph()
	must := func(n *gorgonia.Node, err error) *gorgonia.Node {
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	h := gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(batch, sizes[0]), gorgonia.WithName("X"),
		gorgonia.WithValue(tensor.New(tensor.WithShape(batch, sizes[0]), tensor.WithBacking(x))))
	y := gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(batch, 10), gorgonia.WithName("y"),
		gorgonia.WithValue(tensor.New(tensor.WithShape(batch, 10), tensor.WithBacking(oneHot))))
	r := rand.New(rand.NewPCG(3, 4))
	var learnables gorgonia.Nodes
	for i := range sizes[1:] {
		w := make([]float32, sizes[i]*sizes[i+1])
		for k := range w {
			w[k] = float32(r.NormFloat64()) * 0.05
		}
		kernel := gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(sizes[i], sizes[i+1]), gorgonia.WithName(fmt.Sprintf("w%d", i)),
			gorgonia.WithValue(tensor.New(tensor.WithShape(sizes[i], sizes[i+1]), tensor.WithBacking(w))))
		bias := gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(1, sizes[i+1]), gorgonia.WithName(fmt.Sprintf("b%d", i)),
			gorgonia.WithValue(tensor.New(tensor.WithShape(1, sizes[i+1]), tensor.WithBacking(make([]float32, sizes[i+1])))))
		learnables = append(learnables, kernel, bias)
		h = must(gorgonia.BroadcastAdd(must(gorgonia.Mul(h, kernel)), bias, nil, []byte{0}))
		if i < 2 {
			h = must(gorgonia.Rectify(h))
		}
	}
	// log-softmax by hand: x - max would need a broadcast more; the data are small.
	p := must(gorgonia.SoftMax(h))
	loss := must(gorgonia.Neg(must(gorgonia.Mean(must(gorgonia.HadamardProd(must(gorgonia.Log(p)), y))))))
	if _, err := gorgonia.Grad(loss, learnables...); err != nil {
		b.Fatal(err)
	}
	vm := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(learnables...))
	defer vm.Close()
	solver := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.01))
	model := gorgonia.NodesToValueGrads(learnables)
	for b.Loop() {
		if err := vm.RunAll(); err != nil {
			b.Fatal(err)
		}
		if err := solver.Step(model); err != nil {
			b.Fatal(err)
		}
		vm.Reset()
	}
}

// TestStepAllocatesNothing: the planned step, in the steady state.
func TestStepAllocatesNothing(t *testing.T) {
	for _, batchNorm := range []bool{false, true} {
		m := newMLP(t, batchNorm, true)
		sess, feeds := m.session(t, graph.SessionConfig{}), m.feeds(200)
		step := func() {
			if _, err := sess.Run(feeds, m.step); err != nil {
				t.Fatal(err)
			}
		}
		step()
		if n := testing.AllocsPerRun(50, step); n != 0 {
			t.Errorf("batch norm %v: %v allocations a step; want none", batchNorm, n)
		}
	}
}

// BenchmarkTrace says where a step's time goes, and how much of it is not the
// matrix product; with -v it prints the table.
func BenchmarkTrace(b *testing.B) {
	b.Run("relu", func(b *testing.B) { benchmarkTrace(b, false) })
	b.Run("bn-elu", func(b *testing.B) { benchmarkTrace(b, true) })
}

func benchmarkTrace(b *testing.B, batchNorm bool) {
	tracer := &graph.Tracer{}
	m := newMLP(b, batchNorm, batchNorm)
	sess, feeds := m.session(b, graph.SessionConfig{Tracer: tracer}), m.feeds(200)
	for b.Loop() {
		if _, err := sess.Run(feeds, m.step); err != nil {
			b.Fatal(err)
		}
	}
	runs, total := tracer.Runs()
	other := total
	for _, r := range tracer.ByOp() {
		if r.Name == "MatMul" {
			other -= r.Time
		}
	}
	b.ReportMetric(float64(total.Microseconds())/float64(runs), "µs/step")
	b.ReportMetric(float64(other.Microseconds())/float64(runs), "µs-not-matmul/step")
	if testing.Verbose() {
		tracer.WriteTable(b.Output())
	}
}

// BenchmarkNoOp is the cost of a Run that computes nothing.
func BenchmarkNoOp(b *testing.B) {
	g := graph.New(graph.Config{})
	group := graph.Group(g.Scope())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		b.Fatal(err)
	}
	defer sess.Close()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sess.Run(nil, group); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuild builds, differentiates and plans a net of 200 layers.
func BenchmarkBuild(b *testing.B) {
	for _, layers := range []int{100, 200, 400} {
		b.Run(fmt.Sprintf("layers=%d", layers), func(b *testing.B) {
			for b.Loop() {
				g := graph.New(graph.Config{})
				s := g.Scope()
				x := graph.Placeholder(s, "x", tensor.Float32, -1, 8)
				h := x
				for i := range layers {
					l := s.Sub(fmt.Sprintf("layer%d", i))
					h = ops.ELU(l, ops.Dense(l, h, 8, ops.DenseConfig{}), 1)
				}
				loss := ops.Mean(s, h)
				opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1})
				step := opt.Minimize(s, loss, g.Trainable())
				sess, err := graph.NewSession(g, graph.SessionConfig{})
				if err != nil {
					b.Fatal(err)
				}
				if err := sess.Init(); err != nil {
					b.Fatal(err)
				}
				if _, err := sess.Run(graph.Feeds{x: make([]float32, 8)}, step); err != nil {
					b.Fatal(err)
				}
				sess.Close()
			}
		})
	}
}
