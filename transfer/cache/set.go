package cache

import (
	"runtime/debug"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/mapped"
	"github.com/plexaura/plexaura/training/dataset"
)

// Set returns a copy of all activations and labels in memory, in their dtypes: X is [n, ...], or of several nodes their values one behind the other, [n, width].
func (a *Activations) Set() (set *dataset.Set, err error) {
	if a == nil {
		return nil, errors.New("cache: the activations are nil")
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.data == nil {
		return nil, errClosed
	}
	defer mapped.Recover(debug.SetPanicOnFault(true), theFile, &err)
	x := column{Dtype: a.columns[0].Dtype, Shape: a.shape()}.tensor(a.n)
	memory, _ := memoryOf(x.Data())
	for i := range a.n {
		for k, c := range a.columns {
			c.decode(memory[:c.size()], a.row(k, i))
			memory = memory[c.size():]
		}
	}
	set = &dataset.Set{X: x, Name: "activations"}
	if a.y == nil {
		return set, nil
	}
	y := a.y.tensor(a.n)
	memory, _ = memoryOf(y.Data())
	a.y.decode(memory, a.data[a.at[len(a.columns)]:][:len(memory)])
	set.Y = y
	return set, nil
}
