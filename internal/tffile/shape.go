package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Shape is TensorShapeProto (tensorflow/core/framework/tensor_shape.proto):
//
//	repeated Dim dim = 2 {int64 size = 1; string name = 2}; bool unknown_rank = 3
type Shape struct {
	Sizes       []int // -1 is unknown
	UnknownRank bool
}

func (s Shape) encode() []byte {
	var b []byte
	for _, d := range s.Sizes {
		b = appendMessageField(b, 2, appendVarintField(nil, 1, uint64(int64(d))))
	}
	if s.UnknownRank {
		b = appendVarintField(b, 3, 1)
	}
	return b
}

func (d *decoder) shape(f protoField) (Shape, error) {
	s := Shape{Sizes: sized[int](d, f.bytes, 2, 8)}
	if d.take(shapeBytes); d.err != nil {
		return s, d.err
	}
	if s.Sizes == nil {
		s.Sizes = []int{}
	}
	if err := f.want(protowire.BytesType); err != nil {
		return s, err
	}
	err := protoFields(f.bytes, func(f protoField) error {
		switch f.number {
		case 2:
			if err := f.want(protowire.BytesType); err != nil {
				return err
			}
			if len(s.Sizes) == maxRank {
				return errors.Errorf("a shape of rank over %d", maxRank)
			}
			size := int64(0)
			err := protoFields(f.bytes, func(f protoField) error {
				if f.number != 1 {
					return nil
				}
				size = int64(f.varint)
				return f.want(protowire.VarintType)
			})
			if size < -1 || size > math.MaxInt {
				return errors.Errorf("a shape with an axis of size %d", size)
			}
			s.Sizes = append(s.Sizes, int(size))
			return err
		case 3:
			s.UnknownRank = f.varint != 0
			return f.want(protowire.VarintType)
		}
		return nil
	})
	return s, err
}
