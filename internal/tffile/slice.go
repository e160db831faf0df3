package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget"
)

// slice is TensorSliceProto, the part of a partitioned variable that one entry holds:
//
//	repeated Extent extent = 1 {int64 start = 1; oneof {int64 length = 2}}
//
// one extent an axis; a length of -1 (none stored) is the whole axis.
type slice []extent

type extent struct{ start, length int64 }

// What a slice takes in a list that grows, and an extent.
const sliceBytes, extentBytes = 64, 16

// parseSlice reads a slice, whose memory is counted in room.
func parseSlice(b []byte, room *budget.Budget) (slice, error) {
	s := slice{}
	err := protoFields(b, func(f protoField) error {
		if f.number != 1 {
			return nil
		}
		if err := f.want(protowire.BytesType); err != nil {
			return err
		}
		if len(s) == maxRank {
			return errors.Errorf("a slice of rank over %d", maxRank)
		}
		e := extent{0, -1}
		err := protoFields(f.bytes, func(f protoField) error {
			if f.number != 1 && f.number != 2 {
				return nil
			}
			if f.varint > math.MaxInt64 {
				return errors.Errorf("a slice with the negative bound %d", int64(f.varint))
			}
			if f.number == 1 {
				e.start = int64(f.varint)
			} else {
				e.length = int64(f.varint)
			}
			return f.want(protowire.VarintType)
		})
		s = append(s, e)
		return err
	})
	if err == nil {
		err = room.Take(int64(sliceBytes + extentBytes*cap(s)))
	}
	return s, err
}

// within gives the slice's start and size along every axis of a tensor of the given shape, or fails when it does not
// fit.
func (s slice) within(shape []int) (start, size []int, err error) {
	if len(s) != len(shape) {
		return nil, nil, errors.Errorf("a slice of rank %d in a tensor of shape %v", len(s), shape)
	}
	start, size = make([]int, len(s)), make([]int, len(s))
	for i, e := range s {
		axis := int64(shape[i])
		switch {
		case e.length < 0 && e.start == 0:
			size[i] = shape[i]
		case e.length < 0 || e.start > axis || e.length > axis-e.start:
			return nil, nil, errors.Errorf("a slice from %d of length %d on axis %d of a tensor of shape %v", e.start, e.length, i, shape)
		default:
			start[i], size[i] = int(e.start), int(e.length)
		}
	}
	return start, size, nil
}

// key is the table key of the slice's own entry: checkpoint::EncodeTensorNameSlice of saved_tensor_slice_util.cc, an
// ordered code of 0, name, rank and (start, length) of every axis.
func (s slice) key(name string) string {
	b := appendOrderedUint(nil, 0)
	b = appendOrderedString(b, name)
	b = appendOrderedUint(b, uint64(len(s)))
	for _, e := range s {
		b = appendOrderedInt(b, e.start)
		b = appendOrderedInt(b, e.length)
	}
	return string(b)
}

// copySlice copies src, a row-major tensor of the given size, to where it lies in dst, and marks the elements in done.
// width is the bytes of an element. It fails when an element was already there: TensorFlow's slices are disjoint.
func copySlice(dst []byte, shape []int, src []byte, start, size []int, width int, done []bool) error {
	run := 1 // elements that lie together in both
	axis := len(shape)
	for axis > 0 {
		axis--
		run *= size[axis]
		if size[axis] != shape[axis] {
			break
		}
	}
	if len(src) == 0 {
		return nil
	}
	stride := make([]int, len(shape))
	for i, n := len(shape)-1, 1; i >= 0; i-- {
		stride[i], n = n, n*shape[i]
	}
	at := make([]int, axis) // position in src along the axes before the run
	for len(src) > 0 {
		offset := 0
		for i := range shape {
			offset += start[i] * stride[i]
			if i < axis {
				offset += at[i] * stride[i]
			}
		}
		for i := offset; i < offset+run; i++ {
			if done[i] {
				return errors.Errorf("two slices overlap at element %d of shape %v", i, shape)
			}
			done[i] = true
		}
		copy(dst[offset*width:], src[:run*width])
		src = src[run*width:]
		for i := axis - 1; i >= 0; i-- {
			if at[i]++; at[i] < size[i] {
				break
			}
			at[i] = 0
		}
	}
	return nil
}
