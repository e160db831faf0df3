package mapped

import (
	"os"
	"unsafe"

	"github.com/pkg/errors"
	"golang.org/x/sys/windows"
)

// content is Content of a file of at least one byte.
func content(f *os.File, size int) (data []byte, release func() error, err error) {
	m, err := windows.CreateFileMapping(windows.Handle(f.Fd()), nil, windows.PAGE_READONLY, 0, 0, nil)
	if err != nil {
		return nil, nil, errors.Wrap(err, "map the file into memory")
	}
	defer windows.CloseHandle(m) // the view keeps the mapping
	at, err := windows.MapViewOfFile(m, windows.FILE_MAP_READ, 0, 0, uintptr(size))
	if err != nil {
		return nil, nil, errors.Wrap(err, "map the file into memory")
	}
	// The address is no Go pointer, which vet cannot know of a uintptr.
	data = unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), size)
	return data, func() error { return errors.WithStack(windows.UnmapViewOfFile(at)) }, nil
}
