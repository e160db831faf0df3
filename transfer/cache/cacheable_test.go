package cache_test

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer/cache"
)

// What cannot be cached is an error that says why, whatever else is right.
func TestNotCacheable(t *testing.T) {
	set := digits(t, tensor.Float32)
	for name, c := range map[string]struct {
		build func(s *graph.Scope, x *gorgonia.Node) (node *gorgonia.Node, feeds graph.Feeds)
		cfg   cache.Config // Nodes, X, Source and Feeds are filled in where they are nil
		want  []string
	}{
		"dropout": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			on := graph.PlaceholderWithDefault(s, "is_training", true)
			return ops.Dropout(s, x, 0.5, on), nil
		}, cache.Config{}, []string{"random", "is_training", "Dropout"}},
		"noise": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			return ops.GaussianNoise(s, x, 0.5, graph.Const(s, true)), nil
		}, cache.Config{}, []string{"random"}},
		"RReLU": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			return ops.RReLU(s, x, 0.1, 0.3, graph.Const(s, true)), nil
		}, cache.Config{}, []string{"random"}},
		"batch norm in training": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			on := graph.PlaceholderWithDefault(s, "is_training", false)
			return ops.ReLU(s, ops.BatchNorm(s.Sub("bn"), x, on, ops.BatchNormConfig{})), graph.Feeds{on: true}
		}, cache.Config{}, []string{"depend on the batch", "is_training is true", "Feeds"}},
		"a flag that is not fed": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			return ops.Dropout(s, x, 0.5, graph.Placeholder(s, "is_training", tensor.Bool)), nil
		}, cache.Config{}, []string{"is_training", "Feeds"}},
		"a write before it": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			v := graph.Variable(s, "count", nil, graph.VariableConfig{})
			return graph.Read(s.After(graph.AssignAdd(s, v, graph.ConstOf(s, tensor.Float32, 1))), v), nil
		}, cache.Config{}, []string{"float32", "batch"}},
		"a counter in it": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			v := graph.Variable(s, "count", nil, graph.VariableConfig{})
			return ops.Mul(s, x, graph.AssignAdd(s, v, graph.ConstOf(s, tensor.Float32, 1))), nil
		}, cache.Config{}, []string{"writes a variable"}},
		"no batch": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			return ops.Mean(s, x), nil
		}, cache.Config{}, []string{"Mean", "[batch, ...]"}},
		"another axis first": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			return ops.Reshape(s, x, 64, -1), nil
		}, cache.Config{}, []string{"8 examples", "[batch, ...]"}},
		"ints": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			return ops.ArgMax(s, ops.Flatten(s, x), 1), nil
		}, cache.Config{}, []string{"int64", "want float32 or float64"}},
		"nothing of X": {func(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
			return graph.Const(s, []float32{1, 2}), nil
		}, cache.Config{}, []string{"does not depend on X"}},
		"another dtype of X":  {plain, cache.Config{Source: &dataset.Set{X: tensor.New(tensor.WithShape(2, 8, 8, 1), tensor.Of(tensor.Float64))}}, []string{"float64", "X"}},
		"another shape of X":  {plain, cache.Config{Source: &dataset.Set{X: tensor.New(tensor.WithShape(2, 64), tensor.Of(tensor.Float32))}}, []string{"[2, 64]", "X"}},
		"an augmented source": {plain, cache.Config{Source: dataset.Map(set, image.FlipHorizontal(0.5))}, []string{"augment"}},
		"a NaN":               {plain, cache.Config{Source: withPixel(set, 123, float32(math.NaN()))}, []string{"example 123: element 7 of", "NaN"}},
		"an infinity":         {plain, cache.Config{Source: withPixel(set, 123, float32(math.Inf(1)))}, []string{"example 123: element 7 of", "+Inf"}},
		"halfway to infinity": {plain, cache.Config{Source: withPixel(set, 299, 65520), Float16: true}, []string{"example 299: element 7 of", "65520", "Float16"}},
		"too large for half":  {plain, cache.Config{Source: withPixel(set, 299, 65520.5), Float16: true}, []string{"example 299: element 7 of", "65520.5", "Float16"}},
		"labels of strings": {plain, cache.Config{Source: &dataset.Set{X: set.X, Y: tensor.New(tensor.WithShape(300), tensor.WithBacking(make([]string, 300)))}},
			[]string{"labels", "string"}},
		"negative batch":   {plain, cache.Config{BatchSize: -1}, []string{"BatchSize", "-1"}},
		"an empty set":     {plain, cache.Config{Source: &dataset.Set{}}, []string{"Source"}},
		"a nil set":        {plain, cache.Config{Source: (*dataset.Set)(nil)}, []string{"Source"}},
		"no variable yet":  {unset, cache.Config{}, []string{"Init"}},
		"Path is a folder": {plain, cache.Config{Path: t.TempDir()}, []string{"want a file, it is a folder"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			x := graph.Placeholder(s, "X", tensor.Float32, -1, 8, 8, 1)
			node, feeds := c.build(s, x)
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			if name != "no variable yet" {
				if err := sess.Init(); err != nil {
					t.Fatal(err)
				}
			}
			c.cfg.Nodes, c.cfg.X, c.cfg.Feeds = gorgonia.Nodes{node}, x, feeds
			if c.cfg.Source == nil {
				c.cfg.Source = set
			}
			a, err := cache.Open(context.Background(), sess, c.cfg)
			if err == nil {
				t.Fatalf("it was cached: %v", a)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
		})
	}
}

func plain(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
	return ops.Flatten(s, graph.Identity(s, x)), nil
}

func unset(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, graph.Feeds) {
	return ops.Dense(s, ops.Flatten(s, x), 3, ops.DenseConfig{}), nil
}

// withPixel is a copy of a set with another pixel number 7 in one example.
func withPixel(set *dataset.Set, example int, value float32) *dataset.Set {
	x := set.X.Clone().(*tensor.Dense)
	x.Data().([]float32)[64*example+7] = value
	return &dataset.Set{X: x, Y: set.Y}
}

// What is wrong with the Config is told before anything runs.
func TestConfigErrors(t *testing.T) {
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	other := build(t, "dense", tensor.Float32)
	good := cache.Config{Nodes: n.features, X: n.x, Source: set}
	for want, change := range map[string]func(c *cache.Config){
		"Nodes: want":               func(c *cache.Config) { c.Nodes = nil },
		"Nodes[1]: want a node":     func(c *cache.Config) { c.Nodes = append(n.features[:1:1], nil) },
		"is there twice":            func(c *cache.Config) { c.Nodes = append(n.features[:1:1], n.features[0]) },
		"X: want":                   func(c *cache.Config) { c.X = nil },
		"Source: want":              func(c *cache.Config) { c.Source = nil },
		"Nodes[0]: ":                func(c *cache.Config) { c.Nodes = other.features },
		"belongs to another graph":  func(c *cache.Config) { c.X = other.x },
		"which is fed the examples": func(c *cache.Config) { c.Feeds = graph.Feeds{n.x: set.X} },
		"cannot be written":         func(c *cache.Config) { c.Path = filepath.Join("/dev/null", "c") },
	} {
		cfg := good
		change(&cfg)
		if _, err := cache.Open(context.Background(), n.sess, cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := cache.Open(context.Background(), nil, good); err == nil || !strings.Contains(err.Error(), "session is nil") {
		t.Errorf("no session: %v", err)
	}
}
