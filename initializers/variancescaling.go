package initializers

import (
	"fmt"
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// Mode chooses the number n of connections by which VarianceScaling divides;
// graph.Fans counts them, for dense and convolution kernels.
type Mode int

const (
	FanIn  Mode = iota // the units that feed one unit: keeps the variance of activations
	FanOut             // the units that one unit feeds: keeps the variance of gradients
	FanAvg             // the mean of the two
)

// String returns TensorFlow's name of the mode.
func (m Mode) String() string {
	switch m {
	case FanIn:
		return "fan_in"
	case FanOut:
		return "fan_out"
	case FanAvg:
		return "fan_avg"
	}
	return fmt.Sprintf("Mode(%d)", int(m))
}

// Distribution chooses how VarianceScaling draws.
type Distribution int

const (
	// TruncatedNormalDistribution is a normal cut off at two standard
	// deviations and widened so that scale/n is its variance after the cut.
	TruncatedNormalDistribution Distribution = iota
	// NormalDistribution is a normal of variance scale/n.
	NormalDistribution
	// UniformDistribution is uniform on [-limit, limit), limit =
	// sqrt(3*scale/n), which has the variance scale/n.
	UniformDistribution
)

// String returns TensorFlow's name of the distribution.
func (d Distribution) String() string {
	switch d {
	case TruncatedNormalDistribution:
		return "truncated_normal"
	case NormalDistribution:
		return "untruncated_normal"
	case UniformDistribution:
		return "uniform"
	}
	return fmt.Sprintf("Distribution(%d)", int(d))
}

// truncatedStddev is the standard deviation of a standard normal cut off at
// plus and minus two.
const truncatedStddev = .87962566103423978

// VarianceScalingConfig configures VarianceScaling. The zero value is
// TensorFlow's default: LeCun's normal initializer.
type VarianceScalingConfig struct {
	Scale        float64      // positive; default 1
	Mode         Mode         // default FanIn
	Distribution Distribution // default TruncatedNormalDistribution
}

// VarianceScaling draws with mean 0 and variance scale/n, n being the fan that
// the mode selects (at least 1): tf.variance_scaling_initializer and
// tf.keras.initializers.VarianceScaling. Glorot, He and LeCun are its cases.
func VarianceScaling(cfg VarianceScalingConfig) graph.Initializer { return varianceScaling(cfg) }

type varianceScaling VarianceScalingConfig

// named are the configurations that have names of their own.
var named = map[varianceScaling]string{
	{2, FanIn, TruncatedNormalDistribution}:  "He",
	{2, FanIn, UniformDistribution}:          "HeUniform",
	{1, FanIn, TruncatedNormalDistribution}:  "LeCunNormal",
	{1, FanIn, UniformDistribution}:          "LeCunUniform",
	{1, FanAvg, TruncatedNormalDistribution}: "GlorotNormal",
	{1, FanAvg, UniformDistribution}:         "GlorotUniform",
}

// String is the name of the function that makes it, for those who list variables.
func (i varianceScaling) String() string {
	if i.Scale == 0 {
		i.Scale = 1
	}
	if name := named[i]; name != "" {
		return name
	}
	return fmt.Sprintf("VarianceScaling(%v, %v, %v)", i.Scale, i.Mode, i.Distribution)
}

// Initialize implements graph.Initializer.
func (i varianceScaling) Initialize(v *graph.Initial) error {
	scale := i.Scale
	if scale == 0 {
		scale = 1
	}
	if !(scale > 0) || math.IsInf(scale, 0) {
		return errors.Errorf("VarianceScaling has scale %v; want a positive number", i.Scale)
	}
	in, out := graph.Fans(v.Out.Shape())
	var n float64
	switch i.Mode {
	case FanIn:
		n = float64(in)
	case FanOut:
		n = float64(out)
	case FanAvg:
		n = (float64(in) + float64(out)) / 2
	default:
		return errors.Errorf("VarianceScaling has mode %v; want FanIn, FanOut or FanAvg", i.Mode)
	}
	variance := scale / math.Max(1, n)
	switch i.Distribution {
	case TruncatedNormalDistribution:
		return v.TruncatedNormal(0, math.Sqrt(variance)/truncatedStddev)
	case NormalDistribution:
		return v.Normal(0, math.Sqrt(variance))
	case UniformDistribution:
		limit := math.Sqrt(3 * variance)
		return v.Uniform(-limit, limit)
	}
	return errors.Errorf("VarianceScaling has distribution %v; want TruncatedNormalDistribution, NormalDistribution or UniformDistribution",
		i.Distribution)
}
