package keras

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/internal/editdistance"
)

// find reads the name of a value. Where that is in a model in the model, the reference is to that.
func (a *architecture) find(name string) (reference, error) {
	path, call, value, err := splitName(name)
	if err != nil {
		return reference{}, err
	}
	r := reference{path, call, value}
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '/') {
		if i, ok := a.index[path[:end]]; ok && (end == len(path) || a.layers[i].inner != nil) {
			if r.layer = path[:end]; end < len(path) {
				r.call, r.value = 0, 0
			}
			break
		}
	}
	return r, a.has(r)
}

// name is the name of a value, as find takes it.
func (r reference) name() string {
	switch {
	case r.value > 0:
		return fmt.Sprintf("%s:%d:%d", r.layer, r.call, r.value)
	case r.call > 0:
		return fmt.Sprintf("%s:%d", r.layer, r.call)
	}
	return r.layer
}

// splitName takes a name apart, layer:call:value.
func splitName(name string) (layer string, call, value int, err error) {
	parts := strings.Split(name, ":")
	to := []*int{&call, &value}
	for i, p := range parts[1:] {
		if i >= len(to) {
			return name, 0, 0, errors.Errorf("%q; want a layer's name, and behind it the numbers of a call and an output", name)
		}
		if *to[i], err = strconv.Atoi(p); err != nil {
			return name, 0, 0, errors.Errorf("%q; want a layer's name, and behind it the numbers of a call and an output", name)
		}
	}
	return parts[0], call, value, nil
}

// node finds a value by its name.
func (im *importer) node(name string) (*gorgonia.Node, error) {
	path, call, value, err := splitName(name)
	if err != nil {
		return nil, err
	}
	values := im.values[numbered{path, call}]
	if value < 0 || value >= len(values) {
		var built []string
		for v := range im.values {
			built = append(built, reference{layer: v.path, call: v.call}.name())
		}
		slices.Sort(built)
		near := ""
		if found := editdistance.Near(name, built); len(found) > 0 {
			near = "; near: " + strings.Join(found, ", ")
		}
		return nil, errors.Errorf("no %q was built: there is no such layer, call or output, or the outputs do not need it%s", name, near)
	}
	return values[value], nil
}

func names(all []reference) string {
	list := make([]string, len(all))
	for i, r := range all {
		list[i] = r.layer
	}
	return strings.Join(list, ", ")
}
