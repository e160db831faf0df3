package cache

import (
	"context"
	"hash/crc32"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
)

// computer computes the nodes for the examples of the source, a block at a time.
type computer struct {
	ctx    context.Context
	sess   *graph.Session
	cfg    Config
	layout layout

	buffer []byte
}

// compute fills in the blocks that s lacks, and returns how many examples they have. columns tell where rows go.
func (c *computer) compute(s store, columns []int) (computed int, err error) {
	b := dataset.Batches(dataset.BatchesConfig{Source: c.cfg.Source, NoShuffle: true, BatchSize: c.layout.Block})
	defer b.Close()
	there := 0
	for block := range c.layout.blocks() {
		if s.has(block) {
			_, n := c.layout.of(block)
			there += n
		}
	}
	for block := range c.layout.blocks() {
		if s.has(block) {
			continue
		}
		if b.Step() != block {
			if err := b.Seek(0, block); err != nil {
				return 0, err
			}
		}
		if !b.NextContext(c.ctx) {
			return 0, errors.WithMessage(c.ended(b), "Source")
		}
		if err := c.block(s, block, columns, b); err != nil {
			return 0, err
		}
		_, n := c.layout.of(block)
		computed += n
		if c.cfg.Progress != nil {
			c.cfg.Progress(there+computed, c.layout.Examples)
		}
	}
	return computed, nil
}

// ended says why there is no further batch.
func (c *computer) ended(b *dataset.BatchIterator) error {
	if err := b.Err(); err != nil {
		return err
	}
	return errors.Errorf("it has fewer examples than %d, as it said", c.layout.Examples)
}

// block computes a block and stores it.
func (c *computer) block(s store, block int, columns []int, b *dataset.BatchIterator) error {
	first, n := c.layout.of(block)
	values, err := run(c.ctx, c.sess, c.cfg, b.X())
	if err != nil {
		return errors.WithMessagef(err, "examples %d to %d", first, first+n-1)
	}
	if y, ok := b.Y().(*tensor.Dense); ok {
		values = append(values, y)
	}
	if len(values) != len(c.layout.Columns) {
		return errors.Errorf("examples %d to %d: some examples of the source have labels, others none", first, first+n-1)
	}
	crc := uint32(0)
	for k, v := range values {
		col := c.layout.Columns[k]
		if err := c.look(col, k, first, v); err != nil {
			return err
		}
		memory, _ := memoryOf(v.Data())
		stored := col.encode(c.buffer, memory)
		if col.Half || !littleEndian {
			c.buffer = stored
		}
		crc = crc32.Update(crc, castagnoli, stored)
		if err := s.write(columns[k]+first*col.stored(), stored); err != nil {
			return err
		}
	}
	return s.finish(block, crc)
}

// maxHalf is the largest float32 that does not become infinite as a float16: what lies halfway between the largest finite one, 65504, and 2^16 does.
const maxHalf = 65520 - 0x1p-8

// look finds what cannot be stored of the values from an example on.
func (c *computer) look(col column, k, first int, v *tensor.Dense) error {
	got, err := columnOf(col.Name, v)
	if err != nil {
		return err
	}
	if !got.like(col) {
		return errors.Errorf("from example %d on, it is %v, and %v before", first, got, col)
	}
	if k >= len(c.cfg.Nodes) {
		return nil
	}
	limit := math.MaxFloat64
	if col.Half {
		limit = maxHalf
	}
	i, value := firstBeyond(v.Data(), limit)
	switch {
	case i < 0:
		return nil
	case math.IsNaN(value) || math.IsInf(value, 0):
		return errors.Errorf("example %d: element %d of %s is %v", first+i/col.width(), i%col.width(), col.Name, value)
	}
	return errors.Errorf("example %d: element %d of %s is %v, too large for Float16", first+i/col.width(), i%col.width(), col.Name, value)
}
