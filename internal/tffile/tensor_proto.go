package tffile

import (
	"bytes"
	"io"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// TensorProto (tensorflow/core/framework/tensor.proto) holds a tensor inside another message:
//
//	DataType dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4; repeated bytes string_val = 8
//
// and lists of numbers in other fields (valueField). tensor_content is the elements in row-major order, little-endian. A list
// may be shorter than the shape: then the last of it stands for all that follow, and zeros where there is none.

func (t *Tensor) encodeProto() []byte {
	if t.InFile != nil {
		panic("tffile: a tensor is encoded whose elements lie in a file; encode its Whole")
	}
	b := appendVarintField(nil, 1, uint64(t.DType))
	b = appendMessageField(b, 2, Shape{Sizes: t.Shape}.encode())
	n, err := elements(t.Shape)
	if width := int64(t.DType.Size()); err == nil && width > 0 && int64(len(t.Data)) < n*width { // as a list, which may be shorter
		return t.appendValues(b)
	}
	b = appendStringField(b, 4, string(t.Data))
	for _, s := range t.Strings {
		b = appendMessageField(b, 8, []byte(s))
	}
	return b
}

var tensorKinds = fieldKinds{1: protowire.VarintType, 2: protowire.BytesType, 4: protowire.BytesType, 8: protowire.BytesType}

// tensorProto reads what the message holds, which may be fewer elements than the shape has. Data is that of the message
// where it lies in one piece there, unless that has a file.
func (d *decoder) tensorProto(b []byte) (*Tensor, error) {
	if d.take(tensorBytes); d.err != nil {
		return nil, d.err
	}
	t := &Tensor{Shape: []int{}, Strings: sized[string](d, b, 8, stringBytes)}
	err := d.fields(b, tensorKinds, func(f protoField) error {
		switch f.number {
		case 1:
			t.DType = DType(f.varint)
		case 2:
			s, err := d.shape(f)
			t.Shape = s.Sizes
			if err == nil && s.UnknownRank {
				err = errors.New("its rank is unknown")
			}
			return err
		case 4:
			t.Data = f.bytes
		case 8:
			t.Strings = append(t.Strings, d.long(f.bytes))
		}
		return nil
	})
	if err == nil && len(t.Data) > 0 {
		if err = t.check(); err == nil {
			d.own(t)
		}
		return t, errors.Wrap(err, "TensorProto")
	}
	inMessage := false
	if _, _, listed := valueField(t.DType); err == nil && listed {
		if t.Data, inMessage = soleList(b, t.DType); !inMessage {
			t.Data, err = d.listedValues(b, t.DType)
		}
	}
	if err == nil {
		_, err = t.held()
	}
	if err == nil && inMessage {
		d.own(t)
	}
	return t, errors.Wrap(err, "TensorProto")
}

// held is how many elements t has, of those of its shape: more are an error, and so is a part of one.
func (t *Tensor) held() (n int64, err error) {
	most, err := elements(t.Shape)
	if err != nil {
		return 0, err
	}
	n = int64(len(t.Strings))
	if width := int64(t.DType.Size()); width > 0 {
		if t.Stored()%width != 0 || n > 0 {
			return 0, errors.Errorf("%d bytes and %d strings of dtype %v", t.Stored(), n, t.DType)
		}
		n = t.Stored() / width
	}
	if n > most {
		return 0, errors.Errorf("%d elements of the shape %v", n, t.Shape)
	}
	return n, nil
}

// Stored is how many bytes of elements there are, in Data or InFile.
func (t *Tensor) Stored() int64 {
	if t.InFile != nil {
		return t.InFile.Size()
	}
	return int64(len(t.Data))
}

// readStored copies the elements that there are to the front of b.
func (t *Tensor) readStored(b []byte) error {
	if t.InFile == nil {
		copy(b, t.Data)
		return nil
	}
	_, err := io.ReadFull(io.NewSectionReader(t.InFile, 0, t.InFile.Size()), b[:t.InFile.Size()])
	return errors.Wrap(err, "the elements of a tensor that lie in a file")
}

// Whole returns the tensor of an attribute with as many elements as its shape has. A message may hold fewer: the last then stands
// for those that follow, and zeros (empty strings) where there is none. This is what takes the memory that the shape says, where there
// are fewer or InFile has them. A tensor of resources or variants is an error.
func (t *Tensor) Whole() (Tensor, error) {
	n, err := t.held()
	if err != nil {
		return Tensor{}, err
	}
	whole := *t
	whole.InFile = nil
	most, _ := elements(t.Shape) // held has checked it
	if n == most && t.InFile == nil {
		return whole, whole.check()
	}
	if t.DType != String && t.DType.Size() == 0 || most > maxWhole {
		return Tensor{}, errors.Errorf("a tensor of dtype %v and shape %v in an attribute, of which the message has %d elements, cannot be had whole", t.DType, t.Shape, n)
	}
	if t.DType == String {
		whole.Strings = make([]string, most)
		for i := copy(whole.Strings, t.Strings); n > 0 && i < len(whole.Strings); i++ {
			whole.Strings[i] = t.Strings[n-1]
		}
		return whole, whole.check()
	}
	width := int64(t.DType.Size())
	whole.Data = make([]byte, most*width)
	if err := t.readStored(whole.Data); err != nil {
		return Tensor{}, err
	}
	if n > 0 {
		fill(whole.Data[n*width:], whole.Data[(n-1)*width:n*width])
	}
	return whole, whole.check()
}

// maxWhole bounds the elements that a short message may stand for.
const maxWhole = 1 << 32

// fill repeats element all over b.
func fill(b, element []byte) {
	if bytes.Count(element, []byte{0}) == len(element) {
		return // b is new
	}
	for n := copy(b, element); n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}
