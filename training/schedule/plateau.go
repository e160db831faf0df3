package schedule

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// PlateauConfig configures NewPlateau. Initial is required; the defaults are
// PyTorch's.
type PlateauConfig struct {
	Initial   float64 // the rate at the start
	Factor    float64 // what the rate is multiplied by, in (0, 1); default 0.1
	Patience  int     // how many observations in a row may fail to improve before the rate falls; default 10, negative for none
	Threshold float64 // how much better than the best counts as better; default 1e-4, graph.Zero for zero
	Absolute  bool    // Threshold is a difference, rather than a fraction of the best, which suits values of one sign only
	Cooldown  int     // how many observations after a change are not held against the rate; default 0
	MinRate   float64 // the rate falls no further; default 0
	MinChange float64 // a change no larger than this is not made; default 1e-8, graph.Zero for zero
	Maximize  bool    // a greater value is better, as of an accuracy, rather than a smaller one, as of a loss
}

// Plateau lowers a learning rate when a value, such as the validation loss, has
// stopped improving: torch.optim.lr_scheduler.ReduceLROnPlateau, Keras's
// ReduceLROnPlateau. It only computes; Variable holds the rate for the optimizer:
//
//	if rate, changed := plateau.Observe(loss); changed {
//		err = sess.SetValue(rateVariable, rate)
//	}
//
// MarshalBinary and UnmarshalBinary carry its state through a checkpoint.
type Plateau struct {
	cfg      PlateauConfig
	rate     float64
	best     float64 // the worst possible value before the first one
	bad      int     // observations in a row that were not better
	cooldown int     // observations that are still to be forgiven
}

// NewPlateau returns a Plateau at its initial rate, or what is wrong with the config.
func NewPlateau(cfg PlateauConfig) (*Plateau, error) {
	var c checks
	c.required("Initial", cfg.Initial)
	if f := orDefault(cfg.Factor, 0.1); !(f > 0 && f < 1) {
		c.failf("Factor is %v; want a number above 0 and below 1", cfg.Factor)
	}
	c.rate("Threshold", cfg.Threshold)
	c.rate("MinRate", cfg.MinRate)
	c.rate("MinChange", cfg.MinChange)
	if cfg.Cooldown < 0 {
		c.failf("Cooldown is %d; want 0 or more", cfg.Cooldown)
	}
	if c.err != nil {
		return nil, errors.WithMessage(c.err, "schedule.NewPlateau")
	}
	switch {
	case cfg.Patience == 0:
		cfg.Patience = 10
	case cfg.Patience < 0:
		cfg.Patience = 0
	}
	cfg.Factor = orDefault(cfg.Factor, 0.1)
	cfg.Threshold = orDefault(cfg.Threshold, 1e-4)
	cfg.MinChange = orDefault(cfg.MinChange, 1e-8)
	return &Plateau{cfg: cfg, rate: orDefault(cfg.Initial, 0), best: cfg.worst()}, nil
}

// worst returns a value that every other one improves on.
func (cfg PlateauConfig) worst() float64 {
	if cfg.Maximize {
		return math.Inf(-1)
	}
	return math.Inf(1)
}

// Rate returns the present rate.
func (p *Plateau) Rate() float64 { return p.rate }

// Observe takes the next value, once an epoch as a rule, and returns the rate from
// now on and whether it has changed. A NaN is no improvement.
func (p *Plateau) Observe(value float64) (rate float64, changed bool) {
	if p.better(value) {
		p.best, p.bad = value, 0
	} else {
		p.bad++
	}
	if p.cooldown > 0 {
		p.cooldown--
		p.bad = 0
	}
	if p.bad <= p.cfg.Patience {
		return p.rate, false
	}
	p.cooldown, p.bad = p.cfg.Cooldown, 0
	lower := max(p.rate*p.cfg.Factor, p.cfg.MinRate)
	if !(p.rate-lower > p.cfg.MinChange) {
		return p.rate, false
	}
	p.rate = lower
	return lower, true
}

// better tells whether a value improves on the best one by the threshold.
func (p *Plateau) better(value float64) bool {
	margin := p.cfg.Threshold
	switch {
	case p.best == p.cfg.worst():
		return value < p.best || value > p.best
	case p.cfg.Maximize && p.cfg.Absolute:
		return value > p.best+margin
	case p.cfg.Maximize:
		return value > p.best*(1+margin)
	case p.cfg.Absolute:
		return value < p.best-margin
	}
	return value < p.best*(1-margin)
}

// MarshalBinary returns the state, a line of text: the rate, the best value and the
// counts.
func (p *Plateau) MarshalBinary() ([]byte, error) {
	return []byte(fmt.Sprintln(p.rate, p.best, p.bad, p.cooldown)), nil
}

// UnmarshalBinary takes up the state that MarshalBinary returned; the config is not
// part of it. A text that is no such state is an error, and changes nothing.
func (p *Plateau) UnmarshalBinary(data []byte) error {
	next := Plateau{cfg: p.cfg}
	n, err := fmt.Sscanln(string(data), &next.rate, &next.best, &next.bad, &next.cooldown)
	if err != nil || n != 4 || !(next.rate >= 0) || math.IsInf(next.rate, 1) || next.best != next.best || next.bad < 0 || next.cooldown < 0 {
		return errors.Errorf("the state of a Plateau is %q; want a rate, a value and two counts of 0 or more", data)
	}
	*p = next
	return nil
}
