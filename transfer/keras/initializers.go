package keras

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// fixedInitializers are those without parameters, by their names in Keras without "_" and in lower case.
var fixedInitializers = map[string]func() graph.Initializer{
	"zeros": initializers.Zeros, "ones": initializers.Ones, "glorotuniform": initializers.GlorotUniform, "glorotnormal": initializers.GlorotNormal,
	"heuniform": initializers.HeUniform, "henormal": initializers.He, "lecununiform": initializers.LeCunUniform, "lecunnormal": initializers.LeCunNormal,
}

// initializer reads how a variable begins where the file has no value of it; nil with what is written there where that is not supported.
func (o *options) initializer(key, otherwise string) (graph.Initializer, string) {
	name := otherwise
	c := o.within(nil)
	if o.has(key) && o.decode(o.fields[key], &name) != nil {
		var f object
		if o.decode(o.fields[key], &f) != nil || len(f.Config) > 0 && c.decodeFields(f.Config) != nil {
			return nil, string(o.fields[key][:min(100, len(o.fields[key]))])
		}
		name = f.Class
	}
	plain := lettersOf(name)
	if f, ok := fixedInitializers[plain]; ok {
		return f(), name
	}
	var init graph.Initializer
	switch plain {
	case "constant":
		init = initializers.Constant(c.number("value", 0))
	case "randomnormal", "normal":
		init = initializers.RandomNormal(c.number("mean", 0), c.number("stddev", 0.05))
	case "randomuniform", "uniform":
		init = initializers.RandomUniform(c.number("minval", -0.05), c.number("maxval", 0.05))
	case "truncatednormal":
		init = initializers.TruncatedNormal(c.number("mean", 0), c.number("stddev", 0.05))
	case "orthogonal":
		init = initializers.Orthogonal(c.number("gain", 1))
	case "identity":
		init = initializers.Identity(c.number("gain", 1))
	case "variancescaling":
		init = varianceScaling(c)
	}
	if c.err != nil {
		return nil, name + ", " + c.err.Error()
	}
	return init, name
}

func varianceScaling(c *options) graph.Initializer {
	cfg := initializers.VarianceScalingConfig{Scale: c.number("scale", 1)}
	switch lettersOf(c.text("mode", "fan_in")) {
	case "fanin":
	case "fanout":
		cfg.Mode = initializers.FanOut
	case "fanavg":
		cfg.Mode = initializers.FanAvg
	default:
		return nil
	}
	switch lettersOf(c.text("distribution", "truncated_normal")) {
	case "truncatednormal", "normal": // Keras' own normal is cut off too
	case "untruncatednormal":
		cfg.Distribution = initializers.NormalDistribution
	case "uniform":
		cfg.Distribution = initializers.UniformDistribution
	default:
		return nil
	}
	return initializers.VarianceScaling(cfg)
}

// lettersOf is a name without "_" and in lower case: GlorotUniform, glorot_uniform and glorotUniform are one.
func lettersOf(name string) string {
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case c == '_':
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}
