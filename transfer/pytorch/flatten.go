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
	room     *budget.Budget
}

// metadataBytes is what a pair of metadata takes beside its texts, with its place in a map that is half empty.
const metadataBytes = 128

// newFlat walks through the value of a pickle. As a value may come up many times, all names on the way are counted in room, and what is made of
// the values.
func newFlat(v value, room *budget.Budget) (*flat, error) {
	f := &flat{metadata: map[string]string{}, room: room}
	return f, f.walk("", v, 0)
}

// take counts memory.
func (f *flat) take(bytes int) error {
	return errors.Wrap(f.room.Take(int64(bytes)), "the values in the pickle contain each other without end, or name more than a file of its size has")
}

func (f *flat) walk(name string, v value, depth int) error {
	if err := f.take(len(name) + 16); err != nil {
		return err
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
		if err := f.take(budget.Tensor); err != nil {
			return err
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
		if name == "" {
			break
		}
		text, isText := v.(string) // is shared
		if !isText {
			text = fmt.Sprint(v)
		}
		if err := f.take(metadataBytes); err != nil {
			return err
		}
		f.metadata[name] = text
	}
	return nil
}
