package weights

import (
	"io"
	"os"

	"github.com/pkg/errors"
)

// Parser describes the tensors of a file of so many bytes. What it returns closes closer, which may be nil.
type Parser func(file io.ReaderAt, size int64, closer io.Closer) (*File, error)

// OpenPath opens the file at path for a format's package. Errors name the format and the path.
func OpenPath(format, path string, parse Parser) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, errors.Wrap(err, format)
	}
	w, err := parse(f, info.Size(), f)
	if err != nil {
		f.Close()
		return nil, errors.Wrapf(err, "%s: %s", format, path)
	}
	return w, nil
}
