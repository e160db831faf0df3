package gguf

import (
	"slices"
	"strconv"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

const (
	maxRank          = 4  // GGML_MAX_DIMS
	defaultAlignment = 32 // where the metadata say nothing
	maxAlignment     = 1 << 30
)

// The least that a tensor's description and a pair of metadata take: no name, no axes, a value of one byte.
const (
	leastTensor = 8 + 4 + 4 + 8
	leastPair   = 8 + 4 + 1
)

// pairBytes is what a pair takes in memory beside its texts, with its place in a map that is half empty.
const pairBytes = 128

// header is what stands before the elements.
type header struct {
	metadata map[string]string
	tensors  []*description
	start    int64 // of the elements, which is aligned
}

// description is what the file says of a tensor.
type description struct {
	name   string
	shape  []int // the outermost axis first
	kind   uint32
	offset uint64 // from the beginning of the elements
}

func readHeader(f *fields) (*header, error) {
	if magic := f.take(4); f.err == nil && string(magic) != "GGUF" {
		return nil, errors.Errorf(`it begins with %q; want "GGUF"`, magic)
	}
	switch version := f.u32(); {
	case f.err != nil:
		return nil, f.err
	case version == 2, version == 3:
	case version&0xffff == 0:
		return nil, errors.New("its numbers are big-endian, which is not supported")
	default:
		return nil, errors.Errorf("version %d of the format; want 2 or 3", version)
	}
	tensors, pairs := f.u64(), f.u64()
	if f.err == nil && (tensors > uint64(f.left)/leastTensor || pairs > uint64(f.left)/leastPair) {
		return nil, errors.Errorf("%d tensors and %d metadata do not fit into the %d bytes that follow", tensors, pairs, f.left)
	}
	h := &header{metadata: map[string]string{}}
	for range pairs {
		key := f.text()
		value := f.value(f.u32(), 0)
		f.takes(pairBytes + len(key) + 2*len(value)) // as parts, and joined
		if _, twice := h.metadata[key]; twice && f.err == nil {
			f.err = errors.Errorf("it stands there twice")
		}
		if f.err != nil {
			return nil, errors.Wrapf(f.err, "metadata %.200q", key)
		}
		h.metadata[key] = value
	}
	alignment := int64(defaultAlignment)
	if text, ok := h.metadata["general.alignment"]; ok {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 8 || n%8 != 0 || n > maxAlignment {
			return nil, errors.Errorf("general.alignment is %q; want a multiple of 8", text)
		}
		alignment = n
	}
	for range tensors {
		d, err := f.description()
		if err != nil {
			return nil, errors.Wrapf(err, "tensor %.200q", d.name)
		}
		if d.offset%uint64(alignment) != 0 {
			return nil, errors.Errorf("tensor %.200q begins at byte %d of the elements; want a multiple of %d", d.name, d.offset, alignment)
		}
		h.tensors = append(h.tensors, d)
	}
	h.start = (f.offset + alignment - 1) / alignment * alignment
	return h, f.err
}

// descriptionBytes is what a description takes beside the tensor that is made of it.
const descriptionBytes = 128

// description reads what the file says of a tensor.
func (f *fields) description() (*description, error) {
	d := &description{name: f.text(), shape: []int{}}
	f.takes(budget.Tensor + descriptionBytes + len(d.name))
	rank := f.u32()
	if f.err == nil && (rank == 0 || rank > maxRank) {
		return d, errors.Errorf("it has %d axes; want 1 to %d", rank, maxRank)
	}
	for range rank {
		size := f.u64()
		if size > 1<<36 {
			return d, errors.Errorf("it has an axis of size %d", size)
		}
		d.shape = append(d.shape, int(size))
		if f.err != nil {
			break
		}
	}
	slices.Reverse(d.shape)
	d.kind, d.offset = f.u32(), f.u64()
	return d, f.err
}

// dtypes are those of ggml's types whose elements stand alone.
var dtypes = map[uint32]weights.DType{
	0: weights.Float32, 1: weights.Float16, 24: weights.Int8, 25: weights.Int16, 26: weights.Int32, 27: weights.Int64, 28: weights.Float64, 30: weights.BFloat16,
}
