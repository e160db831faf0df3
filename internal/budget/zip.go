package budget

import (
	"archive/zip"
	"io"

	"github.com/pkg/errors"
)

// zipTimes is how many bytes archive/zip takes for one of the list of members: it has 46 of a member and its name, a zip.File 300.
const zipTimes = 8

// Zip reads the list of members of an archive of so many bytes.
func (b *Budget) Zip(file io.ReaderAt, size int64) (*zip.Reader, error) {
	counted := &counted{ReaderAt: file, room: b}
	z, err := zip.NewReader(counted, size)
	if counted.err != nil {
		err = counted.err
	}
	counted.room = nil // members are read when they are asked for
	return z, errors.WithStack(err)
}

// counted takes memory for what is read.
type counted struct {
	io.ReaderAt
	room *Budget
	err  error
}

// ReadAt implements io.ReaderAt.
func (c *counted) ReadAt(p []byte, offset int64) (int, error) {
	if c.room != nil && c.err == nil {
		c.err = c.room.Take(zipTimes * int64(len(p)))
	}
	if c.err != nil {
		return 0, c.err
	}
	return c.ReaderAt.ReadAt(p, offset)
}
