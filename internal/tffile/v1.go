package tffile

import (
	"bytes"
	"io"
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// V1Reader reads a checkpoint of the format that tf.train.Saver wrote before TensorFlow 0.12, and still writes with
// write_version=V1: a table, or with sharded=True several that are joined (tensorflow/core/util/tensor_slice_reader.cc). It may be used by several goroutines
// at once.
type V1Reader struct {
	tables   []*table
	tensors  map[string]slicedTensor
	names    []string
	producer int
	size     int64 // of all files
	room     *budget.Budget
}

// V1File is a file of a V1 checkpoint.
type V1File struct {
	Name string // for errors; may be empty
	io.ReaderAt
	Size int64 // in bytes
}

// OpenV1 reads the tables of contents of a V1 checkpoint, which is a file or several shards. The slices of a partitioned variable may lie in several
// of them.
func OpenV1(shards ...V1File) (*V1Reader, error) {
	r := &V1Reader{tensors: map[string]slicedTensor{}, room: budget.Of(0)}
	for _, f := range shards {
		r.size += f.Size
		r.room.Add(f.Size)
	}
	for i, f := range shards {
		if err := r.open(i, f); err != nil {
			if f.Name != "" {
				err = errors.Wrap(err, f.Name)
			}
			return nil, err
		}
	}
	return r, nil
}

// open reads a shard's table of contents.
func (r *V1Reader) open(shard int, f V1File) error {
	t, err := openTable(f, f.Size, r.room)
	if err != nil {
		return err
	}
	b, took, err := t.get("", r.room)
	if err != nil {
		return err
	}
	defer r.room.Give(took)
	known := len(r.names)
	joined := 0
	producer, err := parseSlicesMeta(b, r.room, func(t slicedTensor) error {
		t.shard = shard
		have, twice := r.tensors[t.name]
		switch {
		case !twice:
			r.names = append(r.names, t.name)
		case have.shard == shard:
			return errors.New("two tensors have this name")
		case have.dtype != t.dtype || !slices.Equal(have.shape, t.shape):
			return errors.Errorf("it is %v of shape %v in shard %d, but %v of shape %v in one before", t.dtype, t.shape, shard, have.dtype, have.shape)
		default:
			joined++
			t.slices = append(have.slices, t.slices...)
		}
		r.tensors[t.name] = t
		return nil
	})
	if err != nil {
		return errors.Wrap(err, "table of contents")
	}
	if len(r.names) == known && joined == 0 {
		return errors.New("the table has no SavedTensorSliceMeta with tensors (key \"\"): not a V1 checkpoint")
	}
	r.tables, r.producer = append(r.tables, t), max(r.producer, producer)
	return nil
}

// get returns what the shards have for a key, nil where they have nothing.
func (r *V1Reader) get(key string) (value []byte, err error) {
	for _, t := range r.tables {
		if value, _, err = t.get(key, budget.Of(r.size)); value != nil || err != nil {
			break
		}
	}
	return value, err
}

// Names lists the tensors in the file's order. A partitioned variable is listed once.
func (r *V1Reader) Names() []string { return append([]string(nil), r.names...) }

// Producer is the version of the format that the writer says it has.
func (r *V1Reader) Producer() int { return r.producer }

// Room is what is left of the memory that the description of the files may take.
func (r *V1Reader) Room() *budget.Budget { return r.room }

// Entry gives dtype and shape of a tensor; false when there is none of that name. How many bytes its elements have is
// known only when they are read: Stored is -1.
func (r *V1Reader) Entry(name string) (Entry, bool) {
	t, ok := r.tensors[name]
	return Entry{t.dtype, append([]int{}, t.shape...), -1}, ok
}

// Elements returns the elements of a tensor of numbers or bool, as Tensor.Data holds them, once there are found to be as
// many as the shape has. They take eight times the bytes of the files at most, as integers of 64 bits do that are stored in a byte each.
func (r *V1Reader) Elements(name string) (io.Reader, error) {
	t, ok := r.tensors[name]
	if !ok {
		return nil, errors.Errorf("the checkpoint has no tensor %q; it has %s", name, list(r.names))
	}
	b, err := r.read(t)
	return bytes.NewReader(b), errors.Wrapf(err, "tensor %q", name)
}

func (r *V1Reader) read(t slicedTensor) ([]byte, error) {
	room := budget.Of(2 * r.size)
	part := func(s slice, size []int) ([]byte, error) {
		b, err := r.get(s.key(t.name))
		if err != nil {
			return nil, err
		}
		if b == nil {
			return nil, errors.New("it is not stored")
		}
		return parseSavedSlice(b, t, size, room)
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
	room = nil // all of them together were counted
	return joinSlices(t.shape, int64(t.dtype.Size()), t.slices, stored, part)
}
