package rbm

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/floats"
	"github.com/plexaura/plexaura/training/plots"
)

// Filters draws the weights of each hidden unit as an image of Height x Width x Channels visible units, as plots.Filters does; cfg.Limit draws the
// first so many only.
func (r *RBM) Filters(sess *graph.Session, cfg plots.ImageGridConfig) (*plots.Picture, error) {
	switch {
	case !r.exists():
		return nil, errors.WithMessage(errMissing, "rbm: Filters")
	case sess == nil:
		return nil, errors.New("rbm: Filters: the session is nil")
	}
	w, err := sess.Value(r.Weights)
	if err != nil {
		return nil, errors.WithMessage(err, "rbm: Filters")
	}
	p, err := plots.Filters(floats.Float32s(w), r.cfg.Hidden, cfg)
	return p, errors.WithMessage(err, "rbm")
}

// Reconstructions draws the examples that are fed and, beneath each, its Reconstruction, as images of Height x Width x Channels visible units.
// cfg.Limit draws the first so many only.
func (r *RBM) Reconstructions(sess *graph.Session, feeds graph.Feeds, cfg plots.ImageGridConfig) (*plots.Picture, error) {
	switch {
	case !r.exists():
		return nil, errors.WithMessage(errMissing, "rbm: Reconstructions")
	case sess == nil:
		return nil, errors.New("rbm: Reconstructions: the session is nil")
	}
	out, err := sess.Run(feeds, r.X, r.Reconstruction)
	if err != nil {
		return nil, errors.WithMessage(err, "rbm: Reconstructions")
	}
	p, err := plots.Reconstructions(floats.Rows(out.Tensor(0)), floats.Rows(out.Tensor(1)), cfg)
	return p, errors.WithMessage(err, "rbm")
}
