package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget"
)

// bundleEntry is BundleEntryProto of tensorflow/core/protobuf/tensor_bundle.proto:
//
//	DataType dtype = 1; TensorShapeProto shape = 2; int32 shard_id = 3; int64 offset = 4; int64 size = 5;
//	fixed32 crc32c = 6 (masked); repeated TensorSliceProto slices = 7
//
// with TensorShapeProto {repeated Dim dim = 2 {int64 size = 1; string name = 2}; bool unknown_rank = 3}.
type bundleEntry struct {
	dtype        DType
	shape        []int
	shard        int
	offset, size int64
	crc          uint32 // unmasked
	slices       []slice
}

var bundleEntryWire = map[protowire.Number]protowire.Type{
	1: protowire.VarintType, 2: protowire.BytesType, 3: protowire.VarintType, 4: protowire.VarintType,
	5: protowire.VarintType, 6: protowire.Fixed32Type, 7: protowire.BytesType,
}

// parseBundleEntry checks every value by itself and that size is what dtype and shape take; whether offset and size fit
// the shard is for the caller, who knows the shard. Shape and slices are counted in room.
func parseBundleEntry(b []byte, room *budget.Budget) (bundleEntry, error) {
	e := bundleEntry{crc: unmask(0)} // proto3 leaves out a stored crc of 0
	err := protoFields(b, func(f protoField) error {
		kind, known := bundleEntryWire[f.number]
		if !known {
			return nil
		}
		if err := f.want(kind); err != nil {
			return err
		}
		if kind == protowire.VarintType && f.varint > math.MaxInt64 {
			return errors.Errorf("field %d is negative (%d)", f.number, int64(f.varint))
		}
		var err error
		switch f.number {
		case 1:
			if f.varint > math.MaxInt32 {
				return errors.Errorf("dtype %d", f.varint)
			}
			e.dtype = DType(f.varint)
		case 2:
			e.shape, err = parseShape(f.bytes, room)
		case 3:
			if f.varint > math.MaxInt32 {
				return errors.Errorf("shard %d", f.varint)
			}
			e.shard = int(f.varint)
		case 4:
			e.offset = int64(f.varint)
		case 5:
			e.size = int64(f.varint)
		case 6:
			e.crc = unmask(f.fixed32)
		case 7:
			var s slice
			s, err = parseSlice(f.bytes, room)
			e.slices = append(e.slices, s)
		}
		return err
	})
	if err != nil {
		return e, err
	}
	n, err := elements(e.shape)
	if err != nil {
		return e, err
	}
	if width := int64(e.dtype.Size()); width > 0 && (n > math.MaxInt64/width || len(e.slices) == 0 && n*width != e.size) {
		return e, errors.Errorf("%d elements of dtype %v (%d bytes each) cannot have the stored size of %d bytes", n, e.dtype, width, e.size)
	}
	if e.dtype == String && len(e.slices) == 0 && n > e.size { // each has at least a length byte
		return e, errors.Errorf("%d strings cannot be stored in %d bytes", n, e.size)
	}
	if e.offset > math.MaxInt64-e.size {
		return e, errors.Errorf("offset %d and size %d overflow", e.offset, e.size)
	}
	return e, nil
}

// parseShape reads a TensorShapeProto, whose memory is counted in room.
func parseShape(b []byte, room *budget.Budget) ([]int, error) {
	shape := []int{}
	err := protoFields(b, func(f protoField) error {
		switch f.number {
		case 2:
			if err := f.want(protowire.BytesType); err != nil {
				return err
			}
			if len(shape) == maxRank {
				return errors.Errorf("a shape of rank over %d", maxRank)
			}
			size := uint64(0)
			err := protoFields(f.bytes, func(d protoField) error {
				if d.number != 1 {
					return nil
				}
				size = d.varint
				return d.want(protowire.VarintType)
			})
			if err != nil {
				return err
			}
			if size > math.MaxInt {
				return errors.Errorf("axis %d has size %d; a stored tensor has a known shape", len(shape), int64(size))
			}
			shape = append(shape, int(size))
		case 3:
			if f.varint != 0 {
				return errors.New("the shape has unknown rank")
			}
		}
		return nil
	})
	if err == nil {
		err = room.Take(int64(8 * cap(shape)))
	}
	return shape, err
}

func (e bundleEntry) encode() []byte {
	var shape []byte
	for _, d := range e.shape {
		shape = appendMessageField(shape, 2, appendVarintField(nil, 1, uint64(d)))
	}
	b := appendVarintField(nil, 1, uint64(e.dtype))
	b = appendMessageField(b, 2, shape)
	b = appendVarintField(b, 3, uint64(e.shard))
	b = appendVarintField(b, 4, uint64(e.offset))
	b = appendVarintField(b, 5, uint64(e.size))
	if m := mask(e.crc); m != 0 {
		b = protowire.AppendFixed32(protowire.AppendTag(b, 6, protowire.Fixed32Type), m)
	}
	return b
}
