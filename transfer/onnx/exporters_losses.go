package onnx

import (
	"math"

	"gorgonia.org/tensor"
)

// rows is a composition that combines the elements of rows; they come as the graph lays them out.
func rows(f func(c *exporting, x ...string) string) exportFunc {
	return func(c *exporting) string {
		x := make([]string, len(c.Inputs))
		for i := range x {
			x[i] = c.x(i)
		}
		return f(c, x...)
	}
}

// The losses take labels first.

func absoluteDifference(c *exporting, x ...string) string { return c.f("Abs", c.sub(x[0], x[1])) }

// hinge is max(0, 1 - y*logits) with y = 2*labels - 1.
func hinge(c *exporting, x ...string) string {
	y := c.sub(c.add(x[0], x[0]), c.num(1))
	return c.f("Relu", c.sub(c.num(1), c.mul(y, x[1])))
}

func squaredHinge(c *exporting, x ...string) string { return square(c, hinge(c, x...)) }

// huber is q*(|d| - q/2) with q the lesser of |d| and delta.
func huber(c *exporting, x ...string) string {
	d := absoluteDifference(c, x...)
	q := c.op("Min", nil, d, c.num(c.float("delta")))
	return c.mul(q, c.sub(d, c.mul(q, c.num(0.5))))
}

// logCosh is |d| + log1p(exp(-2|d|)) - ln(2), which of small d is d^2/2.
func logCosh(c *exporting, x ...string) string {
	d := absoluteDifference(c, x...)
	large := c.sub(c.add(d, log1p(c, c.f("Exp", c.mul(d, c.num(-2))))), c.num(math.Ln2))
	small := c.mul(c.mul(d, d), c.sub(c.num(0.5), c.mul(c.mul(d, d), c.num(1./12))))
	return c.op("Where", nil, c.op("Less", nil, d, c.num(0.05)), small, large)
}

// logLoss is -z*ln(p + epsilon) - (1-z)*ln(1 - p + epsilon), where a logarithm of factor 0 counts as 0.
func logLoss(c *exporting, x ...string) string {
	epsilon, one := c.num(c.float("epsilon")), c.num(1)
	right := mulNoNan(c, c.f("Log", c.add(x[1], epsilon)), x[0])
	wrong := mulNoNan(c, c.f("Log", c.add(c.sub(one, x[1]), epsilon)), c.sub(one, x[0]))
	return c.f("Neg", c.add(right, wrong))
}

// poissonLoss is exp(x) - z*x, or of rates x - z*ln(x + epsilon).
func poissonLoss(c *exporting, x ...string) string {
	z, rate, log := x[0], x[1], x[1]
	if c.bool("rates") {
		log = c.f("Log", c.add(x[1], c.num(c.float("epsilon"))))
	} else {
		rate = c.f("Exp", x[1])
	}
	y := c.sub(rate, mulNoNan(c, log, z))
	if !c.bool("full") {
		return y
	}
	one := c.num(1)
	many := c.op("Greater", nil, z, one)
	count := c.op("Where", nil, many, z, one)
	logs := c.f("Log", count)
	stirling := c.add(c.sub(c.mul(count, logs), count), c.mul(c.num(0.5), c.add(logs, c.num(math.Log(2*math.Pi)))))
	return c.add(y, c.op("Where", nil, many, stirling, c.num(0)))
}

func marginRanking(c *exporting, x ...string) string {
	return c.f("Relu", c.sub(c.num(c.float("margin")), c.mul(x[0], c.sub(x[1], x[2]))))
}

// contrastive is z*d^2 + (1-z)*max(0, margin - d)^2.
func contrastive(c *exporting, x ...string) string {
	apart := square(c, c.f("Relu", c.sub(c.num(c.float("margin")), x[1])))
	return c.add(c.mul(x[0], square(c, x[1])), c.mul(c.sub(c.num(1), x[0]), apart))
}

