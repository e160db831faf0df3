package tffile

import (
	"encoding/binary"
	"math"

	"github.com/pkg/errors"
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

// decodeStrings is the inverse for n elements. It checks the lengths' checksum and that b has nothing left over.
func decodeStrings(b []byte, n int64) ([]string, uint32, error) {
	if len(b) == 0 && n == 0 {
		return []string{}, 0, nil
	}
	if n > int64(len(b)) {
		return nil, 0, errors.Errorf("%d strings cannot be stored in %d bytes", n, len(b))
	}
	lengths := make([]uint64, n)
	crc := uint32(0)
	for i := range lengths {
		v, k := binary.Uvarint(b)
		if k <= 0 {
			return nil, 0, errors.Errorf("the length of string %d of %d is cut off", i, n)
		}
		lengths[i], b = v, b[k:]
		crc = checksumLength(crc, v)
	}
	if len(b) < 4 {
		return nil, 0, errors.New("the checksum of the string lengths is cut off")
	}
	if stored := unmask(binary.LittleEndian.Uint32(b)); stored != crc {
		return nil, 0, errors.Errorf("the string lengths are damaged: crc32c %08x, stored %08x", crc, stored)
	}
	crc = checksum(crc, b[:4])
	b = b[4:]
	out := make([]string, n)
	for i, length := range lengths {
		if length > uint64(len(b)) {
			return nil, 0, errors.Errorf("string %d of %d has %d bytes, %d are left", i, n, length, len(b))
		}
		crc = checksum(crc, b[:length])
		out[i], b = string(b[:length]), b[length:]
	}
	if len(b) > 0 {
		return nil, 0, errors.Errorf("%d bytes follow the last of %d strings", len(b), n)
	}
	return out, crc, nil
}

func checksumLength(crc uint32, length uint64) uint32 {
	if length <= math.MaxUint32 {
		return checksum(crc, binary.LittleEndian.AppendUint32(nil, uint32(length)))
	}
	return checksum(crc, binary.LittleEndian.AppendUint64(nil, length))
}
