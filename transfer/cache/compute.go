package cache

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
)

// computer computes the nodes for the examples of the source, a batch at a time.
type computer struct {
	ctx    context.Context
	sess   *graph.Session
	cfg    Config
	layout layout

	variables gorgonia.Nodes // that the nodes are computed from
	versions  []uint64       // of their values, from the beginning on

	buffer []byte
	sums   []uint32 // of the rows that the block at work has in each column
}

// compute fills in the blocks that s lacks, and returns how many examples they have. columns tell where rows go. A batch may be a part of a block, or
// of several.
func (c *computer) compute(s store, columns []int) (computed int, err error) {
	size := min(c.cfg.BatchSize, c.layout.Examples)
	b := dataset.Batches(dataset.BatchesConfig{Source: c.cfg.Source, NoShuffle: true, BatchSize: size})
	defer b.Close()
	there := 0
	for block := range c.layout.blocks() {
		if s.has(block) {
			_, n := c.layout.of(block)
			there += n
		}
	}
	c.sums = make([]uint32, len(c.layout.Columns))
	for first := 0; first < c.layout.Examples; first += size {
		end := min(first+size, c.layout.Examples)
		if c.has(s, first, end) {
			continue
		}
		if b.Step() != first/size {
			if err := b.Seek(0, first/size); err != nil {
				return 0, err
			}
		}
		if !b.NextContext(c.ctx) {
			return 0, errors.WithMessage(c.ended(b), "Source")
		}
		values, err := c.values(first, end, b)
		if err != nil {
			return 0, err
		}
		n, err := c.store(s, first, end, values, columns)
		if err != nil {
			return 0, err
		}
		computed += n
		if c.cfg.Progress != nil {
			c.cfg.Progress(there+computed, c.layout.Examples)
		}
	}
	return computed, nil
}

// has tells whether s has the blocks of all examples from one up to another.
func (c *computer) has(s store, first, end int) bool {
	for block := first / c.layout.Block; block*c.layout.Block < end; block++ {
		if !s.has(block) {
			return false
		}
	}
	return true
}

// ended says why there is no further batch.
func (c *computer) ended(b *dataset.BatchIterator) error {
	if err := b.Err(); err != nil {
		return err
	}
	return errors.Errorf("it has fewer examples than %d, as it said", c.layout.Examples)
}

// values computes a batch: what the nodes give, and the labels.
func (c *computer) values(first, end int, b *dataset.BatchIterator) ([]*tensor.Dense, error) {
	values, err := run(c.ctx, c.sess, c.cfg, b.X())
	if err == nil {
		err = c.unchanged()
	}
	if err != nil {
		return nil, errors.WithMessagef(err, "examples %d to %d", first, end-1)
	}
	if y, ok := b.Y().(*tensor.Dense); ok {
		values = append(values, y)
	}
	if len(values) != len(c.layout.Columns) {
		return nil, errors.Errorf("examples %d to %d: some examples of the source have labels, others none", first, end-1)
	}
	for k, v := range values {
		if err := c.look(c.layout.Columns[k], k, first, v); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// unchanged finds that a variable was written since Open began: the examples after that would be of other weights than those before.
func (c *computer) unchanged() error {
	versions, err := c.sess.Versions(c.variables...)
	if err != nil {
		return err
	}
	for i, v := range c.variables {
		if versions[i] != c.versions[i] {
			return errors.Errorf("the variable %s, on which the nodes depend, was written while they were computed, which a training in the same session does; "+
				"train after Open, or what is above the nodes", c.sess.Graph().NameOf(v))
		}
	}
	return nil
}

// store writes the rows of a batch that belong to blocks which s lacks, and returns how many they are.
func (c *computer) store(s store, first, end int, values []*tensor.Dense, columns []int) (stored int, err error) {
	for block := first / c.layout.Block; block*c.layout.Block < end; block++ {
		if s.has(block) {
			continue
		}
		from, n := c.layout.of(block)
		rows, until := max(from, first), min(from+n, end)
		for k, v := range values {
			col := c.layout.Columns[k]
			memory, _ := memoryOf(v.Data())
			b := col.encode(c.buffer, memory[(rows-first)*col.size():(until-first)*col.size()])
			if col.Half || !littleEndian {
				c.buffer = b
			}
			c.sums[k] = crc32.Update(c.sums[k], castagnoli, b)
			if err := s.write(columns[k]+rows*col.stored(), b); err != nil {
				return stored, err
			}
		}
		stored += until - rows
		if until < from+n {
			break // the next batch goes on
		}
		if err := s.finish(block, sumOf(c.sums)); err != nil {
			return stored, err
		}
		clear(c.sums)
	}
	return stored, nil
}

// sumOf is the sum of a block whose rows have these sums in each column.
func sumOf(columns []uint32) uint32 {
	var b []byte
	for _, crc := range columns {
		b = binary.LittleEndian.AppendUint32(b, crc)
	}
	return crc32.Checksum(b, castagnoli)
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
