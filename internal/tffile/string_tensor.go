package tffile

import (
	"encoding/binary"
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// The values of a String tensor on disk (WriteStringTensor of tensor_bundle.cc):
//
//	varint length of each element | fixed32 masked crc32c of the lengths | bytes of each element
//
// The crc32c of the lengths covers them as fixed32 (fixed64 above 4 GiB), not as the varints; the entry's crc32c goes
// on over the stored length checksum and the bytes.

// encodeStrings returns the stored form and its crc32c.
func encodeStrings(values []string) ([]byte, uint32) {
	var out []byte
	crc := uint32(0)
	for _, s := range values {
		out = binary.AppendUvarint(out, uint64(len(s)))
		crc = checksumLength(crc, uint64(len(s)))
	}
	stored := binary.LittleEndian.AppendUint32(nil, mask(crc))
	crc = checksum(crc, stored)
	out = append(out, stored...)
	for _, s := range values {
		crc = checksum(crc, []byte(s))
		out = append(out, s...)
	}
	return out, crc
}

// decodeStrings is the inverse for n elements. It checks the lengths' checksum and that b has nothing left over. What it takes, and b, is counted in room.
func decodeStrings(b []byte, n int64, room *budget.Budget) ([]string, uint32, error) {
	if n > int64(len(b)) {
		return nil, 0, errors.Errorf("%d strings cannot be stored in %d bytes", n, len(b))
	}
	if err := room.Take(stringBytes*n + 2*int64(len(b))); err != nil {
		return nil, 0, err
	}
	out := make([]string, 0, n)
	crc, err := walkStrings(b, n, func(s []byte) { out = append(out, string(s)) })
	return out, crc, err
}

// walkStrings visits the n elements of the stored form and returns its crc32c, with the checks of decodeStrings.
func walkStrings(b []byte, n int64, visit func(s []byte)) (uint32, error) {
	if len(b) == 0 && n == 0 {
		return 0, nil
	}
	crc, rest := uint32(0), b
	for i := int64(0); i < n; i++ {
		v, k := binary.Uvarint(rest)
		if k <= 0 {
			return 0, errors.Errorf("the length of string %d of %d is cut off", i, n)
		}
		rest = rest[k:]
		crc = checksumLength(crc, v)
	}
	if len(rest) < 4 {
		return 0, errors.New("the checksum of the string lengths is cut off")
	}
	if stored := unmask(binary.LittleEndian.Uint32(rest)); stored != crc {
		return 0, errors.Errorf("the string lengths are damaged: crc32c %08x, stored %08x", crc, stored)
	}
	crc = checksum(crc, rest[:4])
	rest = rest[4:]
	for i := int64(0); i < n; i++ {
		length, k := binary.Uvarint(b)
		if length > uint64(len(rest)) {
			return 0, errors.Errorf("string %d of %d has %d bytes, %d are left", i, n, length, len(rest))
		}
		crc = checksum(crc, rest[:length])
		visit(rest[:length])
		b, rest = b[k:], rest[length:]
	}
	if len(rest) > 0 {
		return 0, errors.Errorf("%d bytes follow the last of %d strings", len(rest), n)
	}
	return crc, nil
}

func checksumLength(crc uint32, length uint64) uint32 {
	if length <= math.MaxUint32 {
		return checksum(crc, binary.LittleEndian.AppendUint32(nil, uint32(length)))
	}
	return checksum(crc, binary.LittleEndian.AppendUint64(nil, length))
}
