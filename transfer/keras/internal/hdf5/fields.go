package hdf5

import "encoding/binary"

// fields are the bytes of a structure, taken one field after the other. Where they end too soon, short is set and fields are 0.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) take(n int) []byte {
	if n < 0 || n > len(f.b) {
		f.short, f.b = true, nil
		return nil
	}
	b := f.b[:n]
	f.b = f.b[n:]
	return b
}

func (f *fields) skip(n int) { f.take(n) }

func (f *fields) uint(n int) uint64 {
	var b [8]byte
	copy(b[:], f.take(n))
	return binary.LittleEndian.Uint64(b[:])
}

func (f *fields) u8() uint8   { return uint8(f.uint(1)) }
func (f *fields) u16() uint16 { return uint16(f.uint(2)) }
func (f *fields) u32() uint32 { return uint32(f.uint(4)) }
func (f *fields) u64() uint64 { return f.uint(8) }
