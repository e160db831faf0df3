package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Tile puts copies of x one after another: reps[a] of them along axis a, and one
// along the axes that have no entry.
//
//	y[i] = x[i mod n]
//	x [m, n], reps 2, 3 -> [2m, 3n]
//
// Any dtype; sizes may be unknown. The gradient adds grad up over the copies, for
// each element. The elementwise ops and BroadcastTo repeat an axis of size 1
// without a copy.
//
// TF: tf.tile. PyTorch: torch.Tensor.repeat. Dtypes: any. Gradient: yes.
func Tile(s *graph.Scope, x *gorgonia.Node, reps ...int) *gorgonia.Node {
	for _, n := range reps {
		if n < 0 {
			return s.Failf("Tile", gorgonia.Nodes{x}, "the numbers of copies are %v; want 0 or more", reps)
		}
	}
	reps = append([]int(nil), reps...)
	return repeats{name: "Tile", attrs: map[string]interface{}{"multiples": reps}, tiles: reps}.apply(s, x)
}
