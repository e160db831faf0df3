package zoo

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// SentenceConfig configures SentenceBag and SentenceCNN. Vocabulary is required.
type SentenceConfig struct {
	Config
	Vocabulary int // ids that there are, such as Vocabulary.Len() of package dataset/text
	Dim        int // of the vector of a word; default 100
	// Embeddings draws the words' vectors; default uniform on [-0.25, 0.25), Kim's range.
	Embeddings graph.Initializer
	Dropout    float64 // the share that is dropped of the encoding, in training; default 0, Kim's is 0.5

	// Widths and Filters are those of the convolutions of SentenceCNN: how many words each kind of filter sees, and how many filters there are
	// of each kind. Default 3, 4, 5 and 100; of SentenceBag they are an error.
	Widths  []int
	Filters int
}

// pad is the id that fills up sequences, as text.Pad of package dataset/text.
const pad = 0

// SentenceBag encodes a sequence of words as the mean of their vectors, whatever their order: the bag of words of Joulin et al., "Bag of tricks
// for efficient text classification" (2016), fastText.
//
//	endpoint    layer                                     [length]
//	embedding   the vector of each word, dim 100          [length, 100]
//	encoding    the mean over the words                   [100]
//	outputs     dense 2: logits                           [2]
//
// x is [batch, length], ids of words from 0 to Vocabulary-1, of an integer dtype or as floats; 0 fills up what is shorter than length, and
// counts for nothing: a sequence has the same encoding whatever its length. Without a word the encoding is 0. An id beyond is an error of the
// Run, and so is a float that is no whole number or NaN, which the error calls index -1. NoTop ends with the encoding; Classes is 2 unless it is set.
func SentenceBag(s *graph.Scope, x *gorgonia.Node, cfg SentenceConfig) *Model {
	const name = "Sentence bag"
	if cfg.Widths != nil || cfg.Filters != 0 {
		x = s.Fail(name, gorgonia.Nodes{x}, sequences(s), errors.Errorf("Widths is %v and Filters %d; a bag has no filters: want neither", cfg.Widths, cfg.Filters))
	}
	n, h, mask := newSentence(s, name, x, &cfg)
	h = ops.Sum(s, h, 1)
	count := ops.Maximum(s, ops.Sum(s, mask, 1), graph.ConstOf(s, mask.Dtype(), 1.0)) // [batch, 1]
	return n.encoded(s, ops.Div(s, h, count), cfg)
}

// SentenceCNN encodes a sequence of words as the greatest answer anywhere in it of each of many filters, which see a few words at a time: Kim,
// "Convolutional neural networks for sentence classification" (2014); its ranking form is Collobert and Weston (2008).
//
//	endpoint    layer                                                     [length]
//	embedding   the vector of each word, dim 100                          [length, 100]
//	conv3       convolution over 3 words, 100 filters, ReLU               [length, 100]
//	conv4       convolution over 4 words, 100 filters, ReLU               [length, 100]
//	conv5       convolution over 5 words, 100 filters, ReLU               [length, 100]
//	encoding    the maxima over the words, of conv3, conv4 and conv5      [300]
//	outputs     dense 2: logits                                           [2]
//
// x is that of SentenceBag. Behind the last word stand zeros, and windows that begin there do not count: a sequence has the same
// encoding whatever its length, and without a word it is 0.
func SentenceCNN(s *graph.Scope, x *gorgonia.Node, cfg SentenceConfig) *Model {
	n, h, mask := newSentence(s, "Sentence CNN", x, &cfg)
	var maxima gorgonia.Nodes
	for _, width := range cfg.Widths {
		l := s.Sub(fmt.Sprintf("conv%d", width))
		kernel := graph.Initializer(initializers.He())
		if n.cfg.Kernel != nil {
			kernel = n.cfg.Kernel
		}
		y := ops.Conv1D(l, h, cfg.Filters, width, ops.Conv1DConfig{Kernel: kernel, Pads: [2]int{0, width - 1}, Activation: ops.ReLU})
		// A filter's answer is 0 or more, so that one of 0 is never the only maximum where there is a word.
		y = n.end(l, ops.Mul(l, y, mask))
		maxima = append(maxima, ops.Max(l, y, 1))
	}
	return n.encoded(s, ops.Concat(s, 1, maxima...), cfg)
}

