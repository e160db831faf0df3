package zoo

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer"
)

// Port is a well-known code, whose published weights a network computes with. Where the codes of an architecture differ by a little, such as how they pad
// or batch norm's epsilon, the doc comment of the architecture says by what. Batch norm's momentum, which matters in training only, is that which the
// weights were trained with, and Model.Mapping says how its files call the variables.
type Port int

// The well-known codes.
const (
	Original    Port = iota // that of the authors: Caffe, TF-slim, Torch
	Keras                   // keras.applications, and keras_applications before
	Torchvision             // torchvision.models
	Timm                    // timm, PyTorch image models
	TFSlim                  // TF-slim of TensorFlow 1's models
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
	case Timm:
		return "Timm"
	case TFSlim:
		return "TFSlim"
	}
	return fmt.Sprintf("Port(%d)", int(p))
}

// published is a code that has weights of an architecture.
type published struct {
	port Port
	// alike is the first port that computes the same, which builders ask for.
	alike Port
	// mapping maps its files to the variables of a model.
	mapping func(m *Model) transfer.Mapping
	// momentum is what batch norm was trained with, 0 where the architecture has it.
	momentum float64
}

// among returns p of the ports of an architecture, an error unless p is Original or one of them.
func (p Port) among(ports []published) (published, error) {
	if p == Original {
		return published{}, nil
	}
	names := []string{"zoo.Original"}
	for _, q := range ports {
		if q.port == p {
			return q, nil
		}
		names = append(names, "zoo."+q.port.String())
	}
	if len(ports) == 0 {
		return published{}, errors.Errorf("Port is %v, but this network computes with one kind of weights only, which its documentation names; want zoo.Original", p)
	}
	return published{}, errors.Errorf("Port is %v; this network has %s", p, strings.Join(names, ", "))
}
