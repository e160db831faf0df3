package transfer_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
	networks "github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// The layers of an imported TensorFlow graph, whose batch norm chooses its statistics by Switch and Merge, apart from what moves them, freeze: they
// compute what they do outside training, and do not move, while the others train. Unfrozen they move again.
func TestFreezeImported(t *testing.T) {
	g := graph.New(graph.Config{})
	net, err := transfer.Import(g.Scope(), weightstest.Published(t, "tf1-checkpoints", "mlp-batchnorm-elu-tf1.9")+"/my_model_final.ckpt", networks.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	loss, err := net.Node("loss/loss")
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := net.Node("dnn/batch_normalization_1/batchnorm/add_1")
	if err != nil {
		t.Fatal(err)
	}
	logits, err := net.Node("dnn/batch_normalization_2/batchnorm/add_1")
	if err != nil {
		t.Fatal(err)
	}
	feeds := graph.Feeds{}
	for _, in := range net.Inputs {
		switch in.Name {
		case "X":
			x := make([]float32, 20*784)
			for i := range x {
				x[i] = float32(i*7919%256) / 255
			}
			feeds[in.Node] = tensor.New(tensor.WithShape(20, 784), tensor.WithBacking(x))
		case "y":
			feeds[in.Node] = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
		}
	}
	training1, err := net.Node("training")
	if err != nil {
		t.Fatal(err)
	}
	lower := transfer.Freeze(g, "hidden[12]", "batch_normalization(_1)?/")
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01})
	tune := g.Scope().NameScope("tune")
	step := opt.Minimize(tune.After(g.UpdatesOf(loss)...), loss, g.Trainable())
	sess := newSession(t, g)
	run := func(train bool, fetches ...*gorgonia.Node) graph.Values {
		t.Helper()
		feeds[training1] = train
		out, err := sess.Run(feeds, fetches...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got, want := run(true, hidden).Float32s(0), run(false, hidden).Float32s(0); !equal(got, want) {
		t.Error("frozen layers compute something else in training")
	}
	if got, want := run(true, logits).Float32s(0), run(false, logits).Float32s(0); equal(got, want) {
		t.Error("the layer that is not frozen follows no training flag")
	}
	frozen, all := values(t, sess, lower), values(t, sess, g.ModelVariables())
	run(true, step)
	same(t, "frozen", frozen, values(t, sess, lower))
	if after := values(t, sess, g.ModelVariables()); after["outputs/kernel"] == all["outputs/kernel"] ||
		after["batch_normalization_2/moving_variance"] == all["batch_normalization_2/moving_variance"] {
		t.Error("the layer that is not frozen does not train")
	}
	transfer.Unfreeze(g)
	step = opt.Minimize(tune.After(g.UpdatesOf(loss)...), loss, g.Trainable())
	run(true, step)
	after := values(t, sess, lower)
	for name := range frozen {
		if after[name] == frozen[name] && name != "hidden1/bias" && name != "hidden2/bias" { // the gradient of a bias before batch norm is nearly none
			t.Errorf("%s is unfrozen and does not change", name)
		}
	}
}

func equal(a, b []float32) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// TensorFlow 1.2 chooses statistics by Select and moves them in no branch.
func TestFreezeSelect(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 2)
	flag := graph.Placeholder(s, "training", tensor.Bool)
	moving := graph.Variable(s.Sub("norm"), "moving_mean", tensor.Shape{2}, graph.VariableConfig{NotTrainable: true, Initializer: initializers.Zeros()})
	beta := graph.Variable(s.Sub("norm"), "beta", tensor.Shape{2}, graph.VariableConfig{Initializer: initializers.Zeros()})
	mean := ops.Where(s, flag, ops.Mean(s, x, 0), graph.Read(s, moving))
	y := ops.Add(s, ops.Sub(s, x, mean), beta)
	update := graph.AssignSub(s, moving, ops.Scale(s, ops.Sub(s, moving, mean), 0.5))
	g.AddUpdate(mean, update)
	loss := ops.Mean(s, ops.Square(s, y))
	if got := len(g.UpdatesOf(loss)); got != 1 {
		t.Fatalf("%d updates; want 1", got)
	}
	transfer.Freeze(g, "norm/")
	if got := len(g.UpdatesOf(loss)); got != 0 {
		t.Errorf("%d updates of what is frozen; want none", got)
	}
	sess := newSession(t, g)
	feeds := graph.Feeds{x: [][]float32{{1, 2}, {3, 6}}, flag: true}
	out, err := sess.Run(feeds, y)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Float32s(0); !equal(got, []float32{1, 2, 3, 6}) {
		t.Errorf("frozen: %v; want x less the moving mean, which is 0", got)
	}
	transfer.Unfreeze(g)
	if out, err = sess.Run(feeds, append(g.UpdatesOf(loss), y)...); err != nil {
		t.Fatal(err)
	}
	if got := out.Float32s(len(out) - 1); !equal(got, []float32{-1, -2, 1, 2}) {
		t.Errorf("unfrozen: %v; want x less its mean", got)
	}
}
