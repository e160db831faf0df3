package keras

import (
	"archive/zip"
	"encoding/json"
	"io"
	"math"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// openArchive finds the HDF5 file in a .keras archive, and adds what the archive says to the metadata.
func openArchive(file io.ReaderAt, size int64, room *budget.Budget, metadata map[string]string) (io.ReaderAt, int64, error) {
	z, err := room.Zip(file, size)
	if err != nil {
		return nil, 0, err
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
			if metadata["model_config"], err = readText(f, size, room); err != nil {
				return nil, 0, err
			}
		case "metadata.json":
			if err := readMetadata(f, size, room, metadata); err != nil {
				return nil, 0, err
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

// readMetadata adds the texts of metadata.json, an object.
func readMetadata(f *zip.File, size int64, room *budget.Budget, metadata map[string]string) error {
	text, err := readText(f, size, room)
	if err != nil {
		return err
	}
	if err := room.Take(int64(len(text)) + budget.JSON([]byte(text), math.MaxInt)); err != nil {
		return errors.Wrap(err, f.Name)
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return errors.Wrap(err, f.Name)
	}
	for key, value := range fields {
		if s, ok := value.(string); ok {
			metadata[key] = s
		}
	}
	return nil
}

// readText reads a text of an archive of so many bytes. Keras does not compress it; where others did, it may have four times as many.
func readText(f *zip.File, size int64, room *budget.Budget) (string, error) {
	limit := uint64(4 * size)
	if f.UncompressedSize64 > limit {
		return "", errors.Errorf("%s has more than %d bytes", f.Name, limit)
	}
	n := int64(f.UncompressedSize64)
	if err := room.Take(n); err != nil {
		return "", errors.Wrap(err, f.Name)
	}
	r, err := f.Open()
	if err != nil {
		return "", errors.Wrap(err, f.Name)
	}
	defer r.Close()
	var text strings.Builder
	text.Grow(int(n))
	got, err := io.Copy(&text, io.LimitReader(r, n+1)) // one more reaches the checksum, or what should not be there
	if err == nil && got != n {
		err = errors.Errorf("it has %d bytes or more; want %d", got, n)
	}
	return text.String(), errors.Wrap(err, f.Name)
}
