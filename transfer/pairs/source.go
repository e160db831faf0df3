package pairs

import (
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// Source is a dataset.Source whose examples are examples of another source, stacked or one by one; New, Triplets, Positives and Classes make
// one. It may be read by several goroutines at once.
type Source struct {
	src     dataset.Source
	groups  *groups
	n       int    // examples
	members int    // of an example
	stacked bool   // X is [members, ...]
	batch   int    // examples of a batch where their order makes batches, else 0
	fixed   bool   // the same in every epoch
	what    string // for String and Fingerprint: what it draws, and the seed
	// draw fills places with the examples of the source that example i of an epoch consists of.
	draw func(epoch, i int, places []int)
	// label is that of example i, which consists of places.
	label func(i int, places []int) int64
	// known is label where it depends on i alone, else nil.
	known func(i int) int64

	scratch sync.Pool // of *member
}

var _ dataset.Labelled = (*Source)(nil)

// member is what reading one member of an example needs.
type member struct {
	e      dataset.Example
	places []int
	shape  []int // of all members
	rank   int   // of one
}

var errNoPairs = errors.New("the source is nil; want one that New, Triplets, Positives or Classes made")

// newSource makes a source that wants at least so many examples of each class of src.
func newSource(src dataset.Source, least int) (*Source, error) {
	g, err := groupsOf(src, least)
	if err != nil {
		return nil, err
	}
	if set, ok := src.(*dataset.Set); ok { // its dtypes are wrong for all examples or for none
		if err := set.Read(new(dataset.Example)); err != nil {
			return nil, err
		}
	}
	return &Source{src: dataset.Map(src), groups: g}, nil // Map looks at the tensors of a Set once and for all
}

// Len is the number of pairs, triplets or examples of an epoch; 0 of a nil source.
func (s *Source) Len() int {
	if s == nil {
		return 0
	}
	return s.n
}

// BatchSize is the size of the batches that Classes made; 0 of pairs and triplets, which go into batches of any size.
func (s *Source) BatchSize() int {
	if s == nil {
		return 0
	}
	return s.batch
}

// Places returns which examples of the source example i of an epoch consists of, such as the two of a pair; nil where i is not 0 to Len()-1.
func (s *Source) Places(epoch, i int) []int {
	if i < 0 || i >= s.Len() {
		return nil
	}
	places := make([]int, s.members)
	s.drawn(epoch, i, places)
	return places
}

func (s *Source) drawn(epoch, i int, places []int) {
	if s.fixed {
		epoch = 0
	}
	s.draw(epoch, i, places)
}

// Labels returns the labels, [n], where they are the same in every epoch: those of pairs, and of all sources that are Fixed; elsewhere nil.
func (s *Source) Labels() []int64 {
	if s == nil || s.known == nil && !s.fixed {
		return nil
	}
	labels := make([]int64, s.n)
	places := make([]int, s.members)
	for i := range labels {
		if s.known != nil {
			labels[i] = s.known(i)
			continue
		}
		s.draw(0, i, places)
		labels[i] = s.label(i, places)
	}
	return labels
}

// Read fills e with example e.Index of epoch e.Epoch: X is [members, ...] with the members behind each other. That members have different
// shapes, or values that are no numbers, is an error that names the example of the source.
func (s *Source) Read(e *dataset.Example) error {
	if s.Len() == 0 {
		return errNoPairs
	}
	if e.Index < 0 || e.Index >= s.n {
		return errors.Errorf("wanted an example from 0 to %d, came %d", s.n-1, e.Index)
	}
	m, _ := s.scratch.Get().(*member)
	if m == nil {
		m = &member{places: make([]int, s.members)}
	}
	defer s.scratch.Put(m)
	s.drawn(e.Epoch, e.Index, m.places)
	m.e.Epoch, m.e.Rand = e.Epoch, e.Rand
	for k, place := range m.places {
		if err := s.read(e, m, k, place); err != nil {
			return errors.WithMessagef(err, "member %d, example %d of the source", k, place)
		}
	}
	m.e.Rand = nil
	e.Label, e.Target, e.TargetShape = s.label(e.Index, m.places), nil, e.TargetShape[:0]
	return nil
}

// read reads a member and puts it at place k of e.
func (s *Source) read(e *dataset.Example, m *member, k, place int) error {
	m.e.Index, m.e.Target = place, nil
	if err := s.src.Read(&m.e); err != nil {
		return err
	}
	for i, v := range m.e.X {
		if v-v != 0 {
			return errors.Errorf("value %d is %v; want a number", i, v)
		}
	}
	if k == 0 {
		m.shape = m.shape[:0]
		if s.stacked {
			m.shape = append(m.shape, s.members)
		}
		m.shape = append(m.shape, m.e.Shape...)
		m.rank = len(m.e.Shape)
		e.Resize(m.shape...)
	}
	inner := m.shape[len(m.shape)-m.rank:]
	if len(m.e.X)*s.members != len(e.X) || !slices.Equal(inner, m.e.Shape) {
		return errors.Errorf("its shape is %v, that of member 0 is %v; bring them to one shape (dataset.Map)", m.e.Shape, inner)
	}
	copy(e.X[k*len(m.e.X):], m.e.X)
	return nil
}

// String says what is drawn of what, such as
//
//	60000 pairs of 60000 examples of 10 classes, half of them of one class, seed 42
func (s *Source) String() string {
	if s == nil || s.groups == nil {
		return "no pairs"
	}
	return fmt.Sprintf(s.what, s.n, s.groups.len(), len(s.groups.ids))
}

// Fingerprint writes what the examples follow from. A source that draws others in each epoch has none: set Fixed. See dataset.Fingerprint.
func (s *Source) Fingerprint(w io.Writer) error {
	if s.Len() == 0 {
		return errNoPairs
	}
	if !s.fixed {
		return errors.Errorf("pairs: Fingerprint: %v are drawn anew in each epoch; set Fixed", s)
	}
	if _, err := fmt.Fprintln(w, s); err != nil {
		return err
	}
	return dataset.Fingerprint(w, s.src)
}
