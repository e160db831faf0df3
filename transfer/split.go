package transfer

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// split returns the tensors with the parts of those that are several in one in their place.
func (c *mapper) split(tensors []weights.Tensor) ([]weights.Tensor, error) {
	var all []weights.Tensor
	for _, t := range tensors {
		i := first(c.splits, t.Name)
		if i < 0 {
			all = append(all, t)
			continue
		}
		s := c.Splits[i]
		sizes, err := s.sizes(t)
		if err != nil {
			return nil, err
		}
		match := c.splits[i].FindStringSubmatchIndex(t.Name)
		from := 0
		for k, into := range s.Into {
			part, err := t.Slice(s.Axis, from, from+sizes[k])
			if err != nil {
				return nil, err
			}
			from += sizes[k]
			if part.Name = string(c.splits[i].ExpandString(nil, into, t.Name, match)); into != "" {
				all = append(all, part)
			}
		}
	}
	return all, nil
}

// sizes returns those of the parts along the axis.
func (s Split) sizes(t weights.Tensor) ([]int, error) {
	if s.Axis < 0 || s.Axis >= len(t.Shape) {
		return nil, errors.Errorf("the split of %q wants axis %d, but %q has the shape %v", s.Pattern, s.Axis, t.Name, t.Shape)
	}
	whole := t.Shape[s.Axis]
	if s.Sizes == nil {
		n := len(s.Into)
		if whole%n != 0 {
			return nil, errors.Errorf("the split of %q wants %d equal parts along axis %d, but %q has the shape %v; Sizes gives others", s.Pattern, n, s.Axis, t.Name, t.Shape)
		}
		sizes := make([]int, n)
		for k := range sizes {
			sizes[k] = whole / n
		}
		return sizes, nil
	}
	left := whole
	for _, d := range s.Sizes {
		if d > left {
			left = -1
			break
		}
		left -= d
	}
	if left != 0 {
		return nil, errors.Errorf("the split of %q wants parts of %v along axis %d, but %q has the shape %v", s.Pattern, s.Sizes, s.Axis, t.Name, t.Shape)
	}
	return s.Sizes, nil
}
