package npz

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/wholefile"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Write writes arrays, in their order, to a .npz file, not compressed, as numpy.savez does. It replaces a file that
// is there, and only once all is written. Two equal names are an error.
func Write(path string, arrays []weights.Named) error {
	seen := map[string]bool{}
	for _, a := range arrays {
		switch {
		case seen[a.Name]:
			return errors.Errorf("%s: %s: two arrays are called %q", format, path, a.Name)
		case a.Name == "" || strings.ContainsRune(a.Name, 0):
			return errors.Errorf("%s: %s: %q is no name for an array", format, path, a.Name)
		}
		seen[a.Name] = true
	}
	err := wholefile.Write(path, func(w io.Writer) error {
		b := bufio.NewWriterSize(w, 1<<16)
		z := zip.NewWriter(b)
		for _, a := range arrays {
			f, err := z.CreateHeader(&zip.FileHeader{Name: a.Name + ".npy", Method: zip.Store})
			if err != nil {
				return errors.Wrapf(err, "array %q", a.Name)
			}
			if err := WriteArray(f, a.Value); err != nil {
				return errors.Wrapf(err, "array %q", a.Name)
			}
		}
		if err := z.Close(); err != nil {
			return errors.WithStack(err)
		}
		return b.Flush()
	})
	return errors.Wrapf(err, "%s: %s", format, path)
}

// WriteArray writes an array as a .npy file.
func WriteArray(w io.Writer, x *tensor.Dense) error {
	if x == nil {
		return errors.New("the array is nil")
	}
	descr, ok := map[tensor.Dtype]string{
		tensor.Float32: "<f4", tensor.Float64: "<f8", tensor.Int: "<i8", tensor.Int32: "<i4", tensor.Int64: "<i8", tensor.Uint8: "|u1", tensor.Bool: "|b1",
	}[x.Dtype()]
	if !ok {
		return errors.Errorf("an array of dtype %v; want float32, float64, int, int32, int64, uint8 or bool", x.Dtype())
	}
	sizes := ""
	for _, d := range x.Shape() {
		sizes += fmt.Sprintf("%d,", d)
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, sizes)
	text += strings.Repeat(" ", 63-(10+len(text))%64) + "\n" // the elements are aligned
	head := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(text)))
	if _, err := w.Write(append(head, text...)); err != nil {
		return errors.WithStack(err)
	}
	return weights.WriteElements(w, x)
}
