package training

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// block is how many elements a loop that is composed of kernels takes at a time:
// so few that what it computes in between stays on the stack and in the first-level
// cache, and enough that the calls cost little.
const block = 512

// inBlocks hands a loop at most block elements at a time.
func inBlocks(loop graph.Loop) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		for ; lo < hi; lo += block {
			loop(c, lo, min(hi, lo+block))
		}
	}
}

// decayMean is mean = beta*mean + (1-beta)*x. Here and below every operation is
// rounded, so that the bits are the same on any processor.
func decayMean[T float](mean []T, beta T, x []T) {
	kernel.MulScalar(mean, mean, beta)
	kernel.Axpy(mean, 1-beta, x)
}

// decaySquares is mean = beta*mean + (1-beta)*x*x.
func decaySquares[T float](mean []T, beta T, x []T) {
	var scratch [block]T
	squares := scratch[:len(x)]
	kernel.Square(squares, x)
	decayMean(mean, beta, squares)
}

// addSquares is sum += x*x.
func addSquares[T float](sum, x []T) {
	var scratch [block]T
	squares := scratch[:len(x)]
	kernel.Square(squares, x)
	kernel.Add(sum, sum, squares)
}

// descend is v -= step / (root(square) + epsilon); it uses step up.
func descend[T float](v, step, square []T, epsilon T) {
	var scratch [block]T
	root := scratch[:len(v)]
	kernel.Sqrt(root, square)
	kernel.AddScalar(root, root, epsilon)
	kernel.Div(step, step, root)
	kernel.Sub(v, v, step)
}

// approach is x += share * (target - x).
func approach[T float](x, target []T, share T) {
	var scratch [block]T
	difference := scratch[:len(x)]
	kernel.Sub(difference, target, x)
	kernel.Axpy(x, share, difference)
}
