package tffile

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestChecksumVectors has the examples of RFC 3720, B.4.
func TestChecksumVectors(t *testing.T) {
	rising, falling := make([]byte, 32), make([]byte, 32)
	for i := range rising {
		rising[i], falling[31-i] = byte(i), byte(i)
	}
	for name, c := range map[string]struct {
		data []byte
		want uint32
	}{
		"zeros":   {make([]byte, 32), 0x8a9136aa},
		"ones":    {bytes.Repeat([]byte{0xff}, 32), 0x62a8ab43},
		"rising":  {rising, 0x46dd794e},
		"falling": {falling, 0x113fdb5c},
	} {
		if got := checksum(0, c.data); got != c.want || unmask(mask(got)) != got {
			t.Errorf("%s: %08x; want %08x", name, got, c.want)
		}
	}
}

func TestRecords(t *testing.T) {
	records := [][]byte{[]byte("one"), {}, bytes.Repeat([]byte("long"), 100_000)}
	var file []byte
	for _, r := range records {
		file = AppendRecord(file, r)
	}
	r := NewRecordReader(iotest.OneByteReader(bytes.NewReader(file)))
	for i, want := range records {
		if got, err := r.Next(); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("record %d: %d bytes, %v", i, len(got), err)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestDamagedRecords(t *testing.T) {
	file := AppendRecord(AppendRecord(nil, []byte("first")), []byte("second"))
	const second = 12 + 5 + 4
	for at := range file {
		damaged := bytes.Clone(file)
		damaged[at] ^= 0x10
		r := NewRecordReader(bytes.NewReader(damaged))
		_, err := r.Next()
		if at >= second && err == nil {
			_, err = r.Next()
		}
		if err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("byte %d is damaged: %v", at, err)
		}
	}
	for n := range file {
		r := NewRecordReader(bytes.NewReader(file[:n]))
		_, err := r.Next()
		if n >= second && err == nil {
			_, err = r.Next()
		}
		if want := n == 0 || n == second; want != (err == io.EOF) || !want && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut off after %d bytes: %v", n, err)
		}
	}
	if _, err := NewRecordReader(iotest.ErrReader(io.ErrClosedPipe)).Next(); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

// TestHostileLength has records of up to 2^64 bytes with the right checksum of the length. What is
// read of them must not take memory for what is not there.
func TestHostileLength(t *testing.T) {
	for _, length := range []uint64{1 << 29, 1<<30 + 1, 1 << 63, 1<<64 - 1} {
		r := NewRecordReader(bytes.NewReader(append(recordHeader(length), "abc"...)))
		_, err := r.Next()
		if tooLong := length > 1<<30; err == nil || tooLong != strings.Contains(err.Error(), "more than the") {
			t.Errorf("a length of %d: %v", length, err)
		}
		if r.buffer.Cap() > 1<<20 {
			t.Errorf("a length of %d takes %d bytes", length, r.buffer.Cap())
		}
	}
	r := NewRecordReader(bytes.NewReader(AppendRecord(nil, []byte("abc"))))
	r.Limit = 2
	if _, err := r.Next(); err == nil {
		t.Error("3 bytes were read with a limit of 2")
	}
}

func recordHeader(length uint64) []byte {
	b := make([]byte, 0, 12)
	for i := 0; i < 64; i += 8 {
		b = append(b, byte(length>>i))
	}
	crc := mask(checksum(0, b))
	return append(b, byte(crc), byte(crc>>8), byte(crc>>16), byte(crc>>24))
}

// FuzzRecords reads a file of the fuzzer's as it is, and its bytes as events and graphs, whose
// checksums hide them otherwise.
func FuzzRecords(f *testing.F) {
	f.Add(AppendRecord(AppendRecord(nil, []byte("first")), nil))
	f.Add(recordHeader(1 << 40))
	value := float32(2)
	f.Add(Event{WallTime: 1, Step: 2, Summary: []Summary{{Tag: "a", Scalar: &value}, {Tag: "b", Histogram: &Histogram{Num: 1, Limits: []float64{1}, Counts: []float64{1}}}}}.Encode())
	f.Add(goldenGraph.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		var again []byte
		for r := NewRecordReader(bytes.NewReader(b)); ; {
			record, err := r.Next()
			if err != nil {
				break
			}
			again = AppendRecord(again, record)
		}
		if !bytes.HasPrefix(b, again) {
			t.Fatalf("%x was read as %x", b, again)
		}
		if e, err := DecodeEvent(b); err == nil {
			if _, err := DecodeEvent(e.Encode()); err != nil {
				t.Fatalf("%+v: %v", e, err)
			}
		}
		if g, err := DecodeGraphDef(b); err == nil {
			if _, err := DecodeGraphDef(g.Encode()); err != nil {
				t.Fatalf("%+v: %v", g, err)
			}
		}
	})
}
