package transfer

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/training"
)

// Layers returns the layers that variables belong to, in the order of their first variables, which is that of construction and so from input to
// output: each as a pattern that matches the variables directly in its scope, as hidden1/kernel and hidden1/bias are in hidden1.
// A variable in no scope is a layer of its own.
func Layers(vars gorgonia.Nodes) []string {
	var layers []string
	for _, v := range vars {
		if v == nil {
			continue
		}
		scope, name := "", v.Name()
		if i := strings.LastIndexByte(name, '/'); i >= 0 {
			scope, name = name[:i+1], "[^/]+"
		} else {
			name = regexp.QuoteMeta(name)
		}
		if p := regexp.QuoteMeta(scope) + name + "$"; !slices.Contains(layers, p) {
			layers = append(layers, p)
		}
	}
	return layers
}

// LayerRates are the multipliers of discriminative learning rates (Howard and Ruder 2018, who divide by 2.6 a layer): the last of the layers, given by patterns from
// input to output, trains with the optimizer's rate, the one below it with decay times that, and so on:
//
//	rate = base * decay^depth,  depth 0 at the top
//
//	training.MomentumConfig{..., Multipliers: transfer.LayerRates(0.5, transfer.Layers(g.Trainable())...)}
//
// decay is a positive number, mostly below 1; with another, a factor is NaN, which the optimizer reports.
func LayerRates(decay float64, layers ...string) []training.Multiplier {
	rates := make([]training.Multiplier, len(layers))
	for i, p := range layers {
		rates[i] = training.Multiplier{Pattern: p, Factor: math.Pow(decay, float64(len(layers)-1-i))}
		if !(decay > 0) {
			rates[i].Factor = math.NaN()
		}
	}
	return rates
}
