package boxes

import (
	"cmp"
	"slices"
)

// Suppress keeps, of boxes around the same thing, the most probable one: from the most probable box
// down, one is left out where it overlaps a kept one of its class by an IoU of more than overlap, for which .45 is
// usual. It returns those kept, the most probable first; of equally probable ones, the earlier of boxes. What is
// not a number, as a probability, or has no area is left out. boxes stays as it is.
//
// It is non-maximum suppression, a class at a time: tf.image.non_max_suppression, torchvision.ops.batched_nms, and
// Darknet's do_nms_sort.
func Suppress(boxes []Box, overlap float64) []Box {
	ordered := make([]Box, 0, len(boxes))
	for _, b := range boxes {
		if b.Area() > 0 && b.Probability == b.Probability {
			ordered = append(ordered, b)
		}
	}
	slices.SortStableFunc(ordered, func(a, b Box) int { return cmp.Compare(b.Probability, a.Probability) })
	kept := map[int][]Box{} // by class
	return slices.DeleteFunc(ordered, func(b Box) bool {
		for _, k := range kept[b.Class] {
			if IoU(k, b) > overlap {
				return true
			}
		}
		kept[b.Class] = append(kept[b.Class], b)
		return false
	})
}
