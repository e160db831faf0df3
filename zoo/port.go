package zoo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// Port chooses whose published weights a network computes with, where the well-known
// codes of an architecture differ by a little, such as how they pad. The doc comment of
// the architecture says by what.
type Port int

// The well-known codes.
const (
	Original    Port = iota // that of the authors: Caffe, TF-slim, Torch
	Keras                   // keras.applications, and keras_applications before
	Torchvision             // torchvision.models
)

// String returns the name of the code.
func (p Port) String() string {
	switch p {
	case Original:
		return "Original"
	case Keras:
		return "Keras"
	case Torchvision:
		return "Torchvision"
	}
	return fmt.Sprintf("Port(%d)", int(p))
}

// check returns an error unless p is Original or among the ports of an architecture.
func (p Port) check(ports []Port) error {
	if p == Original || slices.Contains(ports, p) {
		return nil
	}
	if len(ports) == 0 {
		return errors.Errorf("Port is %v, but this network computes with one kind of weights only, which its documentation names; want zoo.Original", p)
	}
	names := []string{"zoo.Original"}
	for _, q := range ports {
		names = append(names, "zoo."+q.String())
	}
	return errors.Errorf("Port is %v; this network has %s", p, strings.Join(names, ", "))
}
