package training_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// fusable is a net with a training step.
type fusable struct {
	g          *graph.Graph
	feeds      graph.Feeds
	x, y       *gorgonia.Node
	loss, step *gorgonia.Node

	// near says that products go straight into gradient descent, or take batch norm in, so that bits
	// may differ.
	near bool
}

// fusionBatch examples of fusionUnits are several pieces, the last one short.
const (
	fusionBatch = 67
	fusionUnits = 91
)

// hiddenLayers builds what stands between the input and the logits.
type hiddenLayers func(s *graph.Scope, x, isTraining *gorgonia.Node) *gorgonia.Node

// lossOf makes the loss of logits.
type lossOf func(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node

func sparse(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	return ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, labels, logits))
}

// trainStep makes the step that lowers the loss.
type trainStep func(s *graph.Scope, loss *gorgonia.Node) *gorgonia.Node

func newFusable(t *testing.T, dtype tensor.Dtype, hidden hiddenLayers, step trainStep) *fusable {
	return newFusableLoss(t, dtype, hidden, sparse, step)
}

func newFusableLoss(t *testing.T, dtype tensor.Dtype, hidden hiddenLayers, loss lossOf, step trainStep) *fusable {
	g := graph.New(graph.Config{Seed: 7, Dtype: dtype})
	s := g.Scope()
	x := graph.Placeholder(s, "X", dtype, -1, 31)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	isTraining := graph.PlaceholderWithDefault(s, "training", false)
	logits := ops.Dense(s.Sub("outputs"), hidden(s, x, isTraining), 10, ops.DenseConfig{})
	m := &fusable{g: g, feeds: graph.Feeds{isTraining: true}}
	m.loss = loss(s, y, logits)
	m.step = step(s.NameScope("train").After(g.UpdatesOf(m.loss)...), m.loss)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	m.x, m.y = x, y
	m.feed(fusionBatch)
	return m
}

// feed makes the input and the labels of a batch.
func (m *fusable) feed(batch int) {
	labels := make([]int64, batch)
	for i := range labels {
		labels[i] = int64(i*i) % 10
	}
	m.feeds[m.y] = labels
	in := tensor.New(tensor.Of(m.x.Dtype()), tensor.WithShape(batch, 31))
	for i := range batch * 31 {
		v := math.Sin(float64(i * i % 1009))
		if m.x.Dtype() == tensor.Float32 {
			in.Float32s()[i] = float32(v)
		} else {
			in.Float64s()[i] = v
		}
	}
	m.feeds[m.x] = in
}

func two(layer func(s *graph.Scope, x, isTraining *gorgonia.Node) *gorgonia.Node) hiddenLayers {
	return func(s *graph.Scope, x, isTraining *gorgonia.Node) *gorgonia.Node {
		return layer(s.Sub("hidden2"), layer(s.Sub("hidden1"), x, isTraining), isTraining)
	}
}

func dense(activation ops.Activation) hiddenLayers {
	return two(func(s *graph.Scope, x, _ *gorgonia.Node) *gorgonia.Node {
		return ops.Dense(s, x, fusionUnits, ops.DenseConfig{Kernel: initializers.He(), Activation: activation})
	})
}

func normalised(activation ops.Activation) hiddenLayers {
	return two(func(s *graph.Scope, x, isTraining *gorgonia.Node) *gorgonia.Node {
		x = ops.Dense(s, x, fusionUnits, ops.DenseConfig{Kernel: initializers.He(), NoBias: true})
		return activation(s, ops.BatchNorm(s, x, isTraining, ops.BatchNormConfig{Momentum: 0.9}))
	})
}

// convolutional sees the input as an image of one column, and what comes of it as one of 2 x 2 with many channels.
func convolutional(s *graph.Scope, x, _ *gorgonia.Node) *gorgonia.Node {
	x = ops.Conv2D(s.Sub("conv1"), ops.Reshape(s, x, -1, 31, 1, 1), 12, [2]int{5, 1}, ops.Conv2DConfig{Padding: ops.Same, Activation: ops.ReLU})
	x = ops.Conv2D(s.Sub("conv2"), x, 12, [2]int{1, 1}, ops.Conv2DConfig{Activation: ops.ReLU})
	return ops.Flatten(s, ops.Conv2D(s.Sub("conv3"), ops.Reshape(s, x, -1, 2, 2, 93), 24, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same}))
}

func clipped(by func(s *graph.Scope, grads []training.GradVar) []training.GradVar, opt training.Optimizer) trainStep {
	return func(s *graph.Scope, loss *gorgonia.Node) *gorgonia.Node {
		return opt.ApplyGradients(s, by(s, opt.ComputeGradients(s, loss, s.Graph().Trainable())))
	}
}

