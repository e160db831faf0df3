package dataset

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/pkg/errors"
)

// Fingerprinted is a Source that knows what its examples follow from, so that what was computed of them can be told to be up to date.
type Fingerprinted interface {
	Source
	// Fingerprint writes what the examples follow from: their values, or the names, lengths and times of the files that they are read from,
	// and what is done to them. Sources that write the same give the same examples in the same order.
	Fingerprint(w io.Writer) error
}

// Fingerprint writes what the examples of src follow from, usually to a hash. A Set writes its values, a folder of pictures names, lengths and times of its
// files; Subset, Take, Skip, Concat, Cache and the parts of Split write what they were made of. A source that is not Fingerprinted is an error, and so is a
// Map, whose functions nothing is known of.
func Fingerprint(w io.Writer, src Source) error {
	src, err := opened(src)
	if err != nil {
		return errors.WithMessage(err, "dataset: Fingerprint")
	}
	f, ok := src.(Fingerprinted)
	if !ok {
		return errors.Errorf("dataset: Fingerprint: a %T does not say what its examples follow from; give it the method Fingerprint", src)
	}
	return f.Fingerprint(w)
}

// Fingerprint writes the values of the set, with their dtypes and shapes.
func (s *Set) Fingerprint(w io.Writer) error {
	x, y, err := s.rows()
	if err != nil {
		return s.wrap(err, "Fingerprint")
	}
	return fingerprintRows(w, x, y)
}

func (r *setReader) Fingerprint(w io.Writer) error { return fingerprintRows(w, r.x, r.y) }

func fingerprintRows(w io.Writer, x, y rows) error {
	for _, r := range []rows{x, y} {
		if r.data == nil {
			fmt.Fprintln(w, "none")
			continue
		}
		fmt.Fprintf(w, "%T [%d %v]\n", r.data.raw(), r.n, r.inner)
		if err := writeElements(w, r.data.raw()); err != nil {
			return err
		}
	}
	return nil
}

// writeElements writes the elements of a slice, little-endian, whatever the machine is.
func writeElements(w io.Writer, data any) error {
	switch d := data.(type) {
	case []float32:
		return writeFixed(w, d)
	case []float64:
		return writeFixed(w, d)
	case []int64:
		return writeFixed(w, d)
	case []int32:
		return writeFixed(w, d)
	case []int16:
		return writeFixed(w, d)
	case []int8:
		return writeFixed(w, d)
	case []uint8:
		return writeFixed(w, d)
	case []uint16:
		return writeFixed(w, d)
	case []uint32:
		return writeFixed(w, d)
	case []uint64:
		return writeFixed(w, d)
	case []bool:
		return writeFixed(w, d)
	case []int:
		wide := make([]int64, len(d))
		for i, v := range d {
			wide[i] = int64(v)
		}
		return writeFixed(w, wide)
	case []string:
		for _, v := range d {
			if _, err := fmt.Fprintf(w, "%d %s", len(v), v); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.Errorf("the elements of a %T are not numbers, bools or strings", data)
}

// writeFixed writes a piece at a time, for there may be gigabytes of them.
func writeFixed[T any](w io.Writer, data []T) error {
	const piece = 1 << 14
	var b []byte
	for len(data) > 0 {
		n := min(piece, len(data))
		var err error
		if b, err = binary.Append(b[:0], binary.LittleEndian, data[:n]); err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

func (v *view) Fingerprint(w io.Writer) error {
	fmt.Fprintf(w, "%d of\n", len(v.places))
	if err := writeElements(w, v.places); err != nil {
		return err
	}
	return Fingerprint(w, v.src)
}

func (c *concat) Fingerprint(w io.Writer) error {
	fmt.Fprintf(w, "%d sources\n", len(c.sources))
	for _, src := range c.sources {
		if err := Fingerprint(w, src); err != nil {
			return err
		}
	}
	return nil
}

func (c *cache) Fingerprint(w io.Writer) error { return Fingerprint(w, c.src) }

func (m *mapped) Fingerprint(w io.Writer) error {
	if len(m.transforms) > 0 {
		return errors.New("dataset: Fingerprint: nothing is known of the functions of a Map, which may have changed")
	}
	return Fingerprint(w, m.src)
}