// sigmoidCrossEntropy is max(x, 0) - x*z + log1p(exp(-|x|)).
func sigmoidCrossEntropy(c *exporting, x ...string) string {
	tail := log1p(c, c.f("Exp", c.f("Neg", c.f("Abs", x[1]))))
	return c.add(c.sub(c.f("Relu", x[1]), c.mul(x[1], x[0])), tail)
}

// weightedSigmoidCrossEntropy is q*z*softplus(-x) + (1-z)*softplus(x).
func weightedSigmoidCrossEntropy(c *exporting, x ...string) string {
	tail := log1p(c, c.f("Exp", c.f("Neg", c.f("Abs", x[1]))))
	negative := c.add(c.f("Relu", c.f("Neg", x[1])), tail)
	positive := c.add(c.f("Relu", x[1]), tail)
	return c.add(mulNoNan(c, negative, c.mul(x[2], x[0])), mulNoNan(c, positive, c.sub(c.num(1), x[0])))
}

// sigmoidFocal is alphaT * (1-pT)^gamma times the cross-entropy.
func sigmoidFocal(c *exporting, x ...string) string {
	one, z := c.num(1), x[0]
	p, n := c.f("Sigmoid", x[1]), c.f("Sigmoid", c.f("Neg", x[1]))
	missed := c.add(c.mul(n, z), c.mul(p, c.sub(one, z)))
	y := c.mul(c.op("Pow", nil, missed, c.num(c.float("gamma"))), sigmoidCrossEntropy(c, x...))
	if c.bool("no_alpha") {
		return y
	}
	alpha := c.float("alpha")
	return c.mul(y, c.add(c.mul(z, c.num(alpha)), c.mul(c.sub(one, z), c.num(1-alpha))))
}

func smoothBinaryLabels(c *exporting, x ...string) string {
	s := c.float("smoothing")
	return c.add(c.mul(x[0], c.num(1-s)), c.num(s/2))
}

func smoothLabels(c *exporting, x ...string) string {
	s := c.float("smoothing")
	classes := c.in(0).Shape[c.in(0).Rank()-1]
	if classes < 0 {
		return c.refuse("with an unknown number of classes")
	}
	return c.add(c.mul(x[0], c.num(1-s)), c.num(s/float64(classes)))
}

// softmaxCrossEntropy leaves the softmax behind.
func softmaxCrossEntropy(c *exporting, x ...string) string {
	logs := c.op("LogSoftmax", attributes{"axis": -1}, x[1])
	c.extra(0, c.op("Softmax", attributes{"axis": -1}, x[1]))
	z := x[0]
	if c.in(0).Dtype != c.Spec.Dtype {
		z = c.cast(z, c.Spec.Dtype)
	}
	return c.f("Neg", c.reduce("ReduceSum", mulNoNan(c, logs, z), false, -1))
}

// sparseSoftmaxCrossEntropy leaves the softmax behind.
func sparseSoftmaxCrossEntropy(c *exporting, x ...string) string {
	c.extra(0, c.op("Softmax", attributes{"axis": -1}, x[1]))
	own := c.op("GatherElements", attributes{"axis": c.in(1).Rank() - 1}, c.op("LogSoftmax", attributes{"axis": -1}, x[1]), c.asColumn(x[0]))
	return c.f("Neg", c.op("Squeeze", nil, own, c.ints(-1)))
}

// asColumn gives labels an axis of size 1 at the end.
func (c *exporting) asColumn(labels string) string {
	return c.op("Unsqueeze", nil, c.cast(labels, tensor.Int64), c.ints(-1))
}

// klDivergence is sum(z * (ln(z) - logs)), where a label of 0 counts as 0.
func klDivergence(c *exporting, x ...string) string {
	none := c.op("Equal", nil, x[0], c.num(0))
	logs := c.f("Log", c.op("Where", nil, none, c.num(1), x[0]))
	terms := c.op("Where", nil, none, c.num(0), c.mul(x[0], c.sub(logs, x[1])))
	return c.reduce("ReduceSum", terms, false, -1)
}