func byValue(s *graph.Scope, grads []training.GradVar) []training.GradVar {
	return training.ClipByValue(s, grads, -0.01, 0.01)
}

func byGlobalNorm(s *graph.Scope, grads []training.GradVar) []training.GradVar {
	grads, _ = training.ClipByGlobalNorm(s, grads, 0.1)
	return grads
}

func unclipped(s *graph.Scope, grads []training.GradVar) []training.GradVar { return grads }

func descent() training.Optimizer {
	return training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1})
}

// fusionModels are nets whose steps are chains of every kind.
func fusionModels(t *testing.T) map[string]*fusable {
	momentum := func() training.Optimizer {
		return training.Momentum(training.MomentumConfig{LearningRate: 0.05, Momentum: 0.9})
	}
	scheduled := func(s *graph.Scope, loss *gorgonia.Node) *gorgonia.Node {
		steps := training.GlobalStep(s.Graph().Scope())
		rate := ops.Div(s, graph.ConstOf(s, tensor.Float32, 0.1), ops.AddScalar(s, ops.Cast(s, steps, tensor.Float32), 1))
		return training.GradientDescent(training.GradientDescentConfig{Schedule: rate, GlobalStep: steps}).Minimize(s, loss, s.Graph().Trainable())
	}
	gelu := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.GELU(s, x) }
	elu := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ELU(s, x, 1) }
	swish := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Mul(s, x, ops.Sigmoid(s, x)) }
	square := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		x = ops.Tanh(s, x)
		return ops.Neg(s, ops.Mul(s, x, x))
	}
	dropout := two(func(s *graph.Scope, x, isTraining *gorgonia.Node) *gorgonia.Node {
		return ops.Dropout(s, ops.Dense(s, x, fusionUnits, ops.DenseConfig{Activation: ops.SELU}), 0.3, isTraining)
	})
	shared := func(s *graph.Scope, x, _ *gorgonia.Node) *gorgonia.Node {
		h := ops.Dense(s.Sub("hidden"), x, fusionUnits, ops.DenseConfig{Activation: ops.ReLU})
		a := ops.Softplus(s, ops.Scale(s, h, 0.5))
		return ops.Add(s, ops.Mul(s, a, h), ops.Sigmoid(s, ops.AddScalar(s, h, 0.1)))
	}
	branches := func(s *graph.Scope, x, _ *gorgonia.Node) *gorgonia.Node {
		h := ops.Dense(s.Sub("hidden"), x, fusionUnits, ops.DenseConfig{})
		computed := ops.Less(s, ops.Mean(s, h), graph.ConstOf(s, h.Dtype(), 100.0))
		return ops.AddScalar(s, ops.Cond(s, computed,
			func(s *graph.Scope) *gorgonia.Node { return ops.Tanh(s, ops.Scale(s, h, 2)) },
			func(s *graph.Scope) *gorgonia.Node { return ops.Exp(s, ops.Neg(s, h)) }), 0.25)
	}
	guarded := func(s *graph.Scope, x, isTraining *gorgonia.Node) *gorgonia.Node {
		h := ops.Dense(s.Sub("hidden"), x, fusionUnits, ops.DenseConfig{NoBias: true})
		computed := ops.Less(s, ops.Mean(s, h), graph.ConstOf(s, h.Dtype(), 100.0))
		return ops.Cond(s, computed,
			func(s *graph.Scope) *gorgonia.Node {
				return elu(s, ops.BatchNorm(s, h, isTraining, ops.BatchNormConfig{}))
			},
			func(s *graph.Scope) *gorgonia.Node { return ops.Neg(s, h) })
	}
	towers := func(s *graph.Scope, x, _ *gorgonia.Node) *gorgonia.Node {
		h := x
		for range 2 {
			h = ops.Dense(s.Sub("tower").Reuse(), h, 31, ops.DenseConfig{Activation: elu})
		}
		return h
	}
	owned := func(l hiddenLayers) hiddenLayers { // the variables that Reuse finds
		return func(s *graph.Scope, x, isTraining *gorgonia.Node) *gorgonia.Node {
			ops.Dense(s.Sub("tower"), x, 31, ops.DenseConfig{})
			return l(s, x, isTraining)
		}
	}
	edges := two(func(s *graph.Scope, x, _ *gorgonia.Node) *gorgonia.Node {
		x = ops.Dense(s, x, fusionUnits, ops.DenseConfig{})
		seen := graph.Variable(s, "seen", tensor.Shape{fusionUnits}, graph.VariableConfig{Dtype: x.Dtype(), NotTrainable: true, Initializer: constantly(0)})
		first := graph.AssignAdd(s, seen, ops.Mean(s, x, 0))
		later := s.After(first)
		return ops.ReLU(later, ops.Add(later, ops.Scale(later, x, 0.5), graph.Read(later, seen)))
	})
	secondOrder := func(s *graph.Scope, loss *gorgonia.Node) *gorgonia.Node {
		opt := momentum()
		var penalty *gorgonia.Node
		for _, gv := range opt.ComputeGradients(s, loss, s.Graph().Trainable(".*/kernel")) {
			p := ops.Sum(s, ops.Square(s, gv.Grad))
			if penalty != nil {
				p = ops.Add(s, penalty, p)
			}
			penalty = p
		}
		return opt.Minimize(s, ops.Add(s, loss, ops.Scale(s, penalty, 0.1)), s.Graph().Trainable())
	}
	decayed := func(s *graph.Scope, loss *gorgonia.Node) *gorgonia.Node {
		opt := descent()
		grads := opt.ComputeGradients(s, loss, s.Graph().Trainable())
		for i, gv := range grads {
			grads[i].Grad = ops.Add(s, ops.Scale(s, gv.Var, 0.01), gv.Grad)
		}
		return opt.ApplyGradients(s, grads)
	}
	adam := func() training.Optimizer { return training.Adam(training.AdamConfig{}) }
	weights := func(s *graph.Scope, labels *gorgonia.Node, dtype tensor.Dtype) *gorgonia.Node { // some of them 0
		return ops.Sub(s, ops.Cast(s, labels, dtype), graph.ConstOf(s, dtype, 3.0))
	}
	weighted := func(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
		losses := ops.SparseSoftmaxCrossEntropy(s, labels, logits)
		return ops.WeightedLoss(s, losses, weights(s, labels, logits.Dtype()), ops.ReductionMean)
	}
	oneHot := func(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
		return ops.Mean(s, ops.SoftmaxCrossEntropy(s, ops.Cast(s, ops.OneHot(s, labels, 10), logits.Dtype()), logits))
	}
	smoothed := func(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
		rows := ops.SmoothLabels(s, ops.Cast(s, ops.OneHot(s, labels, 10), logits.Dtype()), 0.1)
		return ops.Sum(s, ops.Mul(s, ops.SoftmaxCrossEntropy(s, rows, logits), weights(s, labels, logits.Dtype())))
	}
	squared := func(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node { // its gradient needs the losses
		return ops.Mean(s, ops.Square(s, ops.SparseSoftmaxCrossEntropy(s, labels, logits)))
	}
	twice := func(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
		losses := ops.SparseSoftmaxCrossEntropy(s, labels, logits)
		return ops.Add(s, ops.Mean(s, ops.Neg(s, losses)), ops.Scale(s, ops.Sum(s, losses), 0.1))
	}
	branched := func(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
		computed := ops.Less(s, ops.Mean(s, logits), graph.ConstOf(s, logits.Dtype(), 100.0))
		return ops.Cond(s, computed,
			func(s *graph.Scope) *gorgonia.Node { return sparse(s, labels, logits) },
			func(s *graph.Scope) *gorgonia.Node { return oneHot(s, labels, logits) })
	}
	loss := func(dtype tensor.Dtype, loss lossOf) *fusable {
		return newFusableLoss(t, dtype, dense(ops.ReLU), loss, clipped(unclipped, momentum()))
	}

	f32, f64 := tensor.Float32, tensor.Float64
	models := map[string]*fusable{
		"relu, momentum":                      newFusable(t, f32, dense(ops.ReLU), clipped(unclipped, momentum())),
		"relu, Adam, by value":                newFusable(t, f32, dense(ops.ReLU), clipped(byValue, adam())),
		"gelu, descent, by global norm":       newFusable(t, f32, dense(gelu), clipped(byGlobalNorm, descent())),
		"selu in float64, descent, by value":  newFusable(t, f64, dense(ops.SELU), clipped(byValue, descent())),
		"batch norm, elu, descent, by value":  newFusable(t, f32, normalised(elu), clipped(byValue, descent())),
		"batch norm, relu in float64, Adam":   newFusable(t, f64, normalised(ops.ReLU), clipped(unclipped, adam())),
		"batch norm, swish, momentum":         newFusable(t, f32, normalised(swish), clipped(unclipped, momentum())),
		"a value that enters twice, momentum": newFusable(t, f32, dense(square), clipped(unclipped, momentum())),
		"dropout, momentum":                   newFusable(t, f32, dropout, clipped(unclipped, momentum())),
		"shared activations, momentum":        newFusable(t, f32, shared, clipped(byValue, momentum())),
		"computed branches, momentum":         newFusable(t, f32, branches, clipped(unclipped, momentum())),
		"batch norm in a branch, momentum":    newFusable(t, f32, guarded, clipped(unclipped, momentum())),
		"shared variables, momentum":          newFusable(t, f32, owned(towers), clipped(unclipped, momentum())),
		"control edges, momentum":             newFusable(t, f32, edges, clipped(unclipped, momentum())),
		"second order, momentum":              newFusable(t, f64, dense(ops.Tanh), secondOrder),
		"weight decay, descent":               newFusable(t, f32, dense(ops.ReLU), decayed),
		"convolutions, Adam, by value":        newFusable(t, f32, convolutional, clipped(byValue, adam())),
		"convolutions in float64, momentum":   newFusable(t, f64, convolutional, clipped(unclipped, momentum())),
		"convolutions, descent":               newFusable(t, f32, convolutional, clipped(unclipped, descent())),
		"relu, descent":                       newFusable(t, f32, dense(ops.ReLU), clipped(unclipped, descent())),
		"relu, descent on a schedule":         newFusable(t, f32, dense(ops.ReLU), scheduled),
	}
	for _, dtype := range []tensor.Dtype{f32, f64} {
		for name, by := range map[string]lossOf{
			"one-hot rows": oneHot, "weights": weighted, "smoothed rows and weights": smoothed,
			"squared losses": squared, "losses used twice": twice, "losses in branches": branched,
		} {
			models[fmt.Sprintf("%s in %v", name, dtype)] = loss(dtype, by)
		}
	}
	for name, m := range models {
		m.near = strings.HasPrefix(name, "relu, descent") || name == "convolutions, descent"
	}
	return models
}

