package keras

import (
	"archive/zip"
	"encoding/json"
	"io"

	"github.com/pkg/errors"
)

// openArchive finds the HDF5 file in a .keras archive, and adds what the archive says to the metadata.
func openArchive(file io.ReaderAt, size int64, metadata map[string]string) (io.ReaderAt, int64, error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, 0, errors.WithStack(err)
	}
	var model *zip.File
	seen := map[string]bool{}
	for _, f := range z.File {
		if seen[f.Name] {
			return nil, 0, errors.Errorf("the archive has two members %q", f.Name)
		}
		seen[f.Name] = true
		switch f.Name {
		case "model.weights.h5":
			model = f
		case "config.json":
			text, err := readText(f, size)
			if err != nil {
				return nil, 0, err
			}
			metadata["model_config"] = string(text)
		case "metadata.json":
			text, err := readText(f, size)
			if err != nil {
				return nil, 0, err
			}
			var fields map[string]any
			if err := json.Unmarshal(text, &fields); err != nil {
				return nil, 0, errors.Wrap(err, f.Name)
			}
			for key, value := range fields {
				if s, ok := value.(string); ok {
					metadata[key] = s
				}
			}
		}
	}
	if model == nil {
		return nil, 0, errors.New("the archive has no model.weights.h5; want a .keras file")
	}
	if model.Method != zip.Store {
		return nil, 0, errors.New("model.weights.h5 is compressed, which Keras does not do: unpack it and open it alone")
	}
	offset, err := model.DataOffset()
	if err != nil {
		return nil, 0, errors.WithStack(err)
	}
	n := int64(min(model.UncompressedSize64, 1<<62))
	if offset > size || n > size-offset {
		return nil, 0, errors.Errorf("model.weights.h5 should have %d bytes, which the archive has not", model.UncompressedSize64)
	}
	return io.NewSectionReader(file, offset, n), n, nil
}

// readText reads a text of an archive of so many bytes. Keras does not compress it; where others did, it may have four times as many.
func readText(f *zip.File, size int64) ([]byte, error) {
	limit := 4 * size
	r, err := f.Open()
	if err != nil {
		return nil, errors.Wrap(err, f.Name)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, errors.Wrap(err, f.Name)
	}
	if int64(len(text)) > limit {
		return nil, errors.Errorf("%s has more than %d bytes", f.Name, limit)
	}
	return text, nil
}
