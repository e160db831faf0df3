package npz

import (
	"archive/zip"
	"io"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

const format = "NumPy"

// Open opens a .npz or .npy file, which of the two its content tells. An array is called by its name in the
// archive without ".npy"; that of a .npy file is called "array". Headers are read and
// checked at once, arrays when they are asked for. Close the result.
func Open(path string) (*weights.File, error) {
	return weights.OpenPath(format, path, parse)
}

// Parse is Open of a file that lies elsewhere, such as in memory, and has so many bytes.
func Parse(file io.ReaderAt, size int64) (*weights.File, error) {
	w, err := parse(file, size, nil)
	return w, errors.Wrap(err, format)
}

func parse(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
	var magic [4]byte
	if n, _ := file.ReadAt(magic[:], 0); n == 4 && string(magic[:2]) == "PK" {
		return parseArchive(file, size, closer)
	}
	t, start, err := readHeader(io.NewSectionReader(file, 0, size))
	if err != nil {
		return nil, err
	}
	t.Name, t.Held, t.Open = "array", size-start, weights.Section(file, start, size-start)
	return weights.New(format, []weights.Tensor{t}, nil, closer)
}

func parseArchive(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
	room := budget.Of(size)
	z, err := room.Zip(file, size)
	if err != nil {
		return nil, err
	}
	var tensors []weights.Tensor
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		if err := room.Take(2 * budget.Tensor); err != nil { // as much again for reading its header
			return nil, err
		}
		t, err := member(file, size, f)
		if err != nil {
			return nil, errors.Wrapf(err, "array %q", name)
		}
		if err := room.Take(int64(16 * (cap(t.Shape) + cap(t.Strides)))); err != nil { // as much again was thrown away while the list grew
			return nil, err
		}
		t.Name = name
		tensors = append(tensors, t)
	}
	if len(tensors) == 0 {
		return nil, errors.New("the archive has no member that ends in .npy")
	}
	return weights.New(format, tensors, nil, closer)
}

const (
	mostExpanded = 4       // times the bytes of the archive that the values of a compressed array may take where they are read into new memory,
	fewExpanded  = 1 << 19 // and in any case a few
)

// member describes an array of an archive. What is not compressed is read from the file
// itself.
func member(file io.ReaderAt, size int64, f *zip.File) (weights.Tensor, error) {
	r, err := f.Open()
	if err != nil {
		return weights.Tensor{}, errors.WithStack(err)
	}
	defer r.Close()
	t, start, err := readHeader(r)
	if err != nil {
		return t, err
	}
	if f.Method == zip.Store {
		offset, err := f.DataOffset()
		if err != nil {
			return t, errors.WithStack(err)
		}
		n := int64(min(f.CompressedSize64, 1<<62))
		if n < start || offset > size || n > size-offset {
			return t, errors.Errorf("the archive says that it has %d bytes, which it has not", f.CompressedSize64)
		}
		t.Held, t.Open = n-start, weights.Section(file, offset+start, n-start)
		return t, nil
	}
	if _, err := t.Elements(); err != nil {
		return t, err
	}
	t.Held, t.Most = -1, mostExpanded*min(size, 1<<60)+fewExpanded
	t.Open = func() (io.Reader, error) {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		if _, _, err := readHeader(r); err != nil {
			r.Close()
			return nil, err
		}
		return r, nil
	}
	return t, nil
}
