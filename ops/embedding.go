package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// EmbeddingConfig configures Embedding. The zero value is
// tf.keras.layers.Embedding's default.
type EmbeddingConfig struct {
	Embeddings   graph.Initializer // default uniform on [-0.05, 0.05); torch.nn.Embedding has normal(0, 1)
	Dtype        tensor.Dtype      // tensor.Float32 or tensor.Float64; default the graph's
	NotTrainable bool              // as for vectors learned elsewhere

	Regularizer Regularizer      // of the whole table; its loss enters graph.RegularizationLosses; nil for none
	Constraint  graph.Constraint // applied after each optimizer update; nil for none
}

// Embedding maps each id to a learned vector, the row of a table with that
// number:
//
//	y[i..., :] = embeddings[ids[i...], :]
//
// ids are int, int32 or int64 in [0, vocabulary), of any shape [...], which may
// be unknown; the result is [..., dim]. An id outside is an error of the Run
// that names the node, the position and the id.
//
// The variable is embeddings [vocabulary, dim], directly in s, the layer's
// scope. Its gradient is of the table's size: grad added up at the ids, in a
// fixed order. With s.Reuse() the existing table is used, and not regularized
// again.
//
// TF: tf.keras.layers.Embedding, tf.contrib.layers.embed_sequence. PyTorch: torch.nn.Embedding. Dtypes: float. Gradient: yes.
func Embedding(s *graph.Scope, ids *gorgonia.Node, vocabulary, dim int, cfg EmbeddingConfig) *gorgonia.Node {
	const name = "Embedding"
	if ids == nil {
		return s.Failf(name, nil, "the ids are nil")
	}
	sp := graph.SpecOf(ids)
	intended := graph.Spec{Dtype: cfg.Dtype, Shape: append(sp.Shape.Clone(), max(dim, graph.Unknown))}
	if intended.Dtype.Type == nil {
		intended.Dtype = s.Graph().Dtype()
	}
	fail := func(format string, args ...interface{}) *gorgonia.Node {
		if !intended.IsFloat() {
			intended.Dtype = s.Graph().Dtype()
		}
		return s.Fail(name, gorgonia.Nodes{ids}, intended, errors.Errorf(format, args...))
	}
	switch {
	case graph.IsBad(ids):
		return fail("the ids could not be built")
	case !sp.IsInt():
		return fail("the ids are %v; want int, int32 or int64 (ops.Cast converts)", sp)
	case vocabulary < 1 || dim < 1:
		return fail("the vocabulary is %d and dim %d; want positive numbers", vocabulary, dim)
	case !intended.IsFloat():
		return fail("Dtype is %v; want float32 or float64", intended.Dtype)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		init := cfg.Embeddings
		if init == nil {
			init = initializers.RandomUniform(-0.05, 0.05)
		}
		table := regularized(s, "embeddings", cfg.Regularizer, func() *gorgonia.Node {
			return graph.Variable(s, "embeddings", tensor.Shape{vocabulary, dim}, graph.VariableConfig{
				Dtype: intended.Dtype, Initializer: init, NotTrainable: cfg.NotTrainable, Constraint: cfg.Constraint,
				Collections: []string{graph.ModelVariables}})
		})
		return Gather(s, table, ids, 0)
	})
}
