package dataset

import (
	"math"
	"math/rand/v2"
)

// beta draws from the Beta distribution with both parameters alpha, above 0, from
// uniform numbers alone, so that it does not change with the Go release.
func beta(pcg *rand.PCG, alpha float64) float64 {
	if alpha <= 1 {
		return betaJohnk(pcg, alpha)
	}
	return betaCheng(pcg, alpha)
}

// betaJohnk is for alpha up to 1. M. D. Jöhnk, "Erzeugung von betaverteilten und
// gammaverteilten Zufallszahlen", Metrika 8, 1964: x = u^(1/alpha), y = v^(1/alpha),
// and x/(x+y) where x+y <= 1. In logarithms, as the powers underflow for a small alpha.
func betaJohnk(pcg *rand.PCG, alpha float64) float64 {
	for {
		x, y := math.Log(1-uniform(pcg))/alpha, math.Log(1-uniform(pcg))/alpha
		top := max(x, y)
		sum := math.Log(math.Exp(x-top)+math.Exp(y-top)) + top
		if sum <= 0 {
			return math.Exp(x - sum)
		}
	}
}

// betaCheng is for alpha above 1: algorithm BB of R. C. H. Cheng, "Generating beta
// variates with nonintegral shape parameters", Communications of the ACM 21, 1978,
// with both parameters alpha.
func betaCheng(pcg *rand.PCG, alpha float64) float64 {
	rate := math.Sqrt((2*alpha - 2) / (2*alpha*alpha - 2*alpha))
	gamma := alpha + 1/rate
	for {
		u1, u2 := uniform(pcg), 1-uniform(pcg)
		v := rate * math.Log(u1/(1-u1))
		w := alpha * math.Exp(v)
		z := u1 * u1 * u2
		r := gamma*v - math.Log(4)
		s := alpha + r - w
		if s+1+math.Log(5) >= 5*z || s >= math.Log(z) || r+2*alpha*math.Log(2*alpha/(alpha+w)) >= math.Log(z) {
			return w / (alpha + w)
		}
	}
}