// categoricalHinge is max(0, 1 - sum(z*x) + max((1-z)*x)).
func categoricalHinge(c *exporting, x ...string) string {
	right := c.reduce("ReduceSum", mulNoNan(c, x[1], x[0]), false, -1)
	wrong := c.reduce("ReduceMax", mulNoNan(c, x[1], c.sub(c.num(1), x[0])), false, -1)
	return c.f("Relu", c.add(c.sub(c.num(1), right), wrong))
}

func euclideanDistance(c *exporting, x ...string) string {
	return c.reduce("ReduceL2", c.sub(x[0], x[1]), false, -1)
}

// squaredDistances is the sum of (x[i] - x[j])^2 for all pairs of rows of x.
func squaredDistances(c *exporting, x ...string) string {
	d := c.sub(c.op("Unsqueeze", nil, x[0], c.ints(1)), c.op("Unsqueeze", nil, x[0], c.ints(0)))
	return c.reduce("ReduceSum", square(c, d), false, -1)
}

// multiMargin is the mean of max(0, margin - own + x) over the classes, of which the own one counts as 0.
func multiMargin(c *exporting, x ...string) string {
	classes := c.in(1).Shape[c.in(1).Rank()-1]
	if classes < 0 {
		return c.refuse("with an unknown number of classes")
	}
	own := c.op("GatherElements", attributes{"axis": c.in(1).Rank() - 1}, x[1], c.asColumn(x[0]))
	violations := c.f("Relu", c.add(c.sub(x[1], own), c.num(c.float("margin"))))
	if c.bool("squared") {
		violations = square(c, violations)
	}
	return c.reduce("ReduceMean", c.op("Where", nil, c.isLabel(0, classes), c.num(0), violations), false, -1)
}

// exportCosineDistance is 1 - cos of the angle; of a zero vector, 1. The vectors are divided by their greatest elements first.
func exportCosineDistance(c *exporting) string {
	rank := c.in(0).Rank()
	axis := (c.int("axis") + rank) % rank
	unit := func(x string) string {
		orOne := func(v string) string { return c.op("Where", nil, c.op("Equal", nil, v, c.num(0)), c.num(1), v) }
		x = c.div(x, orOne(c.reduce("ReduceMax", c.f("Abs", x), true, axis)))
		return c.div(x, orOne(c.reduce("ReduceL2", x, true, axis)))
	}
	return c.sub(c.num(1), c.reduce("ReduceSum", c.mul(unit(c.x(0)), unit(c.x(1))), false, axis))
}

// accuracy is the share of labels at which the first greatest logit stands.
func accuracy(c *exporting, x ...string) string {
	best := c.op("ArgMax", attributes{"axis": -1, "keepdims": false}, x[1])
	return c.reduce("ReduceMean", c.cast(c.op("Equal", nil, c.cast(x[0], tensor.Int64), best), c.Spec.Dtype), false)
}

// inTopK: fewer than k logits are greater than the label's, which is finite, and none is NaN.
func inTopK(c *exporting, x ...string) string {
	classes := c.in(1).Shape[c.in(1).Rank()-1]
	if classes < 0 {
		return c.refuse("with an unknown number of classes")
	}
	zero, dt := c.numLike(1, 0), c.in(1).Dtype
	right := c.isLabel(0, classes)
	own := c.reduce("ReduceSum", c.op("Where", nil, right, x[1], zero), true, -1)
	greater := c.reduce("ReduceSum", c.cast(c.op("Greater", nil, x[1], own), dt), false, -1)
	few := c.op("Less", nil, greater, c.numLike(1, float64(c.int("k"))))
	// A label that is no class has no finite logit, and a NaN makes the sum of the row NaN.
	finite := func(v string) string { return c.op("Equal", nil, c.sub(v, v), zero) }
	labelled := c.op("Greater", nil, c.reduce("ReduceMax", c.cast(right, dt), false, -1), zero)
	numbers := c.f("Not", c.op("Greater", nil, c.reduce("ReduceMax", c.cast(c.f("IsNaN", x[1]), dt), false, -1), zero))
	usable := c.op("And", nil, finite(c.op("Squeeze", nil, own, c.ints(-1))), c.op("And", nil, labelled, numbers))
	return c.op("And", nil, few, usable)
}
