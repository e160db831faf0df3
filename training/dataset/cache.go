package dataset

import (
	"math/rand/v2"
	"sync/atomic"

	"github.com/pkg/errors"
)

// Cache keeps every example of src in memory after it was read for the first time.
// What costs time and is the same in every epoch stands beneath it, what draws
// random numbers above:
//
//	src := dataset.Cache(dataset.Map(folder, resize))
//	b := dataset.Batches(dataset.BatchesConfig{Source: src, Map: []dataset.Transform{flip}})
//
// A Transform beneath it that draws all the same draws once: there e.Rand follows
// from the Index alone and e.Epoch is 0, so that what is kept does not depend on
// who came first. An example that could not be read is tried again the next time.
func Cache(src Source) Source {
	src, err := opened(src)
	if err != nil {
		return absent{errors.WithMessage(err, "Cache")}
	}
	return &cache{src: src, kept: make([]atomic.Pointer[keptExample], src.Len())}
}

type cache struct {
	src  Source
	kept []atomic.Pointer[keptExample]
}

// keptExample is never changed once it is in the cache.
type keptExample struct {
	x, target          []float32
	shape, targetShape []int
	label              int64
}

func (c *cache) Len() int { return len(c.kept) }

func (c *cache) Labels() []int64 { return sourceLabels(c.src) }

func (c *cache) Read(e *Example) error {
	if e.Index < 0 || e.Index >= len(c.kept) {
		return errors.Errorf("wanted an example from 0 to %d, came %d", len(c.kept)-1, e.Index)
	}
	k := c.kept[e.Index].Load()
	if k == nil {
		return c.keep(e)
	}
	copy(e.Resize(k.shape...), k.x)
	e.Label, e.Target = k.label, nil
	if k.target != nil {
		copy(e.ResizeTarget(k.targetShape...), k.target)
	}
	return nil
}

// keep reads an example from the source. Where two goroutines read the same one,
// both read the same values.
func (c *cache) keep(e *Example) error {
	epoch, random := e.Epoch, e.Rand
	var pcg rand.PCG
	seedStream(&pcg, 0, cachedStream, 0, e.Index)
	e.Epoch, e.Rand = 0, rand.New(&pcg)
	err := c.src.Read(e)
	e.Epoch, e.Rand = epoch, random
	if err != nil {
		return err
	}
	k := &keptExample{
		x:     append([]float32(nil), e.X...),
		shape: append([]int(nil), e.Shape...),
		label: e.Label,
	}
	if len(e.Target) > 0 {
		k.target = append([]float32{}, e.Target...)
		k.targetShape = append([]int(nil), e.targetShape()...)
	}
	c.kept[e.Index].Store(k)
	return nil
}