// "Fusion is bit-neutral except where listed (weight gradient straight into SGD; batch norm
// folded into a convolution), compared at 1e-6", whatever is fetched beside the step.
func TestFusionKeepsBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for name, m := range fusionModels(t) {
		t.Run(name, func(t *testing.T) {
			fused, plain := m.session(t, graph.SessionConfig{}), m.session(t, graph.SessionConfig{NoFusion: true})
			m.feed(3 * fusionBatch) // is shared out
			for procs := 1; procs <= 3; procs++ {
				runtime.GOMAXPROCS(procs)
				m.compare(t, fused, plain, m.step, m.loss)
			}
			m.feed(fusionBatch)
			for i, n := range m.g.Operations() {
				if raceDetector && i%8 != 0 { // takes minutes under it
					continue
				}
				m.compare(t, fused, plain, n)
				m.compare(t, fused, plain, m.step, n)
				if t.Failed() {
					t.Fatalf("fetching %s", m.g.NameOf(n))
				}
			}
			delete(m.feeds, m.g.Node("training")) // inference, which folds batch norm into the layer before it
			near := m.near
			m.near = near || strings.HasPrefix(name, "batch norm")
			m.compare(t, fused, plain, m.loss, m.g.Node("outputs/BiasAdd"))
			m.near = near
			// Fed in place of what it is computed from.
			h := m.g.Node("outputs/MatMul")
			run(t, fused, m.feeds, h)
			m.feeds[h] = run(t, plain, m.feeds, h).Tensor(0)
			m.compare(t, fused, plain, m.step, m.loss)
		})
	}
}

