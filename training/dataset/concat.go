package dataset

import (
	"sort"

	"github.com/pkg/errors"
)

// Concat is the examples of several sources, one source after the other. Without
// a source it is an error.
func Concat(sources ...Source) (Source, error) {
	if len(sources) == 0 {
		return nil, errors.New("dataset: Concat: wanted at least one source, came none")
	}
	c := &concat{}
	total := 0
	for i, src := range sources {
		src, err := opened(src)
		if err != nil {
			return nil, errors.WithMessagef(err, "dataset: Concat: number %d", i)
		}
		total += src.Len()
		c.sources, c.ends = append(c.sources, src), append(c.ends, total)
	}
	return c, nil
}

type concat struct {
	sources []Source
	ends    []int // number of examples up to the end of each source
}

func (c *concat) Len() int { return c.ends[len(c.ends)-1] }

// Labels are nil unless every source that has examples knows its labels.
func (c *concat) Labels() []int64 {
	var all []int64
	for _, src := range c.sources {
		labels := sourceLabels(src)
		if len(labels) != src.Len() {
			return nil
		}
		all = append(all, labels...)
	}
	return all
}

func (c *concat) Read(e *Example) error {
	outer := e.Index
	if outer < 0 || outer >= c.Len() {
		return errors.Errorf("wanted an example from 0 to %d, came %d", c.Len()-1, outer)
	}
	k := sort.SearchInts(c.ends, outer+1)
	e.Index = outer - (c.ends[k] - c.sources[k].Len())
	err := c.sources[k].Read(e)
	e.Index = outer
	return err
}
