package training

import "math"

// judgeRates compares the trials at other rates. What is wrong from the first step
// on is not the rate's doing, and no higher rate revives dead units.
func (e *examination) judgeRates(find finder, structural, dying bool) {
	largest := 0.0
	var all, shaken []string
	for _, p := range e.probes {
		all = append(all, p.name)
		for _, u := range e.vars {
			if u.node != p.kernels[0] {
				continue
			}
			if largest = max(largest, u.largest); u.largest > large {
				shaken = append(shaken, p.name)
			}
		}
	}
	if len(e.losses) > 0 && e.broken == nil && !e.changed && !structural && !dying {
		find(LearningRateTooLow, all, "the step changes no trainable variable")
		return
	}
	if e.cfg.NoTrials || len(e.trials) < len(rateFactors) || len(e.losses) == 0 {
		return
	}
	steps := len(e.feeds)
	loss := func(factor float64) float64 {
		for _, t := range e.trials {
			if t.factor == factor {
				return ending(t.losses, steps)
			}
		}
		return ending(e.losses, steps)
	}
	untrained := loss(0)
	gain := func(factor float64) float64 { return untrained - loss(factor) }
	best, at := gain(0.1), 0.1
	if g := gain(0.01); g > best {
		best, at = g, 0.01
	}
	switch {
	case structural || !finite(untrained):
	case best > worthwhile*math.Abs(untrained) && gain(1) < spoilt*best && largest > large:
		find(LearningRateTooHigh, shaken, "%d steps take the loss from %.4g to %.4g, and to %.4g at %g of the rate; a step moved a kernel by %.2g > %g of its norm",
			steps, untrained, loss(1), loss(at), at, largest, large)
	case !dying && e.broken == nil && gain(10) > further*max(gain(1), 0) && gain(1) < hardly*math.Abs(untrained) && gain(100) > gain(10):
		find(LearningRateTooLow, all, "%d steps take the loss from %.4g to %.4g, to %.4g at 10 times and to %.4g at 100 times the rate; a step moved a kernel by at most %.2g of its norm",
			steps, untrained, loss(1), loss(10), loss(100), largest)
	}
}
