package pairs

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/draws"
	"github.com/plexaura/plexaura/training/dataset"
)

// Triplets makes triplets of the examples of a labelled source, as ops.TripletLoss wants them: X is [3, ...], an anchor, a positive, which is
// another example of its class, and a negative, an example of another class; the label is the anchor's class. Each is any such example,
// all equally likely: most triplets are easy before long, for which reason Classes, with ops.TripletSemihardLoss or
// ops.TripletHardLoss, learns more of as many examples. Every class wants two examples or more, and src two classes.
func Triplets(src dataset.Source, cfg Config) (*Source, error) {
	s, err := newSource(src, 2)
	if err == nil {
		s.n, err = cfg.count(s.groups.len())
	}
	if err != nil {
		return nil, errors.WithMessage(err, "pairs: Triplets")
	}
	g := s.groups
	s.members, s.stacked, s.fixed = 3, true, cfg.Fixed
	s.what = "%d triplets of %d examples of %d classes, " + cfg.String()
	s.draw = func(epoch, i int, places []int) {
		stream := draws.At(cfg.Seed, epoch, i)
		places[0] = stream.Below(g.len())
		places[1] = g.partner(&stream, places[0])
		places[2] = g.stranger(&stream, places[0])
	}
	s.label = func(_ int, places []int) int64 { return g.label(places[0]) }
	return s, nil
}