func (m *fusable) session(t *testing.T, cfg graph.SessionConfig) *graph.Session {
	sess, err := graph.NewSession(m.g, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

// compare runs both sessions from equal values of the variables.
func (m *fusable) compare(t *testing.T, fused, plain *graph.Session, fetches ...*gorgonia.Node) {
	t.Helper()
	if m.near {
		for _, v := range m.g.Variables() {
			set(t, fused, v, value(t, plain, v))
		}
	}
	a, errA := fused.Run(m.feeds, fetches...)
	b, errB := plain.Run(m.feeds, fetches...)
	if (errA == nil) != (errB == nil) {
		t.Errorf("errors differ: %v fused, %v plain", errA, errB)
	}
	for i := range b {
		if (a[i] == nil) != (b[i] == nil) {
			t.Errorf("fetch %s: %v fused, %v plain", m.g.NameOf(fetches[i]), a[i], b[i])
		} else if b[i] != nil {
			m.equal(t, "fetch "+m.g.NameOf(fetches[i]), a[i].Data(), b[i].Data())
		}
	}
	for _, v := range m.g.Variables() {
		m.equal(t, "variable "+m.g.NameOf(v), value(t, fused, v).Data(), value(t, plain, v).Data())
	}
}

func (m *fusable) equal(t *testing.T, what string, a, b interface{}) {
	t.Helper()
	if sameBits(a, b) {
		return
	}
	if !m.near {
		t.Errorf("%s differs", what)
		return
	}
	x, y, bound := widened(a), widened(b), 1e-6
	if _, double := a.([]float64); double {
		bound = 1e-14
	}
	scale := 0.0
	for _, v := range y {
		scale = max(scale, math.Abs(v))
	}
	for i := range y {
		if d := math.Abs(x[i] - y[i]); !(d <= bound*scale) {
			t.Errorf("%s: element %d is %v fused, %v plain", what, i, x[i], y[i])
			return
		}
	}
}

// widened returns floats as a slice of float64.
func widened(a interface{}) []float64 {
	switch a := a.(type) {
	case []float64:
		return a
	case float64:
		return []float64{a}
	case float32:
		return []float64{float64(a)}
	}
	var out []float64
	for _, v := range a.([]float32) {
		out = append(out, float64(v))
	}
	return out
}

func sameBits(a, b interface{}) bool {
	switch a := a.(type) {
	case []float32:
		return slices.EqualFunc(a, b.([]float32), func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
	case []float64:
		return slices.EqualFunc(a, b.([]float64), func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// What the tracer shows: the ops of a step by name, joined.
func TestChains(t *testing.T) {
	models := fusionModels(t)
	for name, want := range map[string][]string{
		"relu, descent":                        {"MatMul+BiasAdd+relu", "MatMul+BiasAdd", "MatMul+relu_grad", "MatMul+ApplyGradientDescent"},
		"relu, Adam, by value":                 {"MatMul+clip_by_value+ApplyAdam", "SumTo", "clip_by_value+ApplyAdam"},
		"batch norm, elu, descent, by value":   {"FusedBatchNorm+elu", "MatMul+elu_grad", "MatMul+clip_by_value+ApplyGradientDescent", "clip_by_value+ApplyGradientDescent"},
		"relu, momentum":                       {"MatMul+ApplyMomentum", "SparseSoftmaxCrossEntropy+SparseSoftmaxCrossEntropy_grad"},
		"convolutions, Adam, by value":         {"Conv2DBackpropFilter+clip_by_value+ApplyAdam"},
		"convolutions, descent":                {"Conv2DBackpropFilter+ApplyGradientDescent"},
		"one-hot rows in float32":              {"SoftmaxCrossEntropy+SoftmaxCrossEntropy_grad"},
		"weights in float64":                   {"SparseSoftmaxCrossEntropy+SparseSoftmaxCrossEntropy_grad"},
		"smoothed rows and weights in float32": {"SoftmaxCrossEntropy+SoftmaxCrossEntropy_grad"},
		"losses used twice in float32":         {"SparseSoftmaxCrossEntropy+SparseSoftmaxCrossEntropy_grad"},
		"losses in branches in float32":        {"SparseSoftmaxCrossEntropy+SparseSoftmaxCrossEntropy_grad"},
		"squared losses in float32":            {"SparseSoftmaxCrossEntropy", "SparseSoftmaxCrossEntropy_grad"},
		"gelu, descent, by global norm":        {"MatMul+BiasAdd", "gelu", "Mul+ApplyGradientDescent"},
		"a value that enters twice, momentum":  {"MatMul+BiasAdd+tanh", "Mul+Neg"},
	} {
		tracer := &graph.Tracer{}
		m := models[name]
		run(t, m.session(t, graph.SessionConfig{Tracer: tracer}), m.feeds, m.step)
		have := map[string]bool{}
		for _, row := range tracer.ByOp() {
			have[row.Name] = true
		}
		for _, op := range want {
			if !have[op] {
				t.Errorf("%s: no step %s among %v", name, op, have)
			}
		}
	}
	// Inference is chains as well.
	tracer := &graph.Tracer{}
	m := models["batch norm, elu, descent, by value"]
	delete(m.feeds, m.g.Node("training"))
	run(t, m.session(t, graph.SessionConfig{Tracer: tracer}), m.feeds, m.g.Node("outputs/BiasAdd"))
	for _, row := range tracer.ByOp() {
		if row.Name != "MatMul+BatchNormInference+elu" && row.Name != "MatMul+BiasAdd" {
			t.Errorf("inference has the step %s", row.Name)
		}
	}
}
