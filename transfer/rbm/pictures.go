package rbm

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/plots"
)

// Filters draws the weights of each hidden unit as an image of Height x Width x Channels visible units, as plots.Filters does; cfg.Limit draws the
// first so many only.
func (r *RBM) Filters(sess *graph.Session, cfg plots.ImageGridConfig) (*plots.Picture, error) {
	if sess == nil {
		return nil, errors.New("rbm: Filters: the session is nil")
	}
	w, err := sess.Value(r.Weights)
	if err != nil {
		return nil, errors.WithMessage(err, "rbm: Filters")
	}
	p, err := plots.Filters(float32s(w), r.cfg.Hidden, cfg)
	return p, errors.WithMessage(err, "rbm")
}

// Reconstructions draws the examples that are fed and, beneath each, its Reconstruction, as images of Height x Width x Channels visible units.
// cfg.Limit draws the first so many only.
func (r *RBM) Reconstructions(sess *graph.Session, feeds graph.Feeds, cfg plots.ImageGridConfig) (*plots.Picture, error) {
	if sess == nil {
		return nil, errors.New("rbm: Reconstructions: the session is nil")
	}
	out, err := sess.Run(feeds, gorgonia.Nodes{r.X, r.Reconstruction}...)
	if err != nil {
		return nil, errors.WithMessage(err, "rbm: Reconstructions")
	}
	p, err := plots.Reconstructions(rows(out.Tensor(0)), rows(out.Tensor(1)), cfg)
	return p, errors.WithMessage(err, "rbm")
}

// float32s is a tensor's elements as float32, perhaps its own memory.
func float32s(t tensor.Tensor) []float32 {
	switch x := t.Data().(type) {
	case []float32:
		return x
	case []float64:
		out := make([]float32, len(x))
		for i, v := range x {
			out[i] = float32(v)
		}
		return out
	}
	return nil
}

// rows are the rows of a matrix.
func rows(t tensor.Tensor) [][]float32 {
	x, n := float32s(t), t.Shape()[0]
	out := make([][]float32, n)
	for i := range out {
		out[i] = x[i*len(x)/n : (i+1)*len(x)/n]
	}
	return out
}
