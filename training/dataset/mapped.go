package dataset

import "github.com/pkg/errors"

// Map is src with transforms applied, in their order, to every example that is
// read. It is for what is to stand beneath a Cache, or to hold for one part of a
// Concat only; the Map of BatchesConfig does the rest. A nil src becomes an error of
// whoever reads the result, as with Cache.
func Map(src Source, transforms ...Transform) Source {
	src, err := opened(src)
	if err != nil {
		return absent{errors.WithMessage(err, "Map")}
	}
	return &mapped{src: src, transforms: transforms}
}

type mapped struct {
	src        Source
	transforms []Transform
}

func (m *mapped) Len() int { return m.src.Len() }

// Labels are those of the source; a Transform that changes labels is beyond what
// can be known without reading.
func (m *mapped) Labels() []int64 { return sourceLabels(m.src) }

func (m *mapped) Read(e *Example) error {
	if err := m.src.Read(e); err != nil {
		return err
	}
	for _, t := range m.transforms {
		if err := t(e); err != nil {
			return err
		}
	}
	return nil
}
