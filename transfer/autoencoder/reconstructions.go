package autoencoder

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/floats"
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
	p, err := plots.Reconstructions(floats.Rows(out.Tensor(0)), floats.Rows(out.Tensor(1)), cfg)
	return p, errors.WithMessage(err, "autoencoder")
}
