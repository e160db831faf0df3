package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// GELU is x*P(x), P being the normal distribution function
// (1 + erf(x/sqrt(2)))/2: the Gaussian error linear unit of Hendrycks and Gimpel
// (2016). At -Inf it is 0, its limit. Any shape, float32 or float64.
//
// The gradient is grad*(P(x) + x*p(x)), p being the normal density.
//
// TF: tf.nn.gelu(approximate=False). PyTorch: torch.nn.functional.gelu. Dtypes: float. Gradient: yes.
func GELU(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "gelu",
		Attrs:   map[string]interface{}{"approximate": false},
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(gelu32, gelu64),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(geluGrad(s, grad, in[0]))
		},
	}, x)
}

// geluGrad is grad*(P(x) + x*p(x)). The derivative of that factor is
// p(x)*(2 - x^2), which needs no error function.
func geluGrad(s *graph.Scope, grad, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "gelu_grad",
		Attrs:   map[string]interface{}{"approximate": false},
		Infer:   sameTwo,
		Kernel:  zipKernel(geluGrad32, geluGrad64),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dy, x := in[0], in[1]
			square := Square(s, x)
			density := Scale(s, Exp(s, Scale(s, square, -0.5)), 1/math.Sqrt(2*math.Pi))
			bend := Mul(s, density, AddScalar(s, Neg(s, square), 2))
			return gorgonia.Nodes{geluGrad(s, grad, x), Mul(s, Mul(s, grad, dy), bend)}
		},
	}, grad, x)
}

func gelu32(y, x []float32) {
	x = x[:len(y)]
	for i, t := range x {
		v := float64(t)
		share, _ := normalShare32(v)
		if share == 0 {
			v = 0 // also where it is infinite
		}
		y[i] = float32(v * share)
	}
}

func gelu64(y, x []float64) {
	x = x[:len(y)]
	for i, v := range x {
		share := normalShare(v)
		if share == 0 {
			v = 0
		}
		y[i] = v * share
	}
}

func geluGrad32(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, t := range x {
		v := float64(t)
		f, e := normalShare32(v)
		if e != 0 {
			f += v * e * normalPeak
		}
		dx[i] = float32(float64(dy[i]) * f)
	}
}

func geluGrad64(dx, dy, x []float64) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		f := normalShare(v)
		if e := math.Exp(-0.5 * v * v); e != 0 {
			f += v * e * normalPeak
		}
		dx[i] = dy[i] * f
	}
}

// normalPeak is 1/sqrt(2 pi), the density at 0.
const normalPeak = 0.398942280401432677939946059934

// normalShare is the normal distribution function, accurate in its tail too.
func normalShare(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// normalShare32 is normalShare to within 6e-9 of it, relatively, for |x| < 14,
// and e = exp(-x*x/2). The polynomial in t = 1/(1 + 0.3275911*z) is the best one
// for exp(z*z)*erfc(z)/t, z = |x|/sqrt(2); it was fitted by Lawson's iteration.
func normalShare32(x float64) (share, e float64) {
	e = math.Exp(-0.5 * x * x)
	t := 1 / (1 + 0.3275911/math.Sqrt2*math.Abs(x))
	p := 0.184783235999191 + t*(0.1857175359296709+t*(0.1662411232881815+t*(0.20325692679984236+t*(-0.042901242234473835+
		t*(0.4879247696425548+t*(-0.5443792293821091+t*(0.6159150024025211+t*(-0.3123776307877081+t*0.05581950335072109))))))))
	share = 0.5 * e * t * p
	if x > 0 {
		share = 1 - share
	}
	return share, e
}

// GELUTanh is the usual approximation of GELU by tanh,
//
//	x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715*x^3)))
//
// which is within 0.0005 of it: that of BERT and GPT-2. At -Inf it is 0. Any
// shape, float32 or float64.
//
// The gradient is its own, not that of GELU.
//
// TF: tf.nn.gelu(approximate=True). PyTorch: torch.nn.functional.gelu(approximate='tanh'). Dtypes: float. Gradient: yes.
func GELUTanh(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return pointwise{
		name:  "gelu",
		attrs: map[string]interface{}{"approximate": true},
		y32:   geluTanh[float32],
		y64:   geluTanh[float64],
		dx32:  geluTanhGrad[float32],
		dx64:  geluTanhGrad[float64],
		slope: func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			square := Square(s, x)
			z := Mul(s, x, AddScalar(s, Scale(s, square, geluA*geluB), geluA))
			inner := AddScalar(s, Scale(s, square, 3*geluA*geluB), geluA)
			gate, rest := Sigmoid(s, z), Sigmoid(s, Neg(s, z))
			return Mul(s, gate, AddScalar(s, Mul(s, Mul(s, x, inner), rest), 1))
		},
	}.apply(s, x)
}

// (1 + tanh(z/2))/2 is sigmoid(z), so that GELUTanh is x*sigmoid(z) with
// z = geluA*x*(1 + geluB*x^2).
const (
	geluA = 1.59576912160573071175978423973 // 2*sqrt(2/pi)
	geluB = 0.044715
)

func geluTanh[T float](y, x []T) {
	x = x[:len(y)]
	for i, v := range x {
		gate := kernel.SigmoidScalar(v * (geluA + geluA*geluB*v*v))
		if gate == 0 {
			v = 0
		}
		y[i] = v * gate
	}
}

func geluTanhGrad[T float](dx, dy, x []T) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		square := v * v
		gate, rest := logistic(v * (geluA + geluA*geluB*square))
		f := gate
		if gate != 0 && rest != 0 {
			f += gate * rest * v * (geluA + 3*geluA*geluB*square)
		}
		dx[i] = dy[i] * f
	}
}
