package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestEmbeddingGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "layers2", "Embedding") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, id := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
				t.Run(fmt.Sprintf("%s/%v/%v", c.Name, dtype, id), func(t *testing.T) {
					g := graph.New(graph.Config{Dtype: dtype})
					s := g.Scope()
					feeds := graph.Feeds{}
					ids := input(s, feeds, "ids", id, values{c.In("ids").Shape, c.In("ids").Data}, true)
					dy := input(s, feeds, "dy", dtype, values{c.In("dy").Shape, c.In("dy").Data}, true)
					table := c.In("embeddings")
					y := ops.Embedding(s.Sub("words"), ids, table.Shape[0], table.Shape[1],
						ops.EmbeddingConfig{Embeddings: initializers.Constant(table.Data)})
					d := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{g.Node("words/embeddings")}, gorgonia.Nodes{dy})[0]
					out := run(t, g, feeds, y, d)
					rtol, atol := tolerance(dtype)
					for i, name := range []string{"y", "dembeddings"} {
						if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					}
				})
			}
		}
	}
}

func TestEmbeddingGradients(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	ids := graph.Placeholder(s, "ids", tensor.Int64, -1, 2)
	y := ops.Square(s, ops.Embedding(s, ids, 4, 3, ops.EmbeddingConfig{Embeddings: initializers.RandomNormal(0, 1)}))
	feeds := graph.Feeds{ids: at([]int{3, 2}, 0, 3, 3, 1, 3, 0).feed(tensor.Int64)}
	twiceDifferentiable(t, g, feeds, y, gorgonia.Nodes{g.Node("embeddings")})
}

func TestEmbeddingVariables(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	ids := graph.Placeholder(s, "ids", tensor.Int, -1, -1)
	cfg := ops.EmbeddingConfig{Regularizer: ops.L2(2), Constraint: ops.MaxNorm(1, 1)}
	y := ops.Embedding(s.Sub("words"), ids, 50, 8, cfg)
	ops.Embedding(s.Sub("words").Reuse(), ids, 50, 8, cfg)
	ops.Embedding(s.Sub("fixed"), ids, 3, 2, ops.EmbeddingConfig{NotTrainable: true, Dtype: tensor.Float64})
	wantNames(t, g, g.Trainable(), "words/embeddings")
	wantNames(t, g, g.ModelVariables(), "words/embeddings", "fixed/embeddings")
	wantNames(t, g, g.Collection(graph.RegularizationLosses), "words/embeddings/Regularizer/l2_regularizer")
	if g.ConstraintOf(g.Node("words/embeddings")) == nil {
		t.Error("the constraint is lost")
	}
	if got := graph.SpecOf(y).String(); got != "float32[?, ?, 8]" {
		t.Errorf("the result is %s", got)
	}
	if got := graph.SpecOf(g.Node("fixed/embeddings")).String(); got != "float64[3, 2]" {
		t.Errorf("the table is %s", got)
	}
	v, err := sessionOn(t, g).Values(g.Node("words/embeddings"))
	if err != nil {
		t.Fatal(err)
	}
	largest := 0.0
	for _, w := range floats(v[0]) {
		largest = math.Max(largest, math.Abs(w))
	}
	if largest > 0.05 || largest < 0.04 {
		t.Errorf("the largest element is %v; want uniform draws within 0.05", largest)
	}
}

func TestEmbeddingErrors(t *testing.T) {
	layer := func(dtype tensor.Dtype, vocabulary, dim int, cfg ops.EmbeddingConfig) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.Embedding(s, graph.Placeholder(s, "ids", dtype, -1), vocabulary, dim, cfg)
		}
	}
	for name, c := range map[string]struct {
		build func(s *graph.Scope) *gorgonia.Node
		words []string
	}{
		"floats":     {layer(tensor.Float32, 5, 2, ops.EmbeddingConfig{}), []string{"float32[?]", "int, int32 or int64"}},
		"vocabulary": {layer(tensor.Int, 0, 2, ops.EmbeddingConfig{}), []string{"vocabulary is 0", "int[?]"}},
		"dim":        {layer(tensor.Int, 5, -2, ops.EmbeddingConfig{}), []string{"dim -2"}},
		"dtype":      {layer(tensor.Int, 5, 2, ops.EmbeddingConfig{Dtype: tensor.Int}), []string{"Dtype is int"}},
		"nil":        {func(s *graph.Scope) *gorgonia.Node { return ops.Embedding(s, nil, 5, 2, ops.EmbeddingConfig{}) }, []string{"the ids are nil"}},
	} {
		t.Run(name, func(t *testing.T) { wantLayerError(t, c.build, c.words...) })
	}
	for _, id := range []int{-1, 5} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		ids := graph.Placeholder(s, "ids", tensor.Int, -1, 2)
		y := ops.Embedding(s.Sub("words"), ids, 5, 3, ops.EmbeddingConfig{})
		feed := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]int{0, 4, id, 1}))
		wantRunError(t, g, graph.Feeds{ids: feed}, y, "words/Gather", fmt.Sprint("index ", id), "[1 0]", "0 to 4")
	}
}

func TestEmbeddingOfNothing(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	ids := graph.Placeholder(s, "ids", tensor.Int32, -1)
	y := ops.Embedding(s, ids, 5, 3, ops.EmbeddingConfig{})
	d := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{g.Node("embeddings")}, nil)[0]
	out := run(t, g, graph.Feeds{ids: wave(0, 0, 0).feed(tensor.Int32)}, y, d)
	if got := out.Tensor(0).Shape(); got[0] != 0 || got[1] != 3 {
		t.Errorf("no ids give %v", got)
	}
	wantValues(t, out.Tensor(1), []int{5, 3}, make([]float64, 15)...)
}
