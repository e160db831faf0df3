package main

import (
	"fmt"
	"strings"
)

// experiment is one of the chapter's: a network and how it is trained.
type experiment struct {
	name      string
	about     string
	build     func(m *model)
	epochs    int
	batch     int
	standard  bool     // pixels of mean 0 and deviation 1
	reuse     []string // patterns of variables that start as clip left them
	published string   // validation accuracy on MNIST, 55,000 training images
	at        int      // epochs of training that the published figure was taken after; 0 for all
	first     string   // published after the first epoch
}

// lowest are the layers that are reused under a new top.
var lowest = []string{"hidden[123]/"}

var experiments = []experiment{
	{name: "leaky-relu", about: "leaky ReLU", build: leakyReLU, epochs: 40, batch: 50, at: 36, published: ".9788"},
	{name: "selu", about: "SELU, scaled inputs", build: selu, epochs: 40, batch: 50, standard: true, at: 36, published: ".9700"},
	{name: "elu-bn", about: "ELU and batch normalisation", build: eluBN, epochs: 20, batch: 200, published: ".9742", first: ".8952"},
	{name: "clip", about: "five layers, gradients clipped by value", build: clip, epochs: 20, batch: 200, published: ".9612"},
	{name: "reuse-whole", about: "the network of clip, trained on", build: reuseWhole, epochs: 20, batch: 200, reuse: []string{""}, published: ".971"},
	{name: "reuse-lower", about: "its hidden1-3 under a new top", build: reuseLower, epochs: 20, batch: 200, reuse: lowest, published: ".968"},
	{name: "freeze-variables", about: "... hidden1-2 frozen by the list of variables", build: freezeByVariables, epochs: 20, batch: 200, reuse: lowest, published: ".960"},
	{name: "freeze-stop", about: "... frozen by stop_gradient", build: freezeByStopGradient, epochs: 20, batch: 200, reuse: lowest, published: ".958"},
	{name: "freeze-cached", about: "... frozen, their outputs computed once", build: freezeCached, epochs: 20, batch: 200, reuse: lowest, published: ".958"},
	{name: "schedule", about: "momentum, rate divided by 10 in 10,000 steps", build: decay, epochs: 5, batch: 50, published: ".982"},
	{name: "l1-shallow", about: "l1 regularisation, one hidden layer", build: l1Shallow, epochs: 20, batch: 200, published: ".905"},
	{name: "l1", about: "l1 regularisation, two hidden layers", build: l1, epochs: 20, batch: 200, published: ".921"},
	{name: "dropout", about: "dropout of one half, momentum", build: dropout, epochs: 20, batch: 50, published: ".972"},
	{name: "max-norm", about: "max-norm constraint, momentum", build: maxNorm, epochs: 20, batch: 50, published: ".984"},
}

// choose finds experiments by name; none and "all" are all of them.
func choose(names string) ([]experiment, error) {
	if names == "" || names == "all" {
		return experiments, nil
	}
	var chosen []experiment
	for _, name := range strings.Split(names, ",") {
		e, ok := find(strings.TrimSpace(name))
		if !ok {
			return nil, fmt.Errorf("-run %q is not known; the experiments are %s, and all", name, strings.Join(known(), ", "))
		}
		chosen = append(chosen, e)
	}
	return chosen, nil
}

func find(name string) (experiment, bool) {
	for _, e := range experiments {
		if e.name == name {
			return e, true
		}
	}
	return experiment{}, false
}

func known() []string {
	var names []string
	for _, e := range experiments {
		names = append(names, e.name)
	}
	return names
}

// hidden names a hidden layer by number, from 1.
func hidden(i int) string { return fmt.Sprintf("hidden%d", i) }
