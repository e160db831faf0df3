package weights

import (
	"io"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// File is an opened file of named tensors. It reads nothing but what is asked for, and may be
// used by several goroutines at a time.
type File struct {
	format   string
	tensors  []Tensor
	index    map[string]int
	metadata map[string]string
	closer   io.Closer
}

// New makes a File for a format's package. format is the format's name, closer what Close
// closes, or nil. It fails where two tensors have one name, and where a description
// contradicts itself or the bytes that the file holds.
func New(format string, tensors []Tensor, metadata map[string]string, closer io.Closer) (*File, error) {
	return newFile(format, slices.Clone(tensors), metadata, closer)
}

// newFile is New that keeps the list.
func newFile(format string, tensors []Tensor, metadata map[string]string, closer io.Closer) (*File, error) {
	f := &File{format, tensors, make(map[string]int, len(tensors)), metadata, closer}
	for i, t := range f.tensors {
		if err := t.check(); err != nil {
			return nil, err
		}
		if _, twice := f.index[t.Name]; twice {
			return nil, errors.Errorf("two tensors are called %q", t.Name)
		}
		f.index[t.Name] = i
	}
	return f, nil
}

// Format returns the name of the file's format, such as "safetensors".
func (f *File) Format() string { return f.format }

// Tensors returns what the file says of its tensors, in its order.
func (f *File) Tensors() []Tensor { return slices.Clone(f.tensors) }

// Names returns the names of the tensors, in the file's order.
func (f *File) Names() []string {
	names := make([]string, len(f.tensors))
	for i, t := range f.tensors {
		names[i] = t.Name
	}
	return names
}

// Metadata returns what else the file says in words: who wrote it, which version.
func (f *File) Metadata() map[string]string {
	out := make(map[string]string, len(f.metadata))
	for k, v := range f.metadata {
		out[k] = v
	}
	return out
}

// Lookup returns what the file says of the tensor of that name.
func (f *File) Lookup(name string) (Tensor, bool) {
	i, ok := f.index[name]
	if !ok {
		return Tensor{}, false
	}
	return f.tensors[i], true
}

// Read reads a tensor, row-major, in the dtype that Tensor.Dtype gives. The value belongs to the caller.
func (f *File) Read(name string) (*tensor.Dense, error) {
	t, ok := f.Lookup(name)
	if !ok {
		return nil, errors.Errorf("%s file: no tensor %q; it has %d, which Names lists", f.format, name, len(f.tensors))
	}
	v, err := t.Read()
	return v, errors.Wrapf(err, "%s file", f.format)
}

// Close closes the file; tensors cannot be read any more.
func (f *File) Close() error {
	if f == nil || f.closer == nil {
		return nil
	}
	return errors.Wrapf(f.closer.Close(), "%s file", f.format)
}
