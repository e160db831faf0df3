package main

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/pairs"
	"github.com/plexaura/plexaura/zoo"
)

// model is a network in a graph, and what training it needs.
type model struct {
	g                    *graph.Graph
	s                    *graph.Scope
	x, y                 *gorgonia.Node
	encoding             *gorgonia.Node // of a classifier
	loss, accuracy, step *gorgonia.Node
}

func newModel(seed int64, shape ...int) *model {
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	return &model{g: g, s: s, x: graph.Placeholder(s, "X", tensor.Float32, shape...), y: graph.Placeholder(s, "y", tensor.Int64, -1)}
}

// encode makes a vector of each sequence of words.
func encode(s *graph.Scope, x *gorgonia.Node, encoder string, vocabulary int) *gorgonia.Node {
	cfg := zoo.SentenceConfig{Config: zoo.Config{NoTop: true}, Vocabulary: vocabulary, Dim: 50}
	if encoder == "bag" {
		return zoo.SentenceBag(s.Sub("encoder"), x, cfg).Output
	}
	cfg.Widths, cfg.Filters = []int{2, 3, 5}, 100
	return zoo.SentenceCNN(s.Sub("encoder"), x, cfg).Output
}

// hidden is a layer between an encoding and what is said of it: without, a bag of words could only say how good each word is by itself.
func hidden(s *graph.Scope, encoding *gorgonia.Node) *gorgonia.Node {
	return ops.Dense(s.Sub("hidden"), encoding, 100, ops.DenseConfig{Kernel: initializers.He(), Activation: ops.ReLU})
}

// classifier tells two classes of sequences apart: good sentences from bad ones, or ham from spam. Its training step is made by minimize,
// once it is settled what is frozen.
func classifier(encoder string, length, vocabulary int, seed int64) *model {
	m := newModel(seed, -1, length)
	m.encoding = encode(m.s, m.x, encoder, vocabulary)
	logits := ops.Dense(m.s.Sub("logits"), hidden(m.s, m.encoding), 2, ops.DenseConfig{})
	m.loss = ops.Mean(m.s, ops.SparseSoftmaxCrossEntropy(m.s, m.y, logits))
	m.accuracy = ops.Accuracy(m.s, m.y, logits)
	return m
}

// ranker gives a good sentence a higher score than the bad ones that stand behind it.
func ranker(encoder string, members, length, vocabulary int, seed int64) *model {
	m := newModel(seed, -1, members, length)
	scores := pairs.Each(m.s, m.x, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Dense(s.Sub("score"), hidden(s, encode(s, x, encoder, vocabulary)), 1, ops.DenseConfig{NoBias: true})
	})
	m.loss = ops.Mean(m.s, pairs.RankingLoss(m.s, scores, 1))
	m.accuracy = pairs.RankingAccuracy(m.s, scores)
	return m
}

func (m *model) minimize() {
	m.step = training.Adam(training.AdamConfig{}).Minimize(m.s.NameScope("train"), m.loss, m.g.Trainable())
}
