package tffile

import (
	"bytes"
	"io"
	"slices"

	"github.com/pkg/errors"
)

// V1Reader reads a checkpoint of the format that tf.train.Saver wrote before TensorFlow 0.12, and still writes with
// write_version=V1: a table, or with sharded=True several that are joined (tensorflow/core/util/tensor_slice_reader.cc). It may be used by several goroutines
// at once.
type V1Reader struct {
	tables   []*table
	tensors  map[string]slicedTensor
	names    []string
	producer int
}

// OpenV1 reads the table of contents of a V1 checkpoint of so many bytes.
func OpenV1(file io.ReaderAt, size int64) (*V1Reader, error) {
	t, err := openTable(file, size)
	if err != nil {
		return nil, err
	}
	b, err := t.get("")
	if err != nil {
		return nil, err
	}
	tensors, producer, err := parseSlicesMeta(b)
	if err != nil {
		return nil, errors.Wrap(err, "table of contents")
	}
	if len(tensors) == 0 {
		return nil, errors.New("the table has no SavedTensorSliceMeta with tensors (key \"\"): not a V1 checkpoint")
	}
	r := &V1Reader{[]*table{t}, make(map[string]slicedTensor, len(tensors)), nil, producer}
	for _, t := range tensors {
		if _, twice := r.tensors[t.name]; twice {
			return nil, errors.Errorf("two tensors are called %q", t.name)
		}
		r.tensors[t.name] = t
		r.names = append(r.names, t.name)
	}
	return r, nil
}

// JoinV1 makes one checkpoint of its shards. The slices of a partitioned variable may lie in several of them.
func JoinV1(shards ...*V1Reader) (*V1Reader, error) {
	joined := &V1Reader{tensors: map[string]slicedTensor{}}
	for i, r := range shards {
		joined.tables = append(joined.tables, r.tables...)
		joined.producer = max(joined.producer, r.producer)
		for _, name := range r.names {
			t := r.tensors[name]
			have, known := joined.tensors[name]
			if !known {
				joined.names = append(joined.names, name)
				have = slicedTensor{name: t.name, dtype: t.dtype, shape: t.shape}
			}
			if have.dtype != t.dtype || !slices.Equal(have.shape, t.shape) {
				return nil, errors.Errorf("tensor %q is %v of shape %v in shard %d, but %v of shape %v in one before", name, t.dtype, t.shape, i, have.dtype, have.shape)
			}
			have.slices = append(have.slices, t.slices...)
			joined.tensors[name] = have
		}
	}
	return joined, nil
}

// get returns what the shards have for a key, nil where they have nothing.
func (r *V1Reader) get(key string) (value []byte, err error) {
	for _, t := range r.tables {
		if value, err = t.get(key); value != nil || err != nil {
			break
		}
	}
	return value, err
}

// Names lists the tensors in the file's order. A partitioned variable is listed once.
func (r *V1Reader) Names() []string { return append([]string(nil), r.names...) }

// Producer is the version of the format that the writer says it has.
func (r *V1Reader) Producer() int { return r.producer }

// Entry gives dtype and shape of a tensor; false when there is none of that name. How many bytes its elements have is
// known only when they are read: Stored is -1.
func (r *V1Reader) Entry(name string) (Entry, bool) {
	t, ok := r.tensors[name]
	return Entry{t.dtype, append([]int{}, t.shape...), -1}, ok
}

// Elements returns the elements of a tensor of numbers or bool, as Tensor.Data holds them, once there are found to be as
// many as the shape has.
func (r *V1Reader) Elements(name string) (io.Reader, error) {
	t, ok := r.tensors[name]
	if !ok {
		return nil, errors.Errorf("the checkpoint has no tensor %q; it has %s", name, list(r.names))
	}
	b, err := r.read(t)
	return bytes.NewReader(b), errors.Wrapf(err, "tensor %q", name)
}

func (r *V1Reader) read(t slicedTensor) ([]byte, error) {
	part := func(s slice, size []int) ([]byte, error) {
		b, err := r.get(s.key(t.name))
		if err != nil {
			return nil, err
		}
		if b == nil {
			return nil, errors.New("it is not stored")
		}
		return parseSavedSlice(b, t, size)
	}
	if t.whole() {
		return part(t.slices[0], t.shape)
	}
	// Only what is unpacked tells how much there is, so the slices are read once more than they are used: a shape alone
	// must not take memory.
	stored, seen := int64(0), map[string]bool{}
	for _, s := range t.slices {
		_, size, err := s.within(t.shape)
		if err != nil {
			return nil, err
		}
		key := s.key(t.name)
		if seen[key] {
			return nil, errors.Errorf("the slice of size %v is listed twice", size)
		}
		seen[key] = true
		b, err := part(s, size)
		if err != nil {
			return nil, errors.Wrapf(err, "slice of size %v", size)
		}
		stored += int64(len(b) / t.dtype.Size())
	}
	return joinSlices(t.shape, int64(t.dtype.Size()), t.slices, stored, part)
}
