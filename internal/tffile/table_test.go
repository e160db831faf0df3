package tffile

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget"
)

// tableEntry is a key with its value.
type tableEntry struct {
	key   string
	value []byte
}

// readTable decodes a whole table.
func readTable(file []byte) (entries []tableEntry, err error) {
	room := budget.Of(int64(len(file)))
	t, err := openTable(bytes.NewReader(file), int64(len(file)), room)
	if err != nil {
		return nil, err
	}
	err = t.walk(room, func(key, value []byte) error {
		entries = append(entries, tableEntry{string(key), value})
		return nil
	})
	return entries, err
}

// tableOf builds a table of n entries with long shared prefixes; blockSize 0 is TensorFlow's.
func tableOf(t testing.TB, n, blockSize int) ([]byte, []tableEntry) {
	t.Helper()
	w := newTableWriter()
	if blockSize > 0 {
		w.blockSize = blockSize
	}
	var want []tableEntry
	for i := 0; i < n; i++ {
		e := tableEntry{fmt.Sprintf("dnn/hidden%05d/kernel", i), bytes.Repeat([]byte{byte(i)}, i%50)}
		if i == 0 {
			e.key = ""
		}
		if err := w.add(e.key, e.value); err != nil {
			t.Fatal(err)
		}
		want = append(want, e)
	}
	return w.finish(), want
}

func TestTableRoundTrip(t *testing.T) {
	for _, c := range []struct{ entries, blockSize int }{{0, 0}, {1, 0}, {15, 0}, {16, 0}, {17, 0}, {33, 0}, {500, 100}, {500, 1}, {2000, 4096}, {20000, 0}} {
		file, want := tableOf(t, c.entries, c.blockSize)
		got, err := readTable(file)
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		if len(got) != len(want) {
			t.Fatalf("%+v: read %d entries", c, len(got))
		}
		for i := range want {
			if got[i].key != want[i].key || !bytes.Equal(got[i].value, want[i].value) {
				t.Errorf("%+v: entry %d is %q", c, i, got[i].key)
			}
		}
	}
}

func TestTableKeysMustIncrease(t *testing.T) {
	w := newTableWriter()
	for _, key := range []string{"", "a", "b"} {
		if err := w.add(key, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"b", "a", ""} {
		if err := w.add(key, nil); err == nil {
			t.Errorf("key %q after \"b\" was taken", key)
		}
	}
}

func TestSeparators(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"the quick brown fox", "the who", "the r"}, {"a", "ab", "a"}, {"abc", "abd", "abc"}, {"abc\xff", "abd", "abc\xff"}, {"abcx", "abe", "abd"}, {"", "a", ""},
	} {
		if got := shortestSeparator(c.a, c.b); got != c.want || got < c.a || got >= c.b {
			t.Errorf("shortestSeparator(%q, %q) = %q, want %q", c.a, c.b, got, c.want)
		}
	}
	for _, c := range []struct{ a, want string }{{"outputs", "p"}, {"\xff\xffa", "\xff\xffb"}, {"\xff", "\xff"}, {"", ""}} {
		if got := shortSuccessor(c.a); got != c.want {
			t.Errorf("shortSuccessor(%q) = %q, want %q", c.a, got, c.want)
		}
	}
}

// Every single damaged byte of a table and every cut must be noticed.
func TestTableDamage(t *testing.T) {
	file, _ := tableOf(t, 40, 300)
	padding := len(file) - 8 // between the footer's handles and the magic nothing is stored
	for padding > 0 && file[padding-1] == 0 {
		padding--
	}
	for i := range file {
		if i >= padding && i < len(file)-8 {
			continue
		}
		damaged := bytes.Clone(file)
		damaged[i] ^= 0x11
		if _, err := readTable(damaged); err == nil {
			t.Errorf("byte %d of %d changed: no error", i, len(file))
		}
		if _, err := readTable(file[:i]); err == nil {
			t.Errorf("cut to %d of %d bytes: no error", i, len(file))
		}
	}
}

// tableOfBlock makes a table of one data block with the given contents and compression, named by the index repeat
// times.
func tableOfBlock(contents []byte, kind byte, repeat int) []byte {
	w := newTableWriter()
	w.file = append(w.file, contents...)
	w.file = append(w.file, kind)
	w.file = binary.LittleEndian.AppendUint32(w.file, mask(checksum(0, w.file)))
	for i := 0; i < repeat; i++ {
		w.index.add(fmt.Sprintf("%09d", i), blockHandle{0, uint64(len(contents))}.appendTo(nil))
	}
	return w.finish()
}

