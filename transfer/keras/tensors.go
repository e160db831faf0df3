package keras

import (
	"slices"
	"strconv"
	"strings"

	"github.com/plexaura/plexaura/transfer/keras/internal/hdf5"
	"github.com/plexaura/plexaura/transfer/weights"
)

// tensors lists the datasets of a file, the model's in the order of its layers and before the others, and adds what the model's
// group says to the metadata.
func tensors(root *hdf5.Group, metadata map[string]string) []weights.Tensor {
	model := root // in a file of weights alone
	for _, g := range root.Groups {
		if g.Name == "model_weights" {
			model = g.Value
		}
	}
	for _, key := range []string{"backend", "keras_version"} {
		if v := model.Text[key]; len(v) == 1 {
			metadata[key] = v[0]
		}
	}
	l := &lister{layers: positions(list(model.Text, "layer_names"))}
	l.walk(model, "", "", nil)
	slices.SortStableFunc(l.found, func(a, b found) int { return slices.Compare(a.place[:], b.place[:]) })
	if model != root {
		for _, g := range root.Groups {
			if g.Value != model {
				l.walk(g.Value, g.Name, "", nil)
			}
		}
	}
	all := make([]weights.Tensor, len(l.found))
	for i, f := range l.found {
		all[i] = f.tensor
	}
	return all
}

// found is a weight, and the places of its layer in the model and of itself in the layer.
type found struct {
	place  [2]int
	tensor weights.Tensor
}

// lister lists datasets.
type lister struct {
	layers map[string]int
	found  []found
}

// walk lists the datasets of a group, which may belong to a layer with weights of these names.
func (l *lister) walk(g *hdf5.Group, path, layer string, names map[string]int) {
	if w := list(g.Text, "weight_names"); w != nil && path != "" {
		layer, names = path, positions(w)
	}
	for _, d := range g.Datasets {
		t, full := d.Value, join(path, d.Name)
		own := strings.TrimPrefix(full, layer+"/") // as TensorFlow called the variable
		name := full
		if strings.HasPrefix(own, layer+"/") {
			name = own
		}
		t.Name = strings.TrimSuffix(name, ":0")
		l.found = append(l.found, found{[2]int{placeOf(l.layers, layer), placeOf(names, own)}, t})
	}
	for _, child := range g.Groups {
		l.walk(child.Value, join(path, child.Name), layer, names)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// list returns the texts of an attribute. Keras cuts long ones into key0, key1 and so on.
func list(text map[string][]string, key string) []string {
	if all, ok := text[key]; ok {
		return all
	}
	var all []string
	for i := 0; ; i++ {
		part, ok := text[key+strconv.Itoa(i)]
		if !ok {
			return all
		}
		all = append(all, part...)
	}
}

func positions(names []string) map[string]int {
	at := make(map[string]int, len(names))
	for i, name := range names {
		at[name] = i
	}
	return at
}

// placeOf is the position of a name; what has none comes last.
func placeOf(at map[string]int, name string) int {
	if i, ok := at[name]; ok {
		return i
	}
	return len(at)
}
