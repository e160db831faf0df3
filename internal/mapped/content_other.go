//go:build !unix && !windows

package mapped

import (
	"io"
	"os"

	"github.com/pkg/errors"
)

// content reads all of the file where files cannot be mapped.
func content(f *os.File, size int) (data []byte, release func() error, err error) {
	data = make([]byte, size)
	_, err = io.ReadFull(io.NewSectionReader(f, 0, int64(size)), data)
	return data, func() error { return nil }, errors.WithStack(err)
}
