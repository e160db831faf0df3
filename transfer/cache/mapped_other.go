//go:build !unix && !windows

package cache

import (
	"io"
	"os"

	"github.com/pkg/errors"
)

// mapped is the content of a file, all of it read, where files cannot be mapped.
func mapped(f *os.File, size int) (data []byte, release func() error, err error) {
	data = make([]byte, size)
	_, err = io.ReadFull(io.NewSectionReader(f, 0, int64(size)), data)
	return data, func() error { return nil }, errors.WithStack(err)
}
