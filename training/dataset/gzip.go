package dataset

import (
	"bufio"
	"compress/gzip"
	"io"

	"github.com/pkg/errors"
)

// gunzip reads r as it is, or unpacked where its first two bytes are those of a
// gzip file (RFC 1952). The name of a file does not matter.
func gunzip(r io.Reader) (io.Reader, error) {
	if r == nil {
		return nil, errors.New("wanted a reader, came nil")
	}
	b := bufio.NewReaderSize(r, 1<<16)
	head, err := b.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(head) < 2 || head[0] != 0x1f || head[1] != 0x8b {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, errors.WithMessage(err, "gzip header")
	}
	return z, nil
}
