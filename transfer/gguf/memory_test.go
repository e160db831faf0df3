package gguf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

// numbered is a header of so many parts, each with its number.
func numbered(tensors, pairs int, part func(i int) []byte) []byte {
	b := []byte("GGUF\x03\x00\x00\x00")
	b = binary.LittleEndian.AppendUint64(b, uint64(tensors))
	b = binary.LittleEndian.AppendUint64(b, uint64(pairs))
	for i := range tensors + pairs {
		b = append(b, part(i)...)
	}
	return append(b, make([]byte, 64)...)
}

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemory(t *testing.T) {
	budgettest.Lower(t)
	const refused = "takes much more memory"
	name := func(i int) string { return fmt.Sprintf("%06d", i) }
	// Each of the arrays has 32 arrays, and so on: the text of an element of a byte has six.
	var nested func(depth int) []byte
	nested = func(depth int) []byte {
		b := binary.LittleEndian.AppendUint32(nil, map[bool]uint32{false: arrayType, true: 7}[depth == maxNesting])
		b = binary.LittleEndian.AppendUint64(b, maxShown)
		if depth == maxNesting {
			return append(b, make([]byte, maxShown)...)
		}
		return append(b, slices.Repeat(nested(depth+1), maxShown)...)
	}
	array := nested(2)
	words := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(nil, stringType), budgettest.Small/8)
	words = append(words, make([]byte, budgettest.Small)...)
	for what, c := range map[string]struct {
		whole []byte
		want  string
	}{
		"tensors":  {numbered(budgettest.Small/38, 0, func(i int) []byte { return one(name(i), 0, 0, 0) }), refused},
		"pairs":    {numbered(0, budgettest.Small/19, func(i int) []byte { return pair(name(i), 7, 1) }), refused},
		"arrays":   {numbered(0, budgettest.Small/len(array), func(i int) []byte { return pair(name(i), arrayType, array...) }), refused},
		"elements": {numbered(0, 1, func(i int) []byte { return pair("words", arrayType, words...) }), ""},
		"text":     {numbered(0, 1, func(i int) []byte { return pair("text", stringType, text(strings.Repeat("x", budgettest.Small))...) }), ""},
	} {
		t.Run(what, func(t *testing.T) {
			var err error
			budgettest.Peak(t, len(c.whole), func() (f any) {
				f, err = parseBytes(c.whole)
				return f
			})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}

// Blocks are dequantised a few at a time, beside the values that are asked for.
func TestReadMemory(t *testing.T) {
	const rows = 1 << 14
	b := file(3, pair("a", 7, 1), one("x", 2, 0, blockSize, rows), make([]byte, rows*18))
	f, err := Parse(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	read := func() {
		if _, err := f.Read("x"); err != nil {
			t.Fatal(err)
		}
	}
	if beside := allocated(read) - 4*blockSize*rows; beside > 1<<18 {
		t.Errorf("a tensor of %d bytes of Q4_0 takes %d beside its values", rows*18, beside)
	}
}

// allocated is how many bytes f allocates the second time.
func allocated(f func()) int64 {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}
