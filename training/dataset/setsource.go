package dataset

import "github.com/pkg/errors"

// Read fills e with example e.Index of the set, which so is a Source: X must be
// float32; Y may be class ids int64 [n], which become the Label, or float32
// [n, ...], which become the Target.
func (s *Set) Read(e *Example) error {
	r, err := s.reader()
	if err != nil {
		return s.wrap(err, "Read")
	}
	return r.Read(e)
}

// Labels returns the class ids of the examples, int64 [n], on the memory of Y; nil
// where Y is nil or something else.
func (s *Set) Labels() []int64 {
	_, y, err := s.rows()
	if err != nil {
		return nil
	}
	labels, _ := labelsOf(y) // nil beside an error
	return labels
}

// setReader is a Set whose tensors have been looked at, so that reading an
// example costs a copy and nothing else.
type setReader struct {
	x, y    rows
	data    []float32
	labels  []int64   // nil for none
	targets []float32 // nil for none
}

func (s *Set) reader() (*setReader, error) {
	x, data, err := s.floats()
	if err != nil {
		return nil, err
	}
	_, y, err := s.rows()
	if err != nil {
		return nil, err
	}
	r := &setReader{x: x, y: y, data: data}
	if y.data == nil {
		return r, nil
	}
	switch v := y.data.raw().(type) {
	case []int64:
		r.labels, err = labelsOf(y)
	case []float32:
		r.targets = v
	default:
		err = errors.Errorf("Y: wanted class ids int64 [n] or targets float32 [n, ...], came %T", v)
	}
	return r, err
}

func (r *setReader) Len() int { return r.x.n }

func (r *setReader) Labels() []int64 { return r.labels }

func (r *setReader) Read(e *Example) error {
	i := e.Index
	if i < 0 || i >= r.x.n {
		return errors.Errorf("wanted an example from 0 to %d, came %d", r.x.n-1, i)
	}
	copy(e.Resize(r.x.inner...), r.data[i*r.x.width:(i+1)*r.x.width])
	e.Label = -1
	switch {
	case r.labels != nil:
		e.Label = r.labels[i]
	case r.targets != nil:
		copy(e.ResizeTarget(r.y.inner...), r.targets[i*r.y.width:(i+1)*r.y.width])
	}
	return nil
}

// opened is src, or its reader where it is a Set. A Set that is not in order stays
// what it is, and its Read says why. That there is no source is an error.
func opened(src Source) (Source, error) {
	if err := sourceErr(src); err != nil {
		return nil, err
	}
	if s, ok := src.(*Set); ok {
		if r, err := s.reader(); err == nil {
			return r, nil
		}
	}
	return src, nil
}

// sourceLabels are the class ids of src; nil where it does not know them.
func sourceLabels(src Source) []int64 {
	if l, ok := src.(Labelled); ok {
		return l.Labels()
	}
	return nil
}
