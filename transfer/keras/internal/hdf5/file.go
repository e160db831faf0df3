package hdf5

import (
	"io"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Group is a group with all that is in it.
type Group struct {
	// Text holds the attributes that are text, one or an array of one axis; others are left out.
	Text     map[string][]string
	Groups   []Named[*Group]         // in the file's order
	Datasets []Named[weights.Tensor] // in the file's order, without their names
}

// Named is a member of a group.
type Named[T any] struct {
	Name  string
	Value T
}

// What is made of the structures takes, beside its bytes and texts.
const (
	messageBytes   = 128               // of an object header, also found by its type
	objectBytes    = 128               // an address that was seen
	groupBytes     = 640               // with up to eight attributes
	datasetBytes   = 2 * budget.Tensor // a tensor that is listed by its group, by the file, and in the order of layers
	attributeBytes = 256               // found by its name, and once more as metadata
	textBytes      = 160               // of an attribute, which may be found by it
	heapBytes      = 96                // an object of the global heap, or a part of it
	chunkBytes     = 64                // twice, while their list grows
	filterBytes    = 32
)

const (
	undefined = ^uint64(0) // the address of what is not there
	maxDepth  = 32         // of groups in groups
)

// file is a file that is read.
type file struct {
	data   io.ReaderAt
	size   int64
	left   int64                        // bytes of structures and paths that may still be read, more than once or not
	room   *budget.Budget               // for what is made of them
	chunks int64                        // bytes of chunks that were found
	path   int                          // bytes of the names of the groups that are being read
	seen   map[uint64]bool              // objects, by the address of their header
	heap   map[uint64]map[uint32][]byte // what is read of the global heap
}

// Read reads a file of so many bytes, but for the elements of its datasets. What it describes takes memory of room.
func Read(data io.ReaderAt, size int64, room *budget.Budget) (*Group, error) {
	f := &file{data: data, size: size, left: 4*size + 1<<10, room: room, seen: map[uint64]bool{}, heap: map[uint64]map[uint32][]byte{}}
	root, err := f.superblock()
	if err != nil {
		return nil, err
	}
	g, t, err := f.object(root, 0)
	if err == nil && t != nil {
		err = errors.New("the root is a dataset; want a group")
	}
	return g, err
}

const signature = "\x89HDF\r\n\x1a\n"

// superblock returns the address of the root group's header.
func (f *file) superblock() (root uint64, err error) {
	b, err := f.at(0, min(uint64(f.size), 96))
	if err != nil {
		return 0, err
	}
	if string(b.take(8)) != signature {
		return 0, errors.New("it does not begin as an HDF5 file does")
	}
	version := b.u8()
	switch version {
	case 0, 1:
		b.skip(4)
	case 2, 3:
	default:
		return 0, errors.Errorf("superblock of version %d; want 0 to 3", version)
	}
	offsets, lengths := b.u8(), b.u8()
	if offsets != 8 || lengths != 8 {
		return 0, errors.Errorf("offsets have %d bytes and lengths %d; want 8", offsets, lengths)
	}
	var base, end uint64
	switch version {
	case 0, 1:
		b.skip(9 + 4*int(version))
		base, _, end = b.u64(), b.u64(), b.u64()
		b.skip(16) // the driver's address, the offset of the root's name
	default:
		b.skip(1)
		base, _, end = b.u64(), b.u64(), b.u64()
	}
	root = b.u64()
	switch {
	case b.short:
		return 0, errors.New("the file ends in the superblock")
	case base != 0:
		return 0, errors.Errorf("the file begins with a block of %d bytes for its user, which is not supported", base)
	case end > uint64(f.size):
		return 0, errors.Errorf("the file should have %d bytes, but has %d", end, f.size)
	}
	return root, nil
}

// at reads n bytes of structures.
func (f *file) at(address, n uint64) (*fields, error) {
	if address > uint64(f.size) || n > uint64(f.size)-address {
		return nil, errors.Errorf("a structure has %d bytes at byte %d, but the file has %d", n, address, f.size)
	}
	if err := f.charge(n); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(io.NewSectionReader(f.data, int64(address), int64(n)), b); err != nil {
		return nil, errors.Wrapf(err, "%d bytes at byte %d", n, address)
	}
	return &fields{b: b}, nil
}

// charge counts bytes that structures and paths take, of which there are few more than the file has unless they lie over each other. They may be kept.
func (f *file) charge(n uint64) error {
	if n > uint64(f.left) {
		return errors.New("the structures of the file lie over each other, or its names are longer than the rest")
	}
	f.left -= int64(n)
	return f.room.Take(int64(n))
}

// signed is at of a structure that begins with a signature, which is skipped.
func (f *file) signed(what string, address, n uint64) (*fields, error) {
	b, err := f.at(address, n)
	if err != nil {
		return nil, errors.Wrap(err, what)
	}
	if got := b.take(4); string(got) != what {
		return nil, errors.Errorf("%q at byte %d; want %q", got, address, what)
	}
	return b, nil
}
