package training

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// trial is a short training at another learning rate.
type trial struct {
	factor float64
	losses []float64
}

// rateFactors multiply the learning rate in the trials; at 0 nothing is trained.
var rateFactors = [...]float64{0, 0.01, 0.1, 10, 100}

// tryRates trains from the same values on the same batches at other rates.
func (e *examination) tryRates(ctx context.Context) error {
	for _, factor := range rateFactors {
		losses, err := e.try(ctx, factor)
		if err != nil {
			return err
		}
		e.trials = append(e.trials, trial{factor, losses})
	}
	return nil
}

func (e *examination) try(ctx context.Context, factor float64) ([]float64, error) {
	s, _, err := e.copySession(false)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	vars := make(gorgonia.Nodes, len(e.vars))
	for i, u := range e.vars {
		vars[i] = u.node
	}
	var losses []float64
	fetches := gorgonia.Nodes{e.cfg.Loss, e.cfg.Step}
	if factor == 0 {
		fetches, vars = fetches[:1], nil
	}
	for k, feeds := range e.feeds {
		before, err := s.Values(vars...)
		if err != nil {
			return nil, err
		}
		out, err := s.RunContext(ctx, feeds, fetches...)
		if ctx.Err() != nil {
			return nil, errors.Wrapf(ctx.Err(), "cancelled in a trial, step %d of %d", k+1, len(e.feeds))
		}
		if err != nil {
			return append(losses, math.Inf(1)), nil
		}
		losses = append(losses, average(numbers(out[0])))
		if !finite(losses[k]) {
			return losses, nil
		}
		after, err := s.Values(vars...)
		if err != nil {
			return nil, err
		}
		values := map[*gorgonia.Node]interface{}{}
		for i, v := range vars {
			scaleUpdate(before[i], after[i], factor)
			values[v] = after[i]
		}
		if err := s.SetValues(values); err != nil {
			return nil, err
		}
	}
	return losses, nil
}

// scaleUpdate makes after = before + factor*(after - before).
func scaleUpdate(before, after *tensor.Dense, factor float64) {
	switch b := before.Data().(type) {
	case []float32:
		x := after.Data().([]float32)
		for i, v := range b {
			x[i] = v + float32(factor)*(x[i]-v)
		}
	case []float64:
		x := after.Data().([]float64)
		for i, v := range b {
			x[i] = v + factor*(x[i]-v)
		}
	}
}
