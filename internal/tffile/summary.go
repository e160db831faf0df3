package tffile

import (
	"bytes"
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Summary is a value under a tag (Summary.Value of tensorflow/core/framework/summary.proto):
//
//	string tag = 1; SummaryMetadata metadata = 9;
//	oneof value {float simple_value = 2; Image image = 4; HistogramProto histo = 5; TensorProto tensor = 8}
//
// One of the four is set.
type Summary struct {
	Tag       string
	Plugin    string // the part of TensorBoard that shows a Tensor, as "text" (SummaryMetadata.plugin_data.plugin_name)
	Scalar    *float32
	Image     *Image
	Histogram *Histogram
	Tensor    *Tensor // Name is not stored
}

// tensorData is DATA_CLASS_TENSOR of SummaryMetadata.data_class, which TensorBoard 2 wants to know
// of a Tensor.
const tensorData = 2

func (s Summary) encode() []byte {
	b := appendStringField(nil, 1, s.Tag)
	switch {
	case s.Scalar != nil:
		b = protowire.AppendTag(b, 2, protowire.Fixed32Type)
		b = protowire.AppendFixed32(b, math.Float32bits(*s.Scalar))
	case s.Image != nil:
		b = appendMessageField(b, 4, s.Image.encode())
	case s.Histogram != nil:
		b = appendMessageField(b, 5, s.Histogram.encode())
	case s.Tensor != nil:
		b = appendMessageField(b, 8, s.Tensor.encodeProto())
	}
	if s.Plugin != "" {
		data := appendStringField(nil, 1, s.Plugin)
		metadata := appendMessageField(nil, 1, data)
		b = appendMessageField(b, 9, appendVarintField(metadata, 4, tensorData))
	}
	return b
}

func decodeSummary(f protoField) (s Summary, err error) {
	if err := f.want(protowire.BytesType); err != nil {
		return s, err
	}
	err = protoFields(f.bytes, func(f protoField) (err error) {
		kind := protowire.BytesType
		if f.number == 2 {
			kind = protowire.Fixed32Type
		}
		switch f.number {
		case 1, 2, 4, 5, 8, 9:
			err = f.want(kind)
		}
		if err != nil {
			return err
		}
		switch f.number {
		case 1:
			s.Tag = string(f.bytes)
		case 2:
			v := math.Float32frombits(f.fixed32)
			s.Scalar = &v
		case 4:
			s.Image, err = decodeImage(f.bytes)
		case 5:
			s.Histogram, err = decodeHistogram(f.bytes)
		case 8:
			if s.Tensor, err = (&decoder{}).tensorProto(bytes.Clone(f.bytes)); err == nil { // a record's memory may be used again
				err = s.Tensor.check()
			}
		case 9:
			s.Plugin, err = decodePlugin(f.bytes)
		}
		return err
	})
	return s, errors.Wrapf(err, "Summary %q", s.Tag)
}

// decodePlugin finds plugin_data.plugin_name in a SummaryMetadata.
func decodePlugin(b []byte) (name string, err error) {
	err = protoFields(b, func(f protoField) error {
		if f.number != 1 {
			return nil
		}
		if err := f.want(protowire.BytesType); err != nil {
			return err
		}
		return protoFields(f.bytes, func(f protoField) error {
			if f.number != 1 {
				return nil
			}
			name = string(f.bytes)
			return f.want(protowire.BytesType)
		})
	})
	return name, err
}
