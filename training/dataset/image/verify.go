package image

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/pkg/errors"
)

// BadFile is a picture that cannot be read.
type BadFile struct {
	Index int // in the source
	Path  string
	Err   error
}

// Verify reads every picture and lists those that fail, by index. It uses all processors; the error is that of a cancelled ctx.
func (s *FileSource) Verify(ctx context.Context) ([]BadFile, error) {
	failed := make([]error, s.Len())
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), s.Len()) {
		wait.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= s.Len() {
					return
				}
				failed[i] = s.try(i)
			}
		})
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, errors.WithMessagef(err, "image: Verify %v", s)
	}
	var bad []BadFile
	for i, err := range failed {
		if err != nil {
			bad = append(bad, BadFile{i, s.path(i), err})
		}
	}
	return bad, nil
}

// try reads picture i. Whatever goes wrong, a panic in a file system included, is that picture's error.
func (s *FileSource) try(i int) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Errorf("image: %s: reading failed with %v", s.path(i), p)
		}
	}()
	_, err = s.Image(i)
	return err
}