// newSentence begins a network of sentences. It returns the vectors of words [batch, length, dim], 0 where there is none, and where there is
// one, [batch, length, 1].
func newSentence(s *graph.Scope, name string, x *gorgonia.Node, cfg *SentenceConfig) (n *net, vectors, mask *gorgonia.Node) {
	n, x = newNet(s, name, x, cfg.Config, 2, false)
	if cfg.Dim == 0 {
		cfg.Dim = 100
	}
	if cfg.Widths == nil {
		cfg.Widths = []int{3, 4, 5}
	}
	if cfg.Filters == 0 {
		cfg.Filters = 100
	}
	if cfg.Embeddings == nil {
		cfg.Embeddings = initializers.RandomUniform(-0.25, 0.25)
	}
	if err := cfg.check(x); err != nil {
		x = s.Fail(name, gorgonia.Nodes{x}, sequences(s), err)
	}
	if graph.IsBad(x) {
		return n, ops.ExpandDims(s, x, 2), ops.ExpandDims(s, x, 2)
	}
	l := s.Sub("embedding")
	ids := wordIDs(l, x)
	h := ops.Embedding(l, ids, cfg.Vocabulary, cfg.Dim, ops.EmbeddingConfig{Embeddings: cfg.Embeddings})
	there := ops.NotEqual(l, ids, graph.ConstOf(l, ids.Dtype(), pad))
	mask = ops.Cast(l, ops.ExpandDims(l, there, 2), h.Dtype())
	return n, n.end(l, ops.Mul(l, h, mask)), mask
}

// wordIDs are ids of words, of an integer dtype or as floats, as integers. A float that is no whole number, NaN among them, becomes -1, which is no id.
func wordIDs(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	if !graph.SpecOf(x).IsFloat() {
		return x
	}
	ids := ops.Cast(s, x, tensor.Int64)
	whole := ops.Equal(s, x, ops.Cast(s, ids, x.Dtype()))
	return ops.Where(s, whole, ids, graph.ConstOf(s, tensor.Int64, -1))
}

// sequences is what x should be.
func sequences(s *graph.Scope) graph.Spec {
	return graph.Spec{Dtype: s.Graph().Dtype(), Shape: tensor.Shape{graph.Unknown, graph.Unknown}}
}

// check returns an error unless sentences x can be encoded.
func (cfg SentenceConfig) check(x *gorgonia.Node) error {
	sp := graph.SpecOf(x)
	switch {
	case graph.IsBad(x): // which has been reported
		return nil
	case x == nil || sp.Rank() != 2 || !sp.IsInt() && !sp.IsFloat():
		return errors.Errorf("x is %v; want ids of words, [batch, length], integers or floats", sp)
	case cfg.Vocabulary < 2:
		return errors.Errorf("Vocabulary is %d; want how many ids there are, 2 or more", cfg.Vocabulary)
	case cfg.Dim < 0 || cfg.Filters < 0:
		return errors.Errorf("Dim is %d and Filters %d; want positive numbers, or 0 for 100", cfg.Dim, cfg.Filters)
	case cfg.NoTop && cfg.Dropout != 0:
		return errors.Errorf("Dropout is %v, but NoTop leaves out what it stands below; want one of the two", cfg.Dropout)
	case len(cfg.Widths) == 0:
		return errors.New("Widths is empty; want how many words the filters see, or nil for 3, 4, 5")
	}
	for i, w := range cfg.Widths {
		if w < 1 {
			return errors.Errorf("Widths[%d] is %d; want 1 or more words", i, w)
		}
		for _, earlier := range cfg.Widths[:i] {
			if w == earlier {
				return errors.Errorf("Widths has %d twice; raise Filters instead", w)
			}
		}
	}
	return nil
}

// encoded ends a network of sentences: the encoding, and a classifier unless NoTop is set.
func (n *net) encoded(s *graph.Scope, h *gorgonia.Node, cfg SentenceConfig) *Model {
	n.model.endpoints = append(n.model.endpoints, Endpoint{"encoding", h})
	if cfg.NoTop {
		return n.built(h)
	}
	if cfg.Dropout != 0 {
		h = ops.Dropout(s, h, cfg.Dropout, cfg.Training)
	}
	l := s.Sub("outputs")
	return n.built(n.end(l, n.dense(l, h, n.cfg.Classes, ops.DenseConfig{})))
}
