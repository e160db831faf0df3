package zoo

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

func autoencoderBy(cfg AutoencoderConfig) build {
	return func(s *graph.Scope, x *gorgonia.Node, c Config) *Model {
		cfg.Config = c
		return StackedAutoencoder(s, x, cfg)
	}
}

func TestStackedAutoencoder(t *testing.T) {
	wantGolden(t, "zooclassic", "Stacked autoencoder", Config{}, autoencoderBy(AutoencoderConfig{Units: []int{8, 4}}))
	wantGolden(t, "zooclassic", "Tied autoencoder", Config{}, autoencoderBy(AutoencoderConfig{Units: []int{8, 4}, Tied: true, Noise: 1, Dropout: 0.5}))
	wantPublished(t, stackedAutoencoder, Config{}, []int{1, 28, 28, 1}, 561934, 560400) // 2*(235,200 + 45,000) and 1,534 biases
	wantPublished(t, stackedAutoencoder, Config{NoTop: true}, []int{1, 28, 28, 1}, 280650, 280200)
	wantPublished(t, autoencoderBy(AutoencoderConfig{Tied: true}), Config{}, []int{1, 28, 28, 1}, 281734, 560400) // half the kernels
}

func TestStackedAutoencoderEndpoints(t *testing.T) {
	g := graph.New(graph.Config{})
	m := StackedAutoencoder(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 12), AutoencoderConfig{Units: []int{8, 6, 4}, Tied: true})
	names := []string{}
	for _, e := range m.Endpoints() {
		names = append(names, e.Name)
	}
	if got, want := strings.Join(names, " "), "hidden1 hidden2 hidden3 codings hidden4 hidden5 outputs"; got != want {
		t.Errorf("endpoints are %s; want %s", got, want)
	}
	names = nil
	for _, v := range m.Variables() {
		names = append(names, g.NameOf(v))
	}
	want := "hidden1/kernel hidden1/bias hidden2/kernel hidden2/bias hidden3/kernel hidden3/bias hidden4/bias hidden5/bias outputs/bias"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("variables are %s; want %s", got, want)
	}
	if m.Endpoint("codings") != m.Endpoint("hidden3") || m.Endpoint("outputs") != m.Output || g.Err() != nil {
		t.Errorf("codings or outputs is another layer's, or %v", g.Err())
	}
}

// Steps of Adam make the reconstruction better, penalties are entered once a kernel, and only in training is the input noisy.
func TestStackedAutoencoderTraining(t *testing.T) {
	for name, cfg := range map[string]AutoencoderConfig{
		"plain": {}, "tied": {Tied: true}, "noisy": {Noise: 0.3}, "dropout": {Dropout: 0.2, Tied: true},
	} {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{Seed: 1})
			s := g.Scope()
			flag := graph.PlaceholderWithDefault(s, "training", false)
			x := graph.Placeholder(s, "x", tensor.Float32, -1, 16)
			cfg.Units, cfg.KernelRegularizer, cfg.Training = []int{12, 8}, ops.L2(1e-4), flag
			m := StackedAutoencoder(s, x, cfg)
			kernels := 4
			if cfg.Tied {
				kernels = 2
			}
			if got := len(g.Collection(graph.RegularizationLosses)); got != kernels {
				t.Errorf("%d penalties; want %d", got, kernels)
			}
			loss := ops.MeanSquaredError(s, x, m.Output)
			step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s, training.TotalLoss(s, loss), g.Trainable())
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			if err := sess.Init(); err != nil {
				t.Fatal(err)
			}
			data := tensor.New(tensor.WithShape(20, 16), tensor.WithBacking(golden.Sequence(7, 320)))
			run := func(training bool, n *gorgonia.Node) float64 {
				out, err := sess.Run(graph.Feeds{x: data, flag: training}, loss, n)
				if err != nil {
					t.Fatal(err)
				}
				return out.Float(0)
			}
			clean, first, second := run(false, loss), run(true, loss), run(true, loss)
			if noisy := cfg.Noise > 0 || cfg.Dropout > 0; noisy != (first != clean) || noisy != (first != second) || run(false, loss) != clean {
				t.Errorf("the loss is %v, in training %v and then %v", clean, first, second)
			}
			for range 150 {
				run(true, step)
			}
			if trained := run(false, loss); !(trained < clean/4) {
				t.Errorf("150 steps bring the loss from %v to %v", clean, trained)
			}
		})
	}
}

func TestStackedAutoencoderBadInput(t *testing.T) {
	wantBuildError(t, stackedAutoencoder, Config{Classes: 10}, []int{-1, 16}, "Classes is 10", "want 0")
	wantBuildError(t, stackedAutoencoder, Config{}, []int{-1, -1}, "last axis must be known")
	wantBuildError(t, stackedAutoencoder, Config{}, []int{4}, "want [batch, in]")
	wantBuildError(t, autoencoderBy(AutoencoderConfig{Tied: true, Units: []int{4, -1}}), Config{}, []int{-1, 16}, "hidden2", "units is -1")
	wantBuildError(t, autoencoderBy(AutoencoderConfig{Units: []int{}}), Config{}, []int{-1, 16}, "Units is empty")
	wantBuildError(t, autoencoderBy(AutoencoderConfig{Noise: -1}), Config{}, []int{-1, 16}, "noise", "stddev is -1")
	wantBuildError(t, autoencoderBy(AutoencoderConfig{Dropout: 1, Tied: true}), Config{}, []int{-1, 16}, "rate is 1")
}
