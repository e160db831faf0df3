package weights

import (
	"encoding/binary"
	"io"
	"sync"
	"unsafe"

	"github.com/pkg/errors"
)

// stream decodes n elements one after the other.
type stream[T element] struct {
	decoder[T]
	r       io.Reader
	order   binary.ByteOrder
	n, done int
	buffer  []byte // nil where the bytes are the values
}

func newStream[T element](t Tensor, r io.Reader, n int, d decoder[T]) *stream[T] {
	s := &stream[T]{decoder: d, r: r, n: n, order: binary.LittleEndian}
	if t.BigEndian {
		s.order = binary.BigEndian
	}
	if own := d.raw && (d.size == 1 || t.BigEndian == (binary.NativeEndian.Uint16([]byte{0, 1}) == 1)); !own {
		s.buffer = make([]byte, min(chunkBytes, n*d.size))
	}
	return s
}

// fill decodes the next elements into all of dst.
func (s *stream[T]) fill(dst []T) error {
	for len(dst) > 0 {
		part := dst
		if s.buffer != nil {
			part = dst[:min(len(dst), len(s.buffer)/s.size)]
		}
		bytes := s.buffer[:min(len(s.buffer), len(part)*s.size)]
		if s.buffer == nil {
			bytes = unsafe.Slice((*byte)(unsafe.Pointer(&part[0])), len(part)*s.size)
		}
		if got, err := io.ReadFull(s.r, bytes); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return errors.Errorf("the file ends after %d of %d bytes: %v", s.done*s.size+got, s.n*s.size, err)
			}
			return errors.Wrapf(err, "after %d of %d bytes", s.done*s.size+got, s.n*s.size)
		}
		if s.buffer != nil {
			if err := s.decode(part, bytes, s.order); err != nil {
				return err
			}
		}
		s.done += len(part)
		dst = dst[len(part):]
	}
	return nil
}

// move decodes elements and moves them to out, about so many at a time.
func (s *stream[T]) move(out []T, axes []axis, most int) error {
	along, indices, held := pieces(axes, most)
	stored, giveBack := borrow[T](held)
	defer giveBack()
	to, size := axes[along].to, axes[along].size
	for i := 0; i < size; i += indices {
		axes[along].size = min(indices, size-i)
		stored = stored[:min(held, s.n-s.done)]
		if err := s.fill(stored); err != nil {
			return err
		}
		gather(out[i*to:], stored, axes)
	}
	return nil
}

// spare is memory for pieces, of *[]uint64: files have many tensors, and the system takes as long to give fresh memory as to read a file into it.
var spare sync.Pool

// borrow returns memory for n elements, of any content.
func borrow[T element](n int) (values []T, giveBack func()) {
	var zero T
	words := (n*int(unsafe.Sizeof(zero)) + 7) / 8
	if 8*words > 2*pieceBytes { // rare, and too large to be kept
		return make([]T, n), func() {}
	}
	m, _ := spare.Get().(*[]uint64)
	if m == nil || len(*m) < words {
		memory := make([]uint64, words)
		m = &memory
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(*m))), n), func() { spare.Put(m) }
}

// pieces returns the axis along which elements can be moved in the order in which they are stored, how many of its indices go at a time, and
// how many elements are held for them: about most, but all where they lie among each other.
func pieces(axes []axis, most int) (along, indices, held int) {
	reach := 1
	for i, a := range axes {
		reach += (a.size - 1) * a.from
		if a.from > axes[along].from {
			along = i
		}
	}
	a := axes[along]
	if beside := reach - (a.size-1)*a.from; reach <= most || a.from < beside {
		return along, a.size, reach
	}
	const line = 16 // elements of a cache line, which is better written once
	if indices = max(1, most/a.from); indices > line {
		indices -= indices % line
	}
	return along, min(indices, a.size), min(indices, a.size) * a.from
}
