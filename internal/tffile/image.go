package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Image is an encoded picture (Summary.Image of tensorflow/core/framework/summary.proto):
//
//	int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4
type Image struct {
	Height, Width int
	Channels      int // colorspace: 1 is grey, 3 RGB, 4 RGBA
	PNG           []byte
}

func (m *Image) encode() []byte {
	b := appendVarintField(nil, 1, uint64(m.Height))
	b = appendVarintField(b, 2, uint64(m.Width))
	b = appendVarintField(b, 3, uint64(m.Channels))
	return appendStringField(b, 4, string(m.PNG))
}

func decodeImage(b []byte) (*Image, error) {
	m := &Image{}
	err := protoFields(b, func(f protoField) error {
		switch f.number {
		case 1, 2, 3:
			if f.varint > math.MaxInt32 {
				return errors.Errorf("field %d of an image is %d", f.number, int64(f.varint))
			}
			*[]*int{&m.Height, &m.Width, &m.Channels}[f.number-1] = int(f.varint)
			return f.want(protowire.VarintType)
		case 4:
			m.PNG = append([]byte(nil), f.bytes...)
			return f.want(protowire.BytesType)
		}
		return nil
	})
	return m, err
}
