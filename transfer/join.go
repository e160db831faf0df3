package transfer

import (
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// join returns the tensors with those that are stored in parts in place of their first part.
func (c *mapper) join(tensors []weights.Tensor) ([]weights.Tensor, error) {
	for i, j := range c.Joins {
		parts := map[string][]int{} // of what Into becomes: the indices of the tensors, one more than they are
		for at, t := range tensors {
			k := first(c.joins[i], t.Name)
			if k < 0 {
				continue
			}
			re := c.joins[i][k]
			into := string(re.ExpandString(nil, j.Into, t.Name, re.FindStringSubmatchIndex(t.Name)))
			if parts[into] == nil {
				parts[into] = make([]int, len(j.Parts))
			}
			if other := parts[into][k]; other > 0 {
				return nil, errors.Errorf("both %q and %q are part %d of %q; want patterns that tell them apart", tensors[other-1].Name, t.Name, k, into)
			}
			parts[into][k] = at + 1
		}
		joined, gone := map[int]weights.Tensor{}, map[int]bool{}
		for into, indices := range parts {
			if slices.Contains(indices, 0) {
				continue
			}
			var all []weights.Tensor
			for _, at := range indices {
				all = append(all, tensors[at-1])
				gone[at-1] = true
			}
			t, err := weights.Join(into, j.Axis, all...)
			if err != nil {
				return nil, err
			}
			joined[slices.Min(indices)-1] = t
		}
		var next []weights.Tensor
		for at, t := range tensors {
			if whole, ok := joined[at]; ok {
				next = append(next, whole)
			} else if !gone[at] {
				next = append(next, t)
			}
		}
		tensors = next
	}
	return tensors, nil
}
