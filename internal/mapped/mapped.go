// Package mapped gives the content of files as memory that the system fills page by page as it is looked at, and takes away again where it is short of
// memory: no copy lies on the heap.
//
// What is cut off of a file while it is mapped, or cannot be read from the disk, is a memory fault, which ends the process. Whoever looks at such memory
// defers Recover, which makes an error of it. Where files cannot be mapped (js, wasip1, plan9) Content reads all of the file.
package mapped

import (
	"math"
	"os"
	"runtime/debug"

	"github.com/pkg/errors"
)

// Content returns the first size bytes of a file, which must have so many, as memory that may be read only, and what gives that back. The memory must not be
// looked at after that; it stays when f is closed.
func Content(f *os.File, size int64) (data []byte, release func() error, err error) {
	switch {
	case size < 0 || size > math.MaxInt:
		return nil, nil, errors.Errorf("a file of %d bytes cannot be had as memory", size)
	case size == 0: // of which there is no mapping
		return nil, func() error { return nil }, nil
	}
	return content(f, int(size))
}

// Recover makes an error of a memory fault of the goroutine since faults were made panics:
//
//	defer mapped.Recover(debug.SetPanicOnFault(true), path, &err)
//
// The error begins with file. Other panics go on.
func Recover(before bool, file string, err *error) {
	debug.SetPanicOnFault(before)
	switch r := recover().(type) {
	case nil:
	case interface{ Addr() uintptr }:
		*err = errors.Errorf("%s cannot be read any more (another process has cut it off, or the disk fails): %v", file, r)
	default:
		panic(r)
	}
}
