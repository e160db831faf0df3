package zoo

import (
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func mlpBy(cfg MLPConfig) build {
	return func(s *graph.Scope, x *gorgonia.Node, c Config) *Model {
		cfg.Config = c
		return MLP(s, x, cfg)
	}
}

func TestMLP(t *testing.T) {
	wantGolden(t, "zooclassic", "MLP", Config{}, mlpBy(MLPConfig{Hidden: []int{7, 5}}))
	wantGolden(t, "zooclassic", "MLP BN", Config{}, mlpBy(MLPConfig{Hidden: []int{7, 5, 4}, Activation: ops.ELUWith(1), BatchNorm: true, Dropout: 0.5}))
	wantPublished(t, mlp, Config{}, []int{1, 28, 28, 1}, 266610, 266200) // 235,500 + 30,100 + 1,010
	wantPublished(t, mlp, Config{NoTop: true}, []int{1, 28, 28, 1}, 265600, 265200)
	wantPublished(t, mlpBy(MLPConfig{Hidden: []int{}}), Config{Classes: 3}, []int{1, 2, 2, 1}, 15, 12)
	// Chapter 11's net of five layers of 100 with batch norm: without biases, but with gammas and betas.
	wantPublished(t, mlpBy(MLPConfig{Hidden: []int{100, 100, 100, 100, 100}, BatchNorm: true}), Config{Classes: 5}, []int{1, 28, 28, 1},
		78400+4*10000+5*200+505, 78400+4*10000+500)
}

func TestMLPTraining(t *testing.T) {
	wantTraining(t, mlpBy(MLPConfig{Hidden: []int{20, 10}, BatchNorm: true, Dropout: 0.2}), 6, 4, 4, 1)
	wantTraining(t, mlp, 6, 16)
}

func TestMLPBadInput(t *testing.T) {
	wantBuildError(t, mlp, Config{}, []int{-1, -1}, "last axis must be known")
	wantBuildError(t, mlp, Config{}, []int{5}, "want [batch, in]")
	wantBuildError(t, mlp, Config{Width: 2}, []int{-1, 4}, "one width only")
	wantBuildError(t, mlpBy(MLPConfig{Hidden: []int{5, 0}}), Config{}, []int{-1, 4}, "hidden2", "units is 0")
	wantBuildError(t, mlpBy(MLPConfig{Dropout: 1}), Config{}, []int{-1, 4}, "hidden1", "rate is 1")
}
