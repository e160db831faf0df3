package tensorflow

import (
	"math"

	"github.com/plexaura/plexaura/internal/tffile"
)

// lossForms are losses, penalties and metrics. The inputs are labels z and predictions or logits x.
var lossForms = map[string]form{
	"SoftmaxCrossEntropy":       {"SoftmaxCrossEntropyWithLogits, Softmax", writeSoftmaxCrossEntropy},
	"SparseSoftmaxCrossEntropy": {"SparseSoftmaxCrossEntropyWithLogits, Softmax", writeSparseSoftmaxCrossEntropy},
	"SigmoidCrossEntropy":       {"Relu, Mul, Sub, Abs, Neg, Exp, Log1p, Add", writeSigmoidCrossEntropy},
	"AbsoluteDifference":        {"Sub, Abs", func(c *written) (string, error) { return c.op("Abs", c.op("Sub", c.in[1], c.in[0])), nil }},
	"SquaredError":              {"SquaredDifference", func(c *written) (string, error) { return c.op("SquaredDifference", c.in[1], c.in[0]), nil }},
	"Huber":                     {"Sub, Abs, Minimum, Mul, Add", writeHuber},
	"Hinge":                     {"Mul, Sub, Relu", func(c *written) (string, error) { return c.hinge(), nil }},
	"SquaredHinge":              {"Mul, Sub, Relu, Square", func(c *written) (string, error) { return c.op("Square", c.hinge()), nil }},
	"LogCosh":                   {"Sub, Abs, Mul, Softplus, Add", writeLogCosh},
	"LogLoss":                   {"Add, Sub, Log, Mul, Neg", writeLogLoss},
	"EuclideanDistance": {"SquaredDifference, Sum, Sqrt", func(c *written) (string, error) {
		return c.op("Sqrt", c.reduce("Sum", c.op("SquaredDifference", c.in...), false, -1)), nil
	}},
	"MarginRanking": {"Sub, Mul, Relu", func(c *written) (string, error) {
		lead := c.op("Mul", c.in[0], c.op("Sub", c.in[1], c.in[2]))
		return c.op("Relu", c.op("Sub", c.scalar(c.floatAttr("margin")), lead)), nil
	}},
	"ContrastiveLoss": {"Sub, Relu, Square, Mul, Add", writeContrastiveLoss},
	"SmoothLabels": {"Mul, Add", func(c *written) (string, error) {
		n := c.specs[0].Shape[c.specs[0].Rank()-1]
		if n < 0 {
			return "", without("the number of classes is unknown")
		}
		return c.smooth(n), nil
	}},
	"SmoothBinaryLabels": {"Mul, Add", func(c *written) (string, error) { return c.smooth(2), nil }},
	"l1_regularizer": composed("Abs, Sum, Mul", func(c *written, x string) string {
		return c.op("Mul", c.reduce("Sum", c.op("Abs", x), false, from(0, c.specs[0].Rank())...), c.scalar(c.floatAttr("scale")))
	}),
	"l2_regularizer": composed("L2Loss, Mul", func(c *written, x string) string {
		return c.op("Mul", c.op("L2Loss", x), c.scalar(c.floatAttr("scale")))
	}),
	"Accuracy":        {"ArgMax, Equal, Mean", writeAccuracy},
	"InTopK":          {"InTopKV2", writeInTopK},
	"ConfusionMatrix": {"Pack, OnesLike, ScatterNd", writeConfusionMatrix},
}

// rowsOfLogits makes a matrix of logits of more axes.
func (c *written) rowsOfLogits(x string, i int) string {
	sp := c.specs[i]
	if sp.Rank() == 2 {
		return x
	}
	if n := sp.Shape[sp.Rank()-1]; n > 0 || sp.Rank() == 1 {
		rows := -1
		if sp.Rank() == 1 {
			rows = 1
		}
		return c.reshape(x, dtypeOf(sp), rows, n)
	}
	return c.reshapeTo(x, dtypeOf(sp), c.pack([]string{c.number(tffile.Int32, -1), c.dim(x, sp, sp.Rank()-1)}))
}

// rowShape gives losses of the rows of a matrix the output's shape: that of the logits without the last axis.
func (c *written) rowShape(loss string) string {
	if c.specs[1].Rank() == 2 {
		return loss
	}
	d := dtypeOf(c.Spec)
	if shape, err := c.sizes(c.Spec.Shape); err == nil {
		return c.reshapeTo(loss, d, shape)
	}
	shape := c.emit("StridedSlice", attrs{"T": tffile.Int32, "Index": tffile.Int32, "begin_mask": 1, "end_mask": 0, "ellipsis_mask": 0, "new_axis_mask": 0, "shrink_axis_mask": 0},
		c.shape(c.in[1], d), c.ints(0), c.ints(c.Spec.Rank()), c.ints(1))
	return c.reshapeTo(loss, d, shape)
}

// probabilities notes softmax(logits), the extra output of cross-entropies, where it is used.
func (c *written) probabilities() {
	if len(c.extras[c.node]) > 0 {
		c.aux[0] = c.emit("Softmax", attrs{"T": dtypeOf(c.specs[1])}, c.in[1])
	}
}

func writeSoftmaxCrossEntropy(c *written) (string, error) {
	c.probabilities()
	loss := c.op("SoftmaxCrossEntropyWithLogits", c.rowsOfLogits(c.in[1], 1), c.rowsOfLogits(c.in[0], 0))
	return c.rowShape(loss), nil
}

