package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// maxParts bounds the nodes that one Split makes.
const maxParts = 1 << 20

// Split cuts x into equal parts along an axis (negative ones count from the
// last), whose size the number of parts must divide.
//
//	x [a, n, b], axis 1 -> parts tensors [a, n/parts, b]
//
// Any dtype; sizes may be unknown. The gradient is the parts' gradients joined.
//
// TF: tf.split. PyTorch: torch.tensor_split. Dtypes: any. Gradient: yes.
func Split(s *graph.Scope, x *gorgonia.Node, parts, axis int) gorgonia.Nodes {
	if parts < 1 || parts > maxParts {
		return gorgonia.Nodes{s.Failf("Split", gorgonia.Nodes{x}, "the number of parts is %d; want 1 to %d", parts, maxParts)}
	}
	out := make(gorgonia.Nodes, parts)
	for k := range out {
		out[k] = strided{
			name:  "Split",
			attrs: map[string]interface{}{"axis": axis, "parts": parts, "part": k},
			spans: alongAxis(axis, func(x graph.Spec, a int) (span, error) {
				d := x.Shape[a]
				if d < 0 {
					return whole(graph.Unknown), nil
				}
				if d%parts != 0 {
					return span{}, errors.Errorf("x is %v; axis %d of size %d cannot be cut into %d equal parts (SplitSizes cuts unequal ones)", x, a, d, parts)
				}
				return span{k * (d / parts), 1, d / parts}, nil
			}),
		}.apply(s, x)
	}
	return out
}

// SplitSizes cuts x along an axis (negative ones count from the last) into
// parts of the given sizes, which must add up to the size of the axis. One of
// them may be -1: it takes what the others leave.
//
// Any dtype; sizes of x may be unknown. The gradient is the parts' gradients
// joined.
//
// TF: tf.split. PyTorch: torch.split. Dtypes: any. Gradient: yes.
func SplitSizes(s *graph.Scope, x *gorgonia.Node, sizes []int, axis int) gorgonia.Nodes {
	sizes = append([]int(nil), sizes...)
	free, total := -1, 0 // the part of size -1, the sum of the others
	for k, n := range sizes {
		switch {
		case n >= 0:
			if total += n; total < 0 {
				return gorgonia.Nodes{s.Failf("SplitV", gorgonia.Nodes{x}, "the sizes are %v, whose sum overflows", sizes)}
			}
		case n == graph.Unknown && free < 0:
			free = k
		default:
			return gorgonia.Nodes{s.Failf("SplitV", gorgonia.Nodes{x}, "the sizes are %v; want none negative, but for one -1", sizes)}
		}
	}
	if len(sizes) == 0 {
		return gorgonia.Nodes{s.Failf("SplitV", gorgonia.Nodes{x}, "there are no sizes; want one for each part")}
	}
	out := make(gorgonia.Nodes, len(sizes))
	before := 0
	for k, n := range sizes {
		begin := before
		out[k] = strided{
			name:  "SplitV",
			attrs: map[string]interface{}{"axis": axis, "sizes": sizes, "part": k},
			spans: alongAxis(axis, func(x graph.Spec, a int) (span, error) {
				d := x.Shape[a]
				if d >= 0 && (d < total || d > total && free < 0) {
					return span{}, errors.Errorf("x is %v; the sizes %v do not add up to axis %d, of size %d", x, sizes, a, d)
				}
				from, count := begin, n
				switch {
				case k == free && d < 0:
					count = graph.Unknown
				case k == free:
					count = d - total
				case free >= 0 && k > free:
					from += d - total // of no account while d is unknown
				}
				return span{from, 1, count}, nil
			}),
		}.apply(s, x)
		before += max(n, 0)
	}
	return out
}
