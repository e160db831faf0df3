package hdf5

import (
	"io"
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// chunks are the elements of a dataset that is cut into blocks of one shape, which lie anywhere. The last blocks along an axis may reach beyond it.
type chunks struct {
	data    io.ReaderAt
	shape   []int
	block   []int
	element int // bytes
	filters []filter
	places  []chunk // of the blocks in row-major order
}

// chunk is where a block lies, and which filters were left out for it, a bit each.
type chunk struct {
	address       uint64
	size, without uint32
	number        int // in row-major order
}

// chunked reads the layout of a dataset that is cut into chunks, and where they lie. Each must be there: Keras writes whole datasets.
func (f *file) chunked(b *fields, version uint8, t *weights.Tensor, filters []filter) error {
	if version != 3 {
		return errors.New("a dataset is cut into chunks, with an index as only new libraries write it, which is not supported; write the file with libver='earliest', h5py's default")
	}
	rank, address := int(b.u8())-1, b.u64()
	if rank != len(t.Shape) || rank < 1 {
		return errors.Errorf("a dataset of shape %v is cut into chunks of %d axes", t.Shape, rank)
	}
	c := &chunks{data: f.data, shape: t.Shape, block: make([]int, rank), filters: filters}
	wanted, bytes := 1, 1
	for a := range c.block {
		c.block[a] = int(b.u32())
		if c.block[a] < 1 || bytes > 1<<32/c.block[a] { // HDF5 has no chunks of 4 GB
			return errors.Errorf("a dataset is cut into chunks of %v", c.block[:a+1])
		}
		bytes *= c.block[a]
		n := (t.Shape[a] + c.block[a] - 1) / c.block[a]
		if wanted > int(f.size)/max(1, n) {
			return errors.Errorf("a dataset of shape %v is cut into chunks of %v, which are more than the file has bytes", t.Shape, c.block[:a+1])
		}
		wanted *= n
	}
	c.element = int(b.u32())
	if b.short || c.element < 1 || t.DType.Size() > 0 && c.element != t.DType.Size() || bytes > 1<<32/c.element {
		return errors.Errorf("a dataset is cut into chunks of %v elements of %d bytes", c.block, c.element)
	}
	if t.DType.Size() == 0 {
		return nil // text, which is listed only
	}
	if address != undefined {
		if err := f.chunkTree(address, c, bytes*c.element, -1); err != nil {
			return err
		}
	}
	slices.SortFunc(c.places, func(a, b chunk) int { return a.number - b.number })
	for i, p := range c.places {
		if p.number != i {
			return errors.Errorf("chunk %d of a dataset of shape %v comes twice or not at all", i, t.Shape)
		}
	}
	if len(c.places) != wanted {
		return errors.Errorf("a dataset of shape %v has %d chunks; want %d", t.Shape, len(c.places), wanted)
	}
	if t.Held = -1; compressed(filters) {
		t.Most = 4*f.size + 16<<20
	} else {
		n, err := t.Elements()
		if err != nil {
			return err
		}
		t.Held = int64(n) * int64(c.element)
	}
	t.Open = func() (io.Reader, error) { return &chunkReader{chunks: c}, nil }
	return nil
}

// chunkTree reads a node of the B-tree of the chunks of a dataset, of so many bytes each before they are filtered.
func (f *file) chunkTree(address uint64, c *chunks, bytes, level int) error {
	b, err := f.signed("TREE", address, 24)
	if err != nil {
		return err
	}
	kind, l, n := b.u8(), int(b.u8()), int(b.u16())
	if kind != 1 || level >= 0 && l != level {
		return errors.Errorf("the B-tree at byte %d has nodes of type %d and level %d; want type 1, which is that of chunks, and levels that fall by 1", address, kind, l)
	}
	entry := 8 + 8*uint64(len(c.shape)+1) + 8
	entries, err := f.at(address+24, uint64(n)*entry)
	if err != nil {
		return errors.Wrap(err, "B-tree of chunks")
	}
	for range n {
		p := chunk{size: entries.u32(), without: entries.u32()}
		for a, d := range c.shape {
			offset := entries.u64()
			if offset%uint64(c.block[a]) != 0 || offset >= uint64(d) && l == 0 {
				return errors.Errorf("a chunk of a dataset of shape %v lies at %d of axis %d", c.shape, offset, a)
			}
			p.number = p.number*((d+c.block[a]-1)/c.block[a]) + int(offset/uint64(c.block[a]))
		}
		entries.skip(8) // the place in an element, which is 0
		p.address = entries.u64()
		if l > 0 {
			if err := f.chunkTree(p.address, c, bytes, l-1); err != nil {
				return err
			}
			continue
		}
		if err := f.checkChunk(c, p, bytes); err != nil {
			return err
		}
		if err := f.room.Take(chunkBytes); err != nil {
			return err
		}
		c.places = append(c.places, p)
	}
	return nil
}

// checkChunk says whether a chunk can be there. Chunks do not lie over each other: all of them take no more than the file.
func (f *file) checkChunk(c *chunks, p chunk, bytes int) error {
	if p.address > uint64(f.size) || uint64(p.size) > uint64(f.size)-p.address {
		return errors.Errorf("a chunk has %d bytes at byte %d, but the file has %d", p.size, p.address, f.size)
	}
	if f.chunks += int64(p.size); f.chunks > f.size {
		return errors.New("the chunks of the file lie over each other")
	}
	if most := mostDecoded(c.filters, p.without, int(p.size)); most < bytes {
		return errors.Errorf("a chunk of %d bytes at byte %d cannot hold %d", p.size, p.address, bytes)
	}
	return nil
}

// chunkReader gives the elements in row-major order. It holds the blocks that begin at one place of the first axis.
type chunkReader struct {
	*chunks
	next  int    // of the first axis
	rows  []byte // what these blocks hold
	ready []byte // what is left of it
}

func (r *chunkReader) Read(b []byte) (int, error) {
	for len(r.ready) == 0 {
		if r.next >= r.shape[0] {
			return 0, io.EOF
		}
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// fill reads the blocks from next on.
func (r *chunkReader) fill() error {
	row, across := r.element, 1 // bytes, and blocks, of one place of the first axis
	for a, d := range r.shape[1:] {
		row, across = row*d, across*((d+r.block[a+1]-1)/r.block[a+1])
	}
	high := min(r.block[0], r.shape[0]-r.next)
	first := r.next / r.block[0] * across
	for k, p := range r.places[first : first+across] {
		block, err := r.decode(p)
		if err != nil {
			return errors.Wrapf(err, "the chunk at byte %d", p.address)
		}
		if r.rows == nil { // not before something has come
			r.rows = make([]byte, high*row)
		}
		corner := make([]int, len(r.shape))
		for a, left := len(r.shape)-1, k; a > 0; a-- {
			n := (r.shape[a] + r.block[a] - 1) / r.block[a]
			corner[a], left = left%n*r.block[a], left/n
		}
		r.place(block, 0, 0, 0, high, corner)
	}
	r.ready = r.rows[:high*row]
	r.next += high
	return nil
}

// place copies the part of a block that is in the dataset, from an axis on; from and to are the elements in the block and in rows so far, high the
// number of places of the first axis.
func (r *chunkReader) place(block []byte, axis, from, to, high int, corner []int) {
	n, length := min(r.block[axis], r.shape[axis]-corner[axis]), r.shape[axis]
	if axis == 0 {
		n, length = high, high
	}
	from, to = from*r.block[axis], to*length+corner[axis]
	if axis == len(r.shape)-1 {
		copy(r.rows[to*r.element:(to+n)*r.element], block[from*r.element:])
		return
	}
	for i := range n {
		r.place(block, axis+1, from+i, to+i, high, corner)
	}
}

// decode reads a block and undoes its filters.
func (c *chunks) decode(p chunk) ([]byte, error) {
	b := make([]byte, p.size)
	if _, err := io.ReadFull(io.NewSectionReader(c.data, int64(p.address), int64(p.size)), b); err != nil {
		return nil, errors.WithStack(err)
	}
	want := c.element
	for _, d := range c.block {
		want *= d
	}
	var err error
	for i := len(c.filters) - 1; i >= 0 && err == nil; i-- {
		if p.without&(1<<i) == 0 {
			b, err = c.filters[i].undo(b, want)
		}
	}
	if err == nil && len(b) != want {
		err = errors.Errorf("it has %d bytes; want %d", len(b), want)
	}
	return b, err
}
