package tffile

import (
	"bytes"
	"io"
	"math/rand"
	"testing"
)

// A checksum of parts is that of the whole, wherever it is cut.
func TestJoin(t *testing.T) {
	b := make([]byte, 1000)
	rand.New(rand.NewSource(1)).Read(b)
	want := checksum(0, b)
	for cut := range b {
		if got := join(checksum(0, b[:cut]), checksum(0, b[cut:]), int64(len(b)-cut)); got != want {
			t.Fatalf("cut at %d: %08x; want %08x", cut, got, want)
		}
	}
	if got := checksum(0, []byte("123456789")); got != 0xe3069283 { // the check value of CRC-32/ISCSI
		t.Errorf("crc32c is %08x", got)
	}
}

// What is read in pieces is what lies there, with its checksum, also where the file ends too soon.
func TestReadSummed(t *testing.T) {
	whole := make([]byte, 5*pieceBytes+1000)
	rand.New(rand.NewSource(1)).Read(whole)
	before := checksum(0, []byte("before"))
	for _, c := range []struct{ size, offset int }{
		{0, 0}, {1, 7}, {pieceBytes, 0}, {pieceBytes + 1, 3}, {4 * pieceBytes, 500}, {5 * pieceBytes, 1000}, {5 * pieceBytes, 1001}, {5 * pieceBytes, 3 * pieceBytes}, {2 * pieceBytes, 5 * pieceBytes},
	} {
		b := make([]byte, c.size)
		n, sum, err := readSummed(bytes.NewReader(whole), b, int64(c.offset), before)
		want := whole[c.offset:min(len(whole), c.offset+c.size)]
		if n != len(want) || !bytes.Equal(b[:n], want) || sum != checksum(before, want) {
			t.Errorf("%d bytes at %d: read %d with the sum %08x; want %d with %08x", c.size, c.offset, n, sum, len(want), checksum(before, want))
		}
		if (n < c.size) != (err == io.EOF) {
			t.Errorf("%d bytes at %d: read %d, %v", c.size, c.offset, n, err)
		}
	}
}
