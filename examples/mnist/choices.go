package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// activation is an activation that may behave otherwise in training.
type activation func(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node

// fixed is an activation that does not.
func fixed(f ops.Activation) activation {
	return func(s *graph.Scope, x, _ *gorgonia.Node) *gorgonia.Node { return f(s, x) }
}

var activations = map[string]activation{
	"elu":        fixed(ops.ELUWith(1)),
	"relu":       fixed(ops.ReLU),
	"leaky_relu": fixed(ops.LeakyReLUWith(0.01)),
	"prelu":      fixed(ops.PReLUWith(ops.PReLUConfig{})),
	"selu":       fixed(ops.SELU),
	"sigmoid":    fixed(ops.Sigmoid),
	"tanh":       fixed(ops.Tanh),
	"rrelu": func(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
		return ops.RReLU(s, x, 1.0/8, 1.0/3, training)
	},
}

var kernels = map[string]graph.Initializer{
	"he":     initializers.He(),
	"glorot": initializers.GlorotNormal(),
	"lecun":  initializers.LeCunNormal(),
	"naive":  initializers.RandomNormal(0, 1),
}

// choices are the options that are more than a number.
type choices struct {
	hidden    []int
	kernel    graph.Initializer
	activate  activation
	optimizer training.Optimizer
}

// choose reads them, and reports what is wrong before any data is loaded.
func choose(o options) (c *choices, err error) {
	if o.epochs < 1 || o.batch < 1 || o.clip < 0 || o.rate < 0 {
		return nil, fmt.Errorf("-epochs %d -batch %d -clip %v -rate %v: want at least one epoch and image, and no negative number", o.epochs, o.batch, o.clip, o.rate)
	}
	c = &choices{}
	if c.hidden, err = units(o.hidden); err != nil {
		return nil, err
	}
	if c.kernel, err = named("-init", o.init, kernels); err != nil {
		return nil, err
	}
	if c.activate, err = named("-activation", o.activation, activations); err != nil {
		return nil, err
	}
	c.optimizer, err = optimizer(o)
	return c, err
}

// units reads a list such as "300,100".
func units(list string) ([]int, error) {
	var out []int
	for _, field := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("-hidden %q: want numbers of units such as 300,100", list)
		}
		out = append(out, n)
	}
	return out, nil
}

// optimizer returns the one that the flags name, with its usual rate.
func optimizer(o options) (training.Optimizer, error) {
	usual := map[string]float64{"sgd": 0.05, "momentum": 0.02, "adam": 0.001}
	rate, err := named("-optimizer", o.optimizer, usual)
	if err != nil {
		return nil, err
	}
	if o.rate != 0 {
		rate = o.rate
	}
	switch o.optimizer {
	case "sgd":
		return training.GradientDescent(training.GradientDescentConfig{LearningRate: rate}), nil
	case "momentum":
		return training.Momentum(training.MomentumConfig{LearningRate: rate, Momentum: 0.9}), nil
	default:
		return training.Adam(training.AdamConfig{LearningRate: rate}), nil
	}
}

// named returns what a flag names.
func named[T any](flag, name string, from map[string]T) (T, error) {
	v, ok := from[name]
	if !ok {
		return v, fmt.Errorf("%s %q is not known; choose %s", flag, name, strings.Join(names(from), ", "))
	}
	return v, nil
}

func names[T any](from map[string]T) []string {
	var out []string
	for name := range from {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
