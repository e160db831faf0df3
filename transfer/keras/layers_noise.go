package keras

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// noise makes a build of what is the identity but in training.
func noise(f func(c *call, x *gorgonia.Node) *gorgonia.Node) build {
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if c.training == nil {
			return x, nil
		}
		return f(c, x), nil
	})
}

func (o *options) rate() float64 {
	rate := o.number("rate", 0)
	if !(rate >= 0 && rate < 1) {
		o.fail("rate is %v; want a number from 0 on and below 1", rate)
	}
	return rate
}

func readDropout(o *options) build {
	rate, shape := o.rate(), []*int(nil)
	o.value("noise_shape", "a list of sizes", &shape)
	return noise(func(c *call, x *gorgonia.Node) *gorgonia.Node {
		var shared []int
		for a, d := range shape {
			if d != nil && *d == 1 {
				shared = append(shared, a)
			}
		}
		return dropTogether(c, x, rate, shared...)
	})
}

// dropTogether is dropout with one decision along some axes.
func dropTogether(c *call, x *gorgonia.Node, rate float64, axes ...int) *gorgonia.Node {
	if len(axes) == 0 || rate == 0 {
		return ops.Dropout(c.s, x, rate, c.training)
	}
	ones := graph.OnesLike(c.s, ops.SumKeep(c.s, x, axes...))
	return ops.Mul(c.s, x, ops.Dropout(c.s, ones, rate, c.training))
}

// spatialDropout drops whole channels of an input of so many axes.
func spatialDropout(axes int) read {
	return func(o *options) build {
		rate, first := o.rate(), 1
		if o.format() == ops.ChannelsFirst {
			first = 2
		}
		return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
			if err := rank(x, axes); err != nil || c.training == nil {
				return x, err
			}
			shared := []int{first, first + 1}
			return dropTogether(c, x, rate, shared[:axes-2]...), nil
		})
	}
}

func readGaussianDropout(o *options) build {
	rate := o.rate()
	return noise(func(c *call, x *gorgonia.Node) *gorgonia.Node { return ops.GaussianDropout(c.s, x, rate, c.training) })
}

func readAlphaDropout(o *options) build {
	rate := o.rate()
	if o.has("noise_shape") {
		o.refuse("AlphaDropout with noise_shape")
	}
	return noise(func(c *call, x *gorgonia.Node) *gorgonia.Node { return ops.AlphaDropout(c.s, x, rate, c.training) })
}

func readGaussianNoise(o *options) build {
	stddev := o.number("stddev", 0)
	if !(stddev >= 0) {
		o.fail("stddev is %v; want a number of 0 or more", stddev)
	}
	return noise(func(c *call, x *gorgonia.Node) *gorgonia.Node { return ops.GaussianNoise(c.s, x, stddev, c.training) })
}

// readActivityRegularization is the identity, with a loss that there is not.
func readActivityRegularization(o *options) build {
	o.ignore("activity", "L1L2", nil)
	return pointwise(nil)
}
