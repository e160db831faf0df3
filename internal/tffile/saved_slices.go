package tffile

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget"
)

// The messages of tensorflow/core/util/saved_tensor_slice.proto, the values of a V1 checkpoint's table:
//
//	SavedTensorSlices    {SavedTensorSliceMeta meta = 1; SavedSlice data = 2}, meta under the key "", data under the others
//	SavedTensorSliceMeta {repeated SavedSliceMeta tensor = 1; VersionDef versions = 2}
//	SavedSliceMeta       {string name = 1; TensorShapeProto shape = 2; DataType type = 3; repeated TensorSliceProto slice = 4}
//	SavedSlice           {string name = 1; TensorSliceProto slice = 2; TensorProto data = 3}

// slicedTensor is SavedSliceMeta.
type slicedTensor struct {
	name   string
	dtype  DType
	shape  []int
	slices []slice
	shard  int // the last that has some of it
}

// slicedTensorBytes is what a slicedTensor takes beside its name, shape and slices, with its places in a map that is half empty and in a list that grows.
const slicedTensorBytes = 320

// message returns the field of that number of a message, the last where there are several.
func message(b []byte, number protowire.Number) (found []byte, err error) {
	err = protoFields(b, func(f protoField) error {
		if f.number != number {
			return nil
		}
		found = f.bytes
		return f.want(protowire.BytesType)
	})
	return found, err
}

// parseSlicesMeta reads the SavedTensorSlices with the table of contents for each. What a tensor takes is counted in room.
func parseSlicesMeta(b []byte, room *budget.Budget, each func(t slicedTensor) error) (producer int, err error) {
	if b, err = message(b, 1); err != nil {
		return 0, err
	}
	err = protoFields(b, func(f protoField) error {
		if f.number != 1 && f.number != 2 {
			return nil
		}
		if err := f.want(protowire.BytesType); err != nil {
			return err
		}
		if f.number == 2 {
			var err error
			producer, err = parseVersion(f.bytes)
			return err
		}
		t, err := parseSlicedTensor(f.bytes, room)
		if err == nil {
			err = each(t)
		}
		return errors.Wrapf(err, "tensor %q", t.name)
	})
	return producer, err
}

func parseSlicedTensor(b []byte, room *budget.Budget) (slicedTensor, error) {
	t := slicedTensor{shape: []int{}}
	if err := room.Take(slicedTensorBytes); err != nil {
		return t, err
	}
	err := protoFields(b, func(f protoField) (err error) {
		kind := protowire.BytesType
		if f.number == 3 {
			kind = protowire.VarintType
		}
		if f.number > 4 {
			return nil
		}
		if err := f.want(kind); err != nil {
			return err
		}
		switch f.number {
		case 1:
			err = room.Take(int64(len(f.bytes)))
			t.name = string(f.bytes)
		case 2:
			t.shape, err = parseShape(f.bytes, room)
		case 3:
			if f.varint > math.MaxInt32 {
				return errors.Errorf("dtype %d", f.varint)
			}
			t.dtype = DType(f.varint)
		case 4:
			var s slice
			s, err = parseSlice(f.bytes, room)
			t.slices = append(t.slices, s)
		}
		return err
	})
	if err == nil {
		_, err = elements(t.shape)
	}
	return t, err
}

// parseSavedSlice reads the elements of a slice of the given size from its SavedTensorSlices. They are counted in room.
func parseSavedSlice(b []byte, t slicedTensor, size []int, room *budget.Budget) ([]byte, error) {
	b, err := message(b, 2)
	if err != nil {
		return nil, err
	}
	name, err := message(b, 1)
	if err != nil {
		return nil, err
	}
	if string(name) != t.name {
		return nil, errors.Errorf("it is stored as one of %q", name)
	}
	values, err := message(b, 3)
	if err != nil {
		return nil, err
	}
	n, err := elements(size)
	if err != nil {
		return nil, err
	}
	return decodeValues(values, t.dtype, n, room)
}

// whole reports whether the tensor was stored in one piece.
func (t slicedTensor) whole() bool {
	if len(t.slices) != 1 {
		return false
	}
	_, size, err := t.slices[0].within(t.shape)
	return err == nil && slices.Equal(size, t.shape)
}
