package pairs

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/draws"
	"github.com/plexaura/plexaura/training/dataset"
)

// Labels of pairs, as ops.ContrastiveLoss wants them.
const (
	Different = 0 // the two are of different classes
	Same      = 1 // the two are of one class
)

// New makes pairs of the examples of a labelled source: X is [2, ...], the label Same or Different. Pairs of even number are of one class,
// those of odd number of two, so that half of them are of either kind, and any even number of pairs in their order too.
//
// The first of a pair is any example, all equally likely; so is the second, among the others of its class, or among all examples of other
// classes. Every class wants two examples or more, and src two classes.
func New(src dataset.Source, cfg Config) (*Source, error) {
	s, err := newSource(src, 2)
	if err == nil {
		s.n, err = cfg.count(s.groups.len())
	}
	if err != nil {
		return nil, errors.WithMessage(err, "pairs: New")
	}
	g := s.groups
	s.members, s.stacked, s.fixed = 2, true, cfg.Fixed
	s.what = "%d pairs of %d examples of %d classes, half of them of one class, " + cfg.String()
	s.draw = func(epoch, i int, places []int) {
		stream := draws.At(cfg.Seed, epoch, i)
		places[0] = stream.Below(g.len())
		if i%2 == 0 {
			places[1] = g.partner(&stream, places[0])
		} else {
			places[1] = g.stranger(&stream, places[0])
		}
	}
	s.known = func(i int) int64 {
		if i%2 == 0 {
			return Same
		}
		return Different
	}
	s.label = func(i int, _ []int) int64 { return s.known(i) }
	return s, nil
}

// Positives makes pairs of one class of the examples of a labelled source, as ops.NPairLoss wants them: X is [2, ...], the label the class of
// the two. The class is any, all equally likely whatever their sizes, so that few examples of a batch share one; of it two different
// examples are drawn. Every class wants two examples or more, and src two classes.
func Positives(src dataset.Source, cfg Config) (*Source, error) {
	s, err := newSource(src, 2)
	if err == nil {
		s.n, err = cfg.count(s.groups.len())
	}
	if err != nil {
		return nil, errors.WithMessage(err, "pairs: Positives")
	}
	g := s.groups
	s.members, s.stacked, s.fixed = 2, true, cfg.Fixed
	s.what = "%d pairs of one class of %d examples of %d classes, " + cfg.String()
	s.draw = func(epoch, i int, places []int) {
		stream := draws.At(cfg.Seed, epoch, i)
		c := stream.Below(len(g.ids))
		places[0] = g.places[g.begins[c]+stream.Below(g.size(c))]
		places[1] = g.partner(&stream, places[0])
	}
	s.label = func(_ int, places []int) int64 { return g.label(places[0]) }
	return s, nil
}