func TestHostileTables(t *testing.T) {
	entry := func(shared, unshared, size uint64, rest string) []byte {
		b := binary.AppendUvarint(nil, shared)
		b = binary.AppendUvarint(b, unshared)
		b = binary.AppendUvarint(b, size)
		return append(b, rest...)
	}
	end := "\x00\x00\x00\x00\x01\x00\x00\x00"
	long := entry(0, 60000, 0, strings.Repeat("k", 60000))
	for i := 0; i < 10000; i++ {
		long = append(long, entry(uint64(60000+i), 1, 0, "k")...)
	}
	literal := func(b []byte) []byte { // snappy without copies
		out := binary.AppendUvarint(nil, uint64(len(b)))
		for len(b) > 0 {
			n := min(60, len(b))
			out = append(append(out, byte(n-1)<<2), b[:n]...)
			b = b[n:]
		}
		return out
	}
	// a block of 2 KiB that is nothing but restart points, in 108 bytes, named very often by the index
	bomb, _ := hex.DecodeString("8010" + "0000" + strings.Repeat("fe0100", 31) + "ea0100" + "0cff010000")
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "too few"},
		{"not a table", bytes.Repeat([]byte("x"), 100), "not an index file"},
		{"huge lengths", tableOfBlock(append(entry(0, 1<<62, 1<<62, "a"), end...), blockPlain, 1), "does not fit"},
		{"wrapping lengths", tableOfBlock(append(entry(0, 1, ^uint64(0), "a"), end...), blockPlain, 1), "does not fit"},
		{"shared without a key before", tableOfBlock(append(entry(5, 1, 0, "a"), end...), blockPlain, 1), "does not fit"},
		{"cut varint", tableOfBlock(append([]byte{0x80}, "\x00\x00\x00\x00"...), blockPlain, 1), "cut off"},
		{"restarts", tableOfBlock([]byte("\xff\xff\xff\xff"), blockPlain, 1), "restart points"},
		{"tiny block", tableOfBlock([]byte("ab"), blockPlain, 1), "at least 4"},
		{"same block twice", tableOfBlock(append(entry(0, 1, 0, "a"), end...), blockPlain, 2), "out of order"},
		{"key expansion", tableOfBlock(append(long, end...), blockPlain, 1), "expands"},
		{"unknown compression", tableOfBlock([]byte(end), 4, 1), "compression type 4"},
		{"snappy damage", tableOfBlock([]byte("\xff\xff\xff\xff\x0f"), blockSnappy, 1), "snappy"},
		{"snappy repeated", tableOfBlock(bomb, blockSnappy, 60000), "expands"},
		{"good", tableOfBlock(append(entry(0, 1, 0, "a"), end...), blockPlain, 1), ""},
		{"good snappy", tableOfBlock(literal(append(entry(0, 1, 0, "a"), end...)), blockSnappy, 1), ""},
	} {
		_, err := readTable(c.file)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
	for _, h := range []blockHandle{{0, ^uint64(0)}, {^uint64(0), 10}, {1 << 40, 0}, {0, 1000}} {
		if _, err := (&table{file: bytes.NewReader(make([]byte, 100)), size: 100}).read(h, nil); err == nil || !strings.Contains(err.Error(), "does not fit") {
			t.Errorf("handle %v: %v", h, err)
		}
	}
}

// The encodings come from github.com/golang/snappy v0.0.3.
func TestSnappyDecode(t *testing.T) {
	for _, c := range []struct{ encoded, want string }{
		{"00", ""},
		{"010061", "a"},
		{"8804306c617965722f6b65726e656c20fe0d00fe0d00fe0d00fe0d00fe0d00fe0d00fe0d00ea0d00", strings.Repeat("layer/kernel ", 40)},
		{"bc05046162fe0200fe0200fe0200fe0200fe0200fe02003602000078fe0100fe0100fe0100fe0100aa0100", strings.Repeat("ab", 200) + strings.Repeat("x", 300)},
		{"0af40900" + hex.EncodeToString([]byte("0123456789")), "0123456789"}, // literal with a two-byte length
		{"0c0c61626364" + "0104" + "0f04000000", "abcdabcdabcd"},              // copies with one and four bytes of offset
	} {
		b, err := hex.DecodeString(c.encoded)
		if err != nil {
			t.Fatal(err)
		}
		got, err := snappyDecode(b, nil)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", c.encoded, got, err)
		}
		for i := range b { // cut off: never a panic, never the whole
			if got, err := snappyDecode(b[:i], nil); err == nil {
				t.Errorf("%s cut to %d bytes: %q without an error", c.encoded, i, got)
			}
		}
	}
	for _, bad := range []string{"", "80", "ffffffffffffffffff01", "ffffffff0f00", "0504616263", "04fe0100", "0400610500", "0400610101", "040061fe0000", "0200616161"} {
		b, _ := hex.DecodeString(bad)
		if got, err := snappyDecode(b, nil); err == nil {
			t.Errorf("%s: %q without an error", bad, got)
		}
	}
}
