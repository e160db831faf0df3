package onnx

import (
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/internal/editdistance"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/weights"
)

// value is a value of the model, in the forms that were asked for.
type value struct {
	node   *gorgonia.Node  // as ONNX lays it out
	last   *gorgonia.Node  // of images: with the channels last
	tensor *weights.Tensor // of an initializer or a constant
	sizes  *sizes          // of integers that follow from shapes: how
}

// node returns a value in ONNX's layout.
func (im *importer) node(name string) (*gorgonia.Node, error) {
	v := im.values[name]
	if v == nil {
		return nil, errors.Errorf("there is no value %q", name)
	}
	return im.first(v)
}

// find is node for users, whose names may be of values that were not built, or misspelled.
func (im *importer) find(name string) (*gorgonia.Node, error) {
	if im.values[name] != nil {
		return im.node(name)
	}
	all := im.model.Graph.names()
	if all[name] {
		return nil, errors.Errorf("the value %q was not built: no output needs it; ask for it in Config.Outputs", name)
	}
	err := errors.Errorf("there is no value %q", name)
	if near := editdistance.Near(name, slices.Sorted(maps.Keys(all))); len(near) > 0 {
		err = errors.Errorf("there is no value %q; near: %s", name, strings.Join(near, ", "))
	}
	return nil, err
}

// first returns a value in ONNX's layout.
func (im *importer) first(v *value) (*gorgonia.Node, error) {
	if v.node == nil {
		if v.last != nil {
			v.node = ops.Transpose(im.scope, v.last, 0, 3, 1, 2)
			return v.node, nil
		}
		x, err := v.tensor.Const(im.scope)
		if err != nil {
			return nil, err
		}
		v.node = x
	}
	return v.node, nil
}

// channelsLast returns an image with the channels last.
func (im *importer) channelsLast(v *value) (*gorgonia.Node, error) {
	if v.last == nil {
		x, err := im.first(v)
		if err != nil {
			return nil, err
		}
		v.last = ops.Transpose(im.scope, x, 0, 2, 3, 1)
	}
	return v.last, nil
}
