package pytorch

import (
	"fmt"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// maxDepth is deeper than any checkpoint.
const maxDepth = 64

// flat is a pickle's value as a list of tensors. Names are the keys on the way to a tensor,
// joined by dots, as in a state dict.
type flat struct {
	names    []string
	tensors  []*stored
	metadata map[string]string
	left     int64 // bytes of names that may still come
}

// newFlat walks through the value of a pickle in a file of so many bytes. As a value may come up
// many times, the walk is bounded by what the names of a file of that size may take.
func newFlat(v value, size int64) (*flat, error) {
	f := &flat{metadata: map[string]string{}, left: 4*size + 1<<18}
	return f, f.walk("", v, 0)
}

func (f *flat) walk(name string, v value, depth int) error {
	if f.left -= int64(len(name)) + 16; f.left < 0 {
		return errors.New("the values in the pickle contain each other without end")
	}
	if depth > maxDepth {
		return errors.Errorf("%q lies deeper than %d containers", name, maxDepth)
	}
	join := func(key interface{}) string {
		if name == "" {
			return fmt.Sprint(key)
		}
		return fmt.Sprint(name, ".", key)
	}
	switch v := v.(type) {
	case *stored:
		if name == "" {
			name = "tensor"
		}
		if f.left -= budget.Tensor; f.left < 0 {
			return errors.Errorf("the values in the pickle contain each other without end, or name more tensors than a file of its size has")
		}
		f.names, f.tensors = append(f.names, name), append(f.tensors, v)
	case *dict:
		for i, k := range v.keys {
			switch k.(type) {
			case string, int64, bool, float64:
			default:
				continue // no name
			}
			if err := f.walk(join(k), v.values[i], depth+1); err != nil {
				return err
			}
		}
	case *list:
		for i, item := range v.items {
			if err := f.walk(join(i), item, depth+1); err != nil {
				return err
			}
		}
	case string, int64, float64, bool:
		if name != "" {
			f.metadata[name] = fmt.Sprint(v)
		}
	}
	return nil
}
