package autoencoder

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/plots"
)

// Reconstructions draws the examples that are fed and, beneath each, its Reconstruction, as images of Height x Width x Channels values, as
// plots.Reconstructions does. cfg.Limit draws the first so many only.
func (a *Autoencoder) Reconstructions(sess *graph.Session, feeds graph.Feeds, cfg plots.ImageGridConfig) (*plots.Picture, error) {
	if sess == nil {
		return nil, errors.New("autoencoder: Reconstructions: the session is nil")
	}
	out, err := sess.Run(feeds, a.Stack.Input(), a.Reconstruction)
	if err != nil {
		return nil, errors.WithMessage(err, "autoencoder: Reconstructions")
	}
	p, err := plots.Reconstructions(rows(out.Tensor(0)), rows(out.Tensor(1)), cfg)
	return p, errors.WithMessage(err, "autoencoder")
}

// rows are the examples of a batch as float32.
func rows(batch *tensor.Dense) [][]float32 {
	var values []float32
	switch x := batch.Data().(type) {
	case []float32:
		values = x
	case []float64:
		values = make([]float32, len(x))
		for i, v := range x {
			values[i] = float32(v)
		}
	}
	all := make([][]float32, batch.Shape()[0])
	width := len(values) / max(1, len(all))
	for i := range all {
		all[i] = values[i*width:][:width]
	}
	return all
}
