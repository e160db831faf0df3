package tffile

import (
	"io"

	"github.com/plexaura/plexaura/internal/parallel"
)

// pieceBytes are read and summed at a time: they are still in the processor's cache when their checksum is taken.
const pieceBytes = 256 << 10

// readSummed fills b from an offset on and extends crc, the crc32c of earlier bytes, by what it reads. The pieces are read by all processors: to copy them and to touch new memory
// takes longer than the checksum, and what one processor alone does of both stays below 1 GB/s. After an error n bytes are there, which are in the sum.
func readSummed(r io.ReaderAt, b []byte, offset int64, crc uint32) (n int, sum uint32, err error) {
	if len(b) <= pieceBytes {
		n, err = r.ReadAt(b, offset)
		return n, checksum(crc, b[:n]), err
	}
	p := &pieces{r: r, b: b, offset: offset, read: make([]piece, parallel.Chunks(len(b), pieceBytes))}
	parallel.For(len(b), pieceBytes, p)
	whole := shift(pieceBytes)
	for _, r := range p.read {
		if r.n == pieceBytes {
			crc = product(whole, crc) ^ r.sum
		} else {
			crc = join(crc, r.sum, int64(r.n))
		}
		if n += r.n; r.err != nil {
			return n, crc, r.err
		}
	}
	return n, crc, nil
}

// pieces is the loop of readSummed.
type pieces struct {
	r      io.ReaderAt
	b      []byte
	offset int64
	read   []piece
}

// piece is what was read of one.
type piece struct {
	n   int
	sum uint32
	err error
}

// Do reads and sums a piece.
func (p *pieces) Do(lo, hi int) {
	b := p.b[lo:hi]
	n, err := p.r.ReadAt(b, p.offset+int64(lo))
	if n == len(b) {
		err = nil // a reader may say already that nothing follows
	}
	p.read[lo/pieceBytes] = piece{n, checksum(0, b[:n]), err}
}
