package pytorch

import "github.com/plexaura/plexaura/transfer/weights"

// The values that a pickle may make are these, and nil (None), bool, int64, float64, string and
// []byte.
type (
	// list is a list, a set or a tuple that is not used as a key.
	list struct{ items []value }

	// dict is a dict in the order of its items.
	dict struct{ keys, values []value }

	// global is a function or class by its name. Nothing is behind it.
	global struct{ module, name string }

	// storage is a block of elements in the file, as a persistent id names it.
	storage struct {
		dtype weights.DType // Invalid where the tensor says it
		key   string
		count int64 // of elements, or bytes where the dtype is Invalid
	}

	// stored is a tensor in a storage.
	stored struct {
		storage        *storage
		dtype          weights.DType
		offset         int64 // in elements
		shape, strides []int
		scale, min     float64
	}

	// mark stands where a run of values begins on the stack.
	mark struct{}

	value interface{}
)

func (g global) String() string { return g.module + "." + g.name }
