//go:build unix

package mapped

import (
	"os"

	"github.com/pkg/errors"
	"golang.org/x/sys/unix"
)

// content is Content of a file of at least one byte.
func content(f *os.File, size int) (data []byte, release func() error, err error) {
	data, err = unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, nil, errors.Wrap(err, "map the file into memory")
	}
	return data, func() error { return errors.WithStack(unix.Munmap(data)) }, nil
}
