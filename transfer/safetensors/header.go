package safetensors

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

// maxHeader is the longest header that the reference implementation takes.
const maxHeader = 100 << 20

// maxEntry bounds what the header says of a tensor: an axis takes two bytes there, and more in memory.
const maxEntry = 1 << 14

// metadataKey is the key of what the header says beside the tensors.
const metadataKey = "__metadata__"

var dtypes = map[string]weights.DType{
	"F64": weights.Float64, "F32": weights.Float32, "F16": weights.Float16, "BF16": weights.BFloat16,
	"I64": weights.Int64, "I32": weights.Int32, "I16": weights.Int16, "I8": weights.Int8,
	"U64": weights.Uint64, "U32": weights.Uint32, "U16": weights.Uint16, "U8": weights.Uint8, "BOOL": weights.Bool,
}

// entry is what the header says of a tensor.
type entry struct {
	name    string
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"` // from the end of the header
}

// What an entry takes beside the tensor that is made of it, and a pair of metadata beside its texts.
const (
	entryBytes = 256
	pairBytes  = 128
)

// header is the header, entries in the order of their elements in the file.
type header struct {
	entries  []entry
	metadata map[string]string
}

// parseHeader reads a header. encoding/json would take the last of two equal keys, so the
// outer object is walked by hand.
func parseHeader(text io.Reader, room *budget.Budget) (*header, error) {
	h := &header{}
	seen := map[string]bool{}
	d := json.NewDecoder(text)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("the header is no JSON object")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, errors.Wrapf(err, "byte %d of the header", d.InputOffset())
		}
		key := t.(string)
		if seen[key] {
			return nil, errors.Errorf("the header has %q twice", key)
		}
		seen[key] = true
		if key == metadataKey {
			if h.metadata, err = parseMetadata(d, room); err != nil {
				return nil, errors.Wrap(err, metadataKey)
			}
			continue
		}
		e := entry{name: key, Offsets: [2]int64{-1, -1}}
		var text json.RawMessage
		if err := d.Decode(&text); err != nil {
			return nil, errors.Wrapf(err, "tensor %q", key)
		}
		if len(text) > maxEntry {
			return nil, errors.Errorf("tensor %q is described by %d bytes; want at most %d, which no shape needs", key, len(text), maxEntry)
		}
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, errors.Wrapf(err, "tensor %q", key)
		}
		if err := room.Take(int64(budget.Tensor + entryBytes + len(key) + 8*cap(e.Shape))); err != nil {
			return nil, err
		}
		h.entries = append(h.entries, e)
	}
	if _, err := d.Token(); err != nil {
		return nil, errors.Wrap(err, "the header ends too soon")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is more than one JSON object in the header")
	}
	slices.SortStableFunc(h.entries, func(a, b entry) int {
		switch {
		case a.Offsets[0] != b.Offsets[0]:
			return int(min(1, max(-1, a.Offsets[0]-b.Offsets[0])))
		default:
			return int(min(1, max(-1, a.Offsets[1]-b.Offsets[1])))
		}
	})
	return h, nil
}

// parseMetadata reads an object of texts, of which null is none.
func parseMetadata(d *json.Decoder, room *budget.Budget) (map[string]string, error) {
	t, err := d.Token()
	if err != nil || t == nil {
		return nil, errors.WithStack(err)
	}
	if t != json.Delim('{') {
		return nil, errors.Errorf("it is %.100q; want an object of texts", fmt.Sprint(t))
	}
	said := map[string]string{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, errors.WithStack(err)
		}
		value, err := d.Token()
		if err != nil {
			return nil, errors.WithStack(err)
		}
		text, isText := value.(string)
		if !isText && value != nil {
			return nil, errors.Errorf("%.100q is %.100q; want a text", key, fmt.Sprint(value))
		}
		if err := room.Take(int64(pairBytes + len(key.(string)) + len(text))); err != nil {
			return nil, err
		}
		said[key.(string)] = text
	}
	_, err = d.Token()
	return said, errors.WithStack(err)
}

// tensors describes the tensors of a file whose elements begin at byte start, and of which
// there are so many bytes.
func (h *header) tensors(file io.ReaderAt, start, length int64) ([]weights.Tensor, error) {
	all := make([]weights.Tensor, len(h.entries))
	end := int64(0)
	for i, e := range h.entries {
		d, ok := dtypes[e.DType]
		if !ok {
			return nil, errors.Errorf("tensor %q has the dtype %q; want F64, F32, F16, BF16, an integer or BOOL", e.name, e.DType)
		}
		if e.Offsets[0] != end || e.Offsets[1] < end || e.Offsets[1] > length {
			return nil, errors.Errorf("tensor %q lies in bytes %d to %d; want it to begin at %d, where the one before ends, and to end by %d",
				e.name, e.Offsets[0], e.Offsets[1], end, length)
		}
		t := weights.Tensor{Name: e.name, DType: d, Shape: e.Shape, Held: e.Offsets[1] - end, Open: weights.Section(file, start+end, e.Offsets[1]-end)}
		n, err := t.Elements()
		if err != nil {
			return nil, err
		}
		if int64(n)*int64(d.Size()) != t.Held {
			return nil, errors.Errorf("tensor %q is %s%v, which takes %d bytes, but %d are given to it", e.name, e.DType, e.Shape, int64(n)*int64(d.Size()), t.Held)
		}
		end = e.Offsets[1]
		all[i] = t
	}
	if end != length {
		return nil, errors.Errorf("%d bytes follow the last tensor", length-end)
	}
	return all, nil
}
