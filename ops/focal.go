package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// FocalConfig configures SigmoidFocal.
type FocalConfig struct {
	Alpha   float64 // the weight of positives, 1 - Alpha being that of negatives; default 0.25
	Gamma   float64 // how much easy examples fade, 0 or more; default 2, graph.Zero for none
	NoAlpha bool    // weighs positives and negatives alike, by 1
}

// SigmoidFocal is the focal loss of Lin et al., "Focal loss for dense object
// detection" (2017), elementwise, for labels z in [0, 1] and independent classes:
//
//	alphaT * (1 - pT)^gamma * SigmoidCrossEntropy(z, x)
//
// with p = sigmoid(x), pT = p*z + (1-p)*(1-z) and alphaT = alpha*z +
// (1-alpha)*(1-z). What is classified well hardly counts, so that a thousand easy
// negatives do not drown one positive. 1 - pT is computed without cancellation:
// the loss keeps its digits at any logit. Any shape, both of one float dtype and of
// equal shape (labels may be integers or bool); the result has that shape.
// WeightedLoss reduces it; the paper divides its sum by the number of positives.
// torchvision.ops.sigmoid_focal_loss with reduction "none".
//
// The gradient for the logits is that of the formula; labels get none.
//
// TF: none. PyTorch: torchvision.ops.sigmoid_focal_loss. Dtypes: float. Gradient: yes.
func SigmoidFocal(s *graph.Scope, labels, logits *gorgonia.Node, cfg FocalConfig) *gorgonia.Node {
	const name = "SigmoidFocal"
	if cfg.Alpha == 0 {
		cfg.Alpha = 0.25
	}
	if cfg.Gamma == 0 {
		cfg.Gamma = 2
	}
	if !(cfg.Alpha > 0 && cfg.Alpha <= 1) {
		return s.Failf(name, gorgonia.Nodes{logits}, "Alpha is %v; want the weight of positives, from 0 to 1 (0.25 is usual)", cfg.Alpha)
	}
	if !(cfg.Gamma > 0) || math.IsInf(cfg.Gamma, 0) {
		return s.Failf(name, gorgonia.Nodes{logits}, "Gamma is %v; want 0 or more (2 is usual)", cfg.Gamma)
	}
	f := focal{yes: cfg.Alpha, no: 1 - cfg.Alpha, gamma: cfg.Gamma}
	if cfg.NoAlpha {
		f.yes, f.no = 1, 1
	}
	attrs := map[string]interface{}{"alpha": cfg.Alpha, "gamma": cfg.Gamma, "no_alpha": cfg.NoAlpha}
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: attrs,
		Infer: inferLoss("labels and logits", sameTwo),
		Kernel: zipKernel(
			func(loss, z, x []float32) { focals(loss, z, x, f) },
			func(loss, z, x []float64) { focals(loss, z, x, f) }),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{nil, f.grad(s, grad, in[0], in[1])}
		},
	}, floatLabels(s, labels, logits), logits)
}

// focal holds the factors of positives and negatives and the exponent.
type focal struct{ yes, no, gamma float64 }

// at returns p = sigmoid(x), n = 1 - p, q = 1 - pT and the cross-entropy of one
// element.
func (f focal) at(z, x float64) (p, n, q, xent float64) {
	e := math.Exp(-math.Abs(x))
	p = 1 / (1 + e)
	n = e * p
	if x < 0 {
		p, n = n, p
	}
	near := math.Log1p(e)
	if z != 0 {
		q += n * z
		xent += z * (max(-x, 0) + near)
	}
	if z != 1 {
		q += p * (1 - z)
		xent += (1 - z) * (max(x, 0) + near)
	}
	return p, n, q, xent
}

// power is q^gamma.
func (f focal) power(q float64) float64 {
	if f.gamma == 2 {
		return q * q
	}
	return math.Pow(q, f.gamma)
}

func focals[T float](loss, z, x []T, f focal) {
	z, x = z[:len(loss)], x[:len(loss)]
	for i, v := range x {
		zi := float64(z[i])
		_, _, q, xent := f.at(zi, float64(v))
		loss[i] = T((f.yes*zi + f.no*(1-zi)) * f.power(q) * xent)
	}
}

// grad is grad times the derivative with respect to the logits,
//
//	alphaT * q^gamma * (gamma*xent*q'/q + sigmoid(x) - z)
//
// with q = 1 - pT and q' = p*(1-p)*(1-2z), of which |q'| <= q.
func (f focal) grad(s *graph.Scope, grad, labels, logits *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "SigmoidFocal_grad",
		Infer: sameThree,
		Kernel: zip3Kernel(
			func(dx, dy, z, x []float32) { focalGrads(dx, dy, z, x, f) },
			func(dx, dy, z, x []float64) { focalGrads(dx, dy, z, x, f) }),
		InPlace: []int{0, 1, 2},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			return only(f.composedGrad(s, in[0], graph.StopGradient(s, in[1]), in[2]))
		},
	}, grad, labels, logits)
}

func focalGrads[T float](dx, dy, z, x []T, f focal) {
	dy, z, x = dy[:len(dx)], z[:len(dx)], x[:len(dx)]
	for i, v := range x {
		if dy[i] == 0 {
			dx[i] = 0
			continue
		}
		zi := float64(z[i])
		p, n, q, xent := f.at(zi, float64(v))
		direction := p*(1-zi) - n*zi // sigmoid(x) - z
		if q != 0 {
			direction += f.gamma * xent * p * n * (1 - 2*zi) / q
		}
		dx[i] = T(float64(dy[i]) * (f.yes*zi + f.no*(1-zi)) * f.power(q) * direction)
	}
}

func (f focal) composedGrad(s *graph.Scope, grad, z, x *gorgonia.Node) *gorgonia.Node {
	one := graph.ConstOf(s, x.Dtype(), 1.0)
	other := Sub(s, one, z)
	p, n := Sigmoid(s, x), Sigmoid(s, Neg(s, x))
	q := Add(s, Mul(s, n, z), Mul(s, p, other))
	faded := Greater(s, q, graph.ZerosLike(s, q))
	safe := Where(s, faded, q, one) // q' is 0 where q is
	slope := Mul(s, Mul(s, p, n), Sub(s, other, z))
	pull := Div(s, Scale(s, Mul(s, SigmoidCrossEntropy(s, z, x), slope), f.gamma), safe)
	direction := Add(s, pull, Sub(s, Mul(s, p, other), Mul(s, n, z)))
	alpha := Add(s, Scale(s, z, f.yes), Scale(s, other, f.no))
	power := Where(s, faded, Pow(s, safe, graph.ConstOf(s, x.Dtype(), f.gamma)), graph.ZerosLike(s, q))
	return MulNoNan(s, Mul(s, Mul(s, alpha, power), direction), grad)
}