func writeSparseSoftmaxCrossEntropy(c *written) (string, error) {
	c.probabilities()
	labels := c.in[0]
	if c.specs[0].Rank() != 1 {
		labels = c.reshape(labels, c.dtype(), -1)
	}
	loss := c.emit("SparseSoftmaxCrossEntropyWithLogits", attrs{"T": dtypeOf(c.specs[1]), "Tlabels": c.dtype()}, c.rowsOfLogits(c.in[1], 1), labels)
	return c.rowShape(loss), nil
}

// writeSigmoidCrossEntropy is max(x, 0) - x*z + log1p(exp(-|x|)), as tf.nn.sigmoid_cross_entropy_with_logits.
func writeSigmoidCrossEntropy(c *written) (string, error) {
	z, x := c.in[0], c.in[1]
	linear := c.op("Sub", c.op("Relu", x), c.op("Mul", x, z))
	return c.op("Add", linear, c.op("Log1p", c.op("Exp", c.op("Neg", c.op("Abs", x))))), nil
}

// writeHuber is q^2/2 + delta*(|d| - q) with q = min(|d|, delta).
func writeHuber(c *written) (string, error) {
	d := c.op("Abs", c.op("Sub", c.in[1], c.in[0]))
	delta := c.scalar(c.floatAttr("delta"))
	q := c.op("Minimum", d, delta)
	return c.op("Add", c.op("Mul", c.op("Mul", q, q), c.scalar(0.5)), c.op("Mul", delta, c.op("Sub", d, q))), nil
}

// hinge is max(0, 1 - (2*z - 1)*x).
func (c *written) hinge() string {
	one := c.scalar(1)
	sign := c.op("Sub", c.op("Mul", c.in[0], c.scalar(2)), one)
	return c.op("Relu", c.op("Sub", one, c.op("Mul", sign, c.in[1])))
}

// writeLogCosh is d + softplus(-2*d) - log(2) with d the absolute difference.
func writeLogCosh(c *written) (string, error) {
	d := c.op("Abs", c.op("Sub", c.in[1], c.in[0]))
	return c.op("Add", d, c.op("Sub", c.op("Softplus", c.op("Mul", d, c.scalar(-2))), c.scalar(math.Ln2))), nil
}

func writeLogLoss(c *written) (string, error) {
	z, p := c.in[0], c.in[1]
	epsilon, one := c.scalar(c.floatAttr("epsilon")), c.scalar(1)
	yes := c.op("Mul", z, c.op("Log", c.op("Add", p, epsilon)))
	no := c.op("Mul", c.op("Sub", one, z), c.op("Log", c.op("Add", c.op("Sub", one, p), epsilon)))
	return c.op("Neg", c.op("Add", yes, no)), nil
}

// writeContrastiveLoss is z*d^2 + (1-z)*max(0, margin-d)^2 of distances d.
func writeContrastiveLoss(c *written) (string, error) {
	z, d := c.in[0], c.in[1]
	near := c.op("Relu", c.op("Sub", c.scalar(c.floatAttr("margin")), d))
	return c.op("Add", c.op("Mul", z, c.op("Square", d)), c.op("Mul", c.op("Sub", c.scalar(1), z), c.op("Square", near))), nil
}

// smooth is z*(1-s) + s/n.
func (c *written) smooth(n int) string {
	s := c.floatAttr("smoothing")
	return c.op("Add", c.op("Mul", c.in[0], c.scalar(1-s)), c.scalar(s/float64(n)))
}

func writeAccuracy(c *written) (string, error) {
	x, dt := c.specs[1], dtypeOf(c.specs[1])
	best := c.emit("ArgMax", attrs{"T": dt, "Tidx": tffile.Int32, "output_type": tffile.Int64}, c.in[1], c.number(tffile.Int32, float64(x.Rank()-1)))
	right := c.emit("Equal", attrs{"T": tffile.Int64}, c.cast(c.in[0], c.dtype(), tffile.Int64), best)
	return c.emit("Mean", attrs{"T": dt, "Tidx": tffile.Int32, "keep_dims": false}, c.cast(right, tffile.Bool, dt), c.ints(from(0, x.Rank()-1)...)), nil
}

func writeInTopK(c *written) (string, error) {
	if dtypeOf(c.specs[1]) != tffile.Float32 || c.specs[1].Rank() != 2 {
		return "", without("the logits are %v; TensorFlow wants a matrix of float32", c.specs[1])
	}
	return c.emit("InTopKV2", attrs{"T": c.dtype()}, c.in[1], c.in[0], c.number(c.dtype(), float64(c.intAttr("k")))), nil
}

// writeConfusionMatrix adds a one at the place of each label and prediction.
func writeConfusionMatrix(c *written) (string, error) {
	a, n := attrs{"T": tffile.Int64}, c.intAttr("classes")
	labels, predictions := c.reshape(c.in[0], tffile.Int64, -1), c.reshape(c.in[1], tffile.Int64, -1)
	places := c.emit("Pack", attrs{"T": tffile.Int64, "N": 2, "axis": 1}, labels, predictions)
	shape := c.cast(c.ints(n, n), tffile.Int32, tffile.Int64)
	return c.emit("ScatterNd", attrs{"T": tffile.Int64, "Tindices": tffile.Int64}, places, c.emit("OnesLike", a, labels), shape), nil
}
