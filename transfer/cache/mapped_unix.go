//go:build unix

package cache

import (
	"os"

	"github.com/pkg/errors"
	"golang.org/x/sys/unix"
)

// mapped is the content of a file of so many bytes as memory, which is read from the disk as it is needed, and what gives that back.
func mapped(f *os.File, size int) (data []byte, release func() error, err error) {
	data, err = unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, nil, errors.Wrap(err, "map the file into memory")
	}
	return data, func() error { return errors.WithStack(unix.Munmap(data)) }, nil
}
