package cache

import (
	"encoding/binary"
	"hash/crc32"
	"os"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/wholefile"
)

// store is where computed blocks go.
type store interface {
	// has tells whether a block is there already.
	has(block int) bool
	// write puts stored bytes at a place.
	write(at int, b []byte) error
	// finish says that the rows of a block are written, and their sum.
	finish(block int, crc uint32) error
}

// memory is a store that ends with the process.
type memory []byte

func (memory) has(int) bool                   { return false }
func (m memory) write(at int, b []byte) error { copy(m[at:], b); return nil }
func (memory) finish(int, uint32) error       { return nil }

// part is a file that is not complete, beside the path that it is going to have.
type part struct {
	f      *os.File
	layout layout
	sums   int    // where they lie
	whole  []bool // the blocks that are there
}

const partSuffix = ".part"

// openPart opens the part that an earlier Open left, if it is of the same layout but for the size of the blocks, and the first examples are the same; or
// begins one.
func openPart(path string, l layout, p *probe) (*part, error) {
	path += partSuffix
	if s, err := resumePart(path, l, p); err == nil {
		return s, nil
	}
	// Not written over: it may have been a whole file that somebody went about to mend, and that another process has mapped.
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, cannotWrite(err)
	}
	return newPart(path, l)
}

// resumePart opens a part to go on with.
func resumePart(path string, l layout, p *probe) (_ *part, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	s := &part{f: f}
	if s.layout, s.whole, err = inspect(f, l, p); err != nil {
		return nil, err
	}
	s.sums, _, _, err = s.layout.places()
	return s, err
}

// newPart makes a part without blocks.
func newPart(path string, l layout) (_ *part, err error) {
	header, err := l.header()
	if err != nil {
		return nil, err
	}
	sums, _, end, err := l.places()
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, cannotWrite(err)
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	s := &part{f: f, layout: l, sums: sums, whole: make([]bool, l.blocks())}
	if err := s.write(0, header); err != nil {
		return nil, err
	}
	return s, cannotWrite(f.Truncate(int64(end)))
}

func (s *part) has(block int) bool { return s.whole[block] }

func (s *part) write(at int, b []byte) error {
	_, err := s.f.WriteAt(b, int64(at))
	return cannotWrite(err)
}

// A sum that reaches the disk before its rows do, in a crash, does not fit them.
func (s *part) finish(block int, crc uint32) error {
	return s.write(s.sums+8*block, binary.LittleEndian.AppendUint64(nil, present|uint64(crc)))
}

// complete gives the file its name.
func (s *part) complete(path string) error {
	if err := s.f.Sync(); err != nil {
		return cannotWrite(err)
	}
	if err := s.f.Close(); err != nil {
		return cannotWrite(err)
	}
	if err := os.Rename(path+partSuffix, path); err != nil {
		return cannotWrite(err)
	}
	return wholefile.SyncParent(path)
}

func cannotWrite(err error) error {
	return errors.Wrap(err, "the cache cannot be written (choose another Path; without one, activations are kept in memory), and what was written before, if anything, is used the next time")
}

// present marks the sums of blocks that are there.
const present = 1 << 32

// inspect reads the layout of a file, which may differ from the wanted one in the size of the blocks only, and tells which blocks are whole. That it is
// another one, or has other values for the first examples, is an error.
func inspect(f *os.File, want layout, p *probe) (layout, []bool, error) {
	info, err := f.Stat()
	if err != nil {
		return layout{}, nil, errors.WithStack(err)
	}
	got, err := readLayout(f, info.Size())
	if err != nil {
		return got, nil, err
	}
	if !got.same(want) || got.Block < 1 || got.Block > got.Examples {
		return got, nil, errors.New("it was made of other weights, another graph or other data")
	}
	sums, columns, end, err := got.places()
	if err != nil {
		return got, nil, err
	}
	if int64(end) != info.Size() {
		return got, nil, errors.Errorf("it has %d bytes, and should have %d", info.Size(), end)
	}
	whole := make([]bool, got.blocks())
	buffer := make([]byte, 1<<18)
	for i := range whole {
		if whole[i], err = got.whole(f, i, sums, columns, buffer); err != nil {
			return got, nil, err
		}
	}
	return got, whole, p.agrees(f, got, columns, whole)
}

// whole tells whether a block has the sum that is written for it.
func (l layout) whole(f *os.File, block, sums int, columns []int, buffer []byte) (bool, error) {
	if _, err := f.ReadAt(buffer[:8], int64(sums+8*block)); err != nil {
		return false, errors.WithStack(err)
	}
	sum, crcs := binary.LittleEndian.Uint64(buffer), make([]uint32, len(l.Columns))
	if sum < present || sum >= 2*present {
		return false, nil
	}
	first, n := l.of(block)
	for k, c := range l.Columns {
		at, left := columns[k]+first*c.stored(), n*c.stored()
		for left > 0 {
			b := buffer[:min(left, len(buffer))]
			if _, err := f.ReadAt(b, int64(at)); err != nil {
				return false, errors.WithStack(err)
			}
			crcs[k] = crc32.Update(crcs[k], castagnoli, b)
			at, left = at+len(b), left-len(b)
		}
	}
	return sum == present|uint64(sumOf(crcs)), nil
}

// agrees compares the first examples with what is stored of them where that is there.
func (p *probe) agrees(f *os.File, l layout, columns []int, whole []bool) error {
	for k, c := range l.Columns {
		all, _ := memoryOf(p.values[k].Data())
		row := make([]byte, c.stored())
		var buffer []byte
		for i := range p.values[k].Shape()[0] {
			if !whole[i/l.Block] {
				continue
			}
			if _, err := f.ReadAt(row, int64(columns[k]+i*len(row))); err != nil {
				return errors.WithStack(err)
			}
			buffer = c.encode(buffer, all[i*c.size():][:c.size()])
			if string(row) != string(buffer) {
				return errors.Errorf("it has other values of %s for example %d than are computed now", c.Name, i)
			}
		}
	}
	return nil
}
