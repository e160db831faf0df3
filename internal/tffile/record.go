package tffile

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/pkg/errors"
)

// A TFRecord file is a sequence of records (tensorflow/core/lib/io/record_writer.h):
//
//	uint64 length | uint32 masked crc32c of the length | length bytes | uint32 masked crc32c of those
//
// all little-endian.
const recordHeaderSize = 12

// AppendRecord appends the frame of a record to b.
func AppendRecord(b, record []byte) []byte {
	header := binary.LittleEndian.AppendUint64(nil, uint64(len(record)))
	b = append(b, header...)
	b = binary.LittleEndian.AppendUint32(b, mask(checksum(0, header)))
	b = append(b, record...)
	return binary.LittleEndian.AppendUint32(b, mask(checksum(0, record)))
}

// RecordReader reads a TFRecord file.
type RecordReader struct {
	// Limit is the largest record that is accepted, in bytes; NewRecordReader sets it to 1 GiB.
	// Memory is taken as bytes arrive, so that a length alone takes none.
	Limit int64

	r      io.Reader
	offset int64
	buffer bytes.Buffer
}

// NewRecordReader returns a reader of the records of r.
func NewRecordReader(r io.Reader) *RecordReader { return &RecordReader{Limit: 1 << 30, r: r} }

// Next returns the next record, which is valid until the following call. It returns io.EOF at the
// end of the file, and an error for which errors.Is(err, io.ErrUnexpectedEOF) holds when the last
// record is cut off, as it is while another process is writing it.
func (r *RecordReader) Next() ([]byte, error) {
	var header [recordHeaderSize]byte
	switch n, err := io.ReadFull(r.r, header[:]); {
	case err == io.EOF:
		return nil, io.EOF
	case err != nil:
		return nil, errors.Wrapf(err, "the record at byte %d: %d bytes of its header", r.offset, n)
	}
	length := binary.LittleEndian.Uint64(header[:])
	if want, have := unmask(binary.LittleEndian.Uint32(header[8:])), checksum(0, header[:8]); want != have {
		return nil, errors.Errorf("the record at byte %d: its length is damaged, crc32c %08x, stored %08x", r.offset, have, want)
	}
	if r.Limit < 0 || length > uint64(r.Limit) {
		return nil, errors.Errorf("the record at byte %d has %d bytes, more than the %d that are accepted", r.offset, length, r.Limit)
	}
	r.buffer.Reset()
	size := int64(length) + 4
	switch n, err := io.CopyN(&r.buffer, r.r, size); {
	case err == io.EOF:
		return nil, errors.Wrapf(io.ErrUnexpectedEOF, "the record at byte %d: %d of %d bytes", r.offset, n, size)
	case err != nil:
		return nil, errors.Wrapf(err, "the record at byte %d", r.offset)
	}
	data := r.buffer.Bytes()
	record := data[:length]
	if want, have := unmask(binary.LittleEndian.Uint32(data[length:])), checksum(0, record); want != have {
		return nil, errors.Errorf("the record at byte %d is damaged: crc32c %08x, stored %08x", r.offset, have, want)
	}
	r.offset += recordHeaderSize + size
	return record, nil
}
