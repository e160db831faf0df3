package keras

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/plexaura/plexaura/transfer/weights"
)

// stored finds the weights of layers in a file.
type stored struct {
	tensors []weights.Tensor
	under   map[string][]int // tensors by each folder that they lie in, in the file's order
}

func newStored(f *weights.File) *stored {
	s := &stored{under: map[string][]int{}}
	if f == nil {
		return s
	}
	s.tensors = f.Tensors()
	for i, t := range s.tensors {
		if strings.HasPrefix(t.Name, "optimizer_weights/") || strings.HasPrefix(t.Name, "optimizer/") || strings.Contains(t.Name, "seed_generator/") {
			continue
		}
		name := strings.ReplaceAll(t.Name, "_layer_checkpoint_dependencies/", "layers/") // as Keras called it at first
		for end, depth := 0, 0; end < len(name) && depth < mostNesting; end++ {
			if name[end] == '/' {
				s.under[name[:end]] = append(s.under[name[:end]], i)
				depth++
			}
		}
	}
	return s
}

// empty tells that there is no file, or nothing in it.
func (s *stored) empty() bool { return len(s.under) == 0 }

// layer returns the weights of a layer in models of these names, the innermost last. In the files of Keras 2 and TensorFlow.js they lie under the
// layer's name, which in a nested model has the name of the outermost model before it, or of all, or of none. In those of Keras 3 they lie
// under the classes of the layers, numbered in each model (folder).
func (s *stored) layer(models []string, name, folder string) []weights.Tensor {
	folders := []string{folder, strings.Join(append(slices.Clone(models), name), "/")}
	if len(models) > 0 {
		folders = append(folders, models[0]+"/"+name, name)
	}
	for _, f := range folders {
		if found := s.under[f]; len(found) > 0 {
			all := make([]weights.Tensor, len(found))
			for i, k := range found {
				all[i] = s.tensors[k]
			}
			return all
		}
	}
	return nil
}

// pick chooses a weight of a layer: the one of that name, or else, as Keras itself does, the one in that place.
func pick(all []weights.Tensor, name string, place int) (weights.Tensor, bool) {
	at := -1
	for i, t := range all {
		if t.Name[strings.LastIndexByte(t.Name, '/')+1:] == name {
			if at >= 0 {
				at = -1
				break
			}
			at = i
		}
	}
	if at < 0 {
		at = place
	}
	if at >= len(all) {
		return weights.Tensor{}, false
	}
	return all[at], true
}

var (
	beforeWord = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	afterLower = regexp.MustCompile(`([a-z])([A-Z])`)
)

// folders are the folders of the layers of a model in the files of Keras 3, in their order: keras.src.utils.naming.to_snake_case of the class, and
// from the second of a class on a number.
func folders(layers []*layer) []string {
	all, used := make([]string, len(layers)), map[string]int{}
	for i, l := range layers {
		class := l.class
		if class == "Model" {
			class = "Functional"
		}
		name := strings.ToLower(afterLower.ReplaceAllString(beforeWord.ReplaceAllString(class, "${1}_$2"), "${1}_$2"))
		all[i] = name
		if n := used[name]; n > 0 {
			all[i] = fmt.Sprintf("%s_%d", name, n)
		}
		used[name]++
	}
	return all
}
