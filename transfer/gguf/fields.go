package gguf

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// fields are the fields of a header, read one after the other. After the first that cannot be read, err is set, and all that follow are 0.
type fields struct {
	r            *bufio.Reader
	offset, left int64 // bytes that were read, and that are left in the file
	room         *budget.Budget
	err          error
	small        [8]byte
}

func newFields(file io.ReaderAt, size int64) *fields {
	return &fields{r: bufio.NewReader(io.NewSectionReader(file, 0, size)), left: size, room: budget.Of(size)}
}

// take returns the next n bytes, of which there are at most 8. They are good until the next call.
func (f *fields) take(n int) []byte {
	b := f.small[:n]
	if f.err == nil && !f.fill(b) {
		f.err = errors.Errorf("the file ends at byte %d, in its header", f.offset+f.left)
	}
	if f.err != nil {
		clear(b)
	}
	return b
}

func (f *fields) fill(b []byte) bool {
	n, err := io.ReadFull(f.r, b)
	f.offset, f.left = f.offset+int64(n), f.left-int64(n)
	return err == nil
}

func (f *fields) u32() uint32 { return binary.LittleEndian.Uint32(f.take(4)) }
func (f *fields) u64() uint64 { return binary.LittleEndian.Uint64(f.take(8)) }

// takes counts memory.
func (f *fields) takes(bytes int) {
	if err := f.room.Take(int64(bytes)); err != nil && f.err == nil {
		f.err = err
	}
}

// text reads a string, which has its length before it.
func (f *fields) text() string {
	n := f.u64()
	if f.err == nil && n > uint64(f.left) {
		f.err = errors.Errorf("a text of %d bytes at byte %d, where %d are left", n, f.offset, f.left)
	}
	if f.err != nil {
		return ""
	}
	b := make([]byte, n)
	if !f.fill(b) {
		f.err = errors.Errorf("the file ends at byte %d, in a text", f.offset)
		return ""
	}
	return string(b)
}

// The types of metadata.
const (
	stringType = 8
	arrayType  = 9
)

// numbers are the types that have a fixed size, with that and the text of a value.
var numbers = map[uint32]struct {
	size int
	text func(b []byte) string
}{
	0: {1, func(b []byte) string { return strconv.Itoa(int(b[0])) }},
	1: {1, func(b []byte) string { return strconv.Itoa(int(int8(b[0]))) }},
	2: {2, func(b []byte) string { return strconv.Itoa(int(binary.LittleEndian.Uint16(b))) }},
	3: {2, func(b []byte) string { return strconv.Itoa(int(int16(binary.LittleEndian.Uint16(b)))) }},
	4: {4, func(b []byte) string { return strconv.FormatUint(uint64(binary.LittleEndian.Uint32(b)), 10) }},
	5: {4, func(b []byte) string { return strconv.Itoa(int(int32(binary.LittleEndian.Uint32(b)))) }},
	6: {4, func(b []byte) string {
		return strconv.FormatFloat(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 'g', -1, 32)
	}},
	7:  {1, func(b []byte) string { return strconv.FormatBool(b[0] != 0) }},
	10: {8, func(b []byte) string { return strconv.FormatUint(binary.LittleEndian.Uint64(b), 10) }},
	11: {8, func(b []byte) string { return strconv.FormatInt(int64(binary.LittleEndian.Uint64(b)), 10) }},
	12: {8, func(b []byte) string {
		return strconv.FormatFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)), 'g', -1, 64)
	}},
}

const (
	maxNesting = 4  // of arrays in arrays
	maxShown   = 32 // elements of an array that are in its text
)

// value reads a value of metadata as text.
func (f *fields) value(kind uint32, depth int) string {
	n, isNumber := numbers[kind]
	switch {
	case f.err != nil:
		return ""
	case isNumber:
		return n.text(f.take(n.size))
	case kind == stringType:
		return f.text()
	case kind == arrayType && depth < maxNesting:
		return f.array(depth)
	case kind == arrayType:
		f.err = errors.Errorf("arrays lie in arrays, more than %d deep", maxNesting)
	default:
		f.err = errors.Errorf("a value has the type %d; want 0 to 12", kind)
	}
	return ""
}

// array reads an array: "[1 2 3]", or "[1 2 3 ... 1000 elements]" where it is long, which is what the words of a vocabulary are.
func (f *fields) array(depth int) string {
	kind, n := f.u32(), f.u64()
	if f.err == nil && n > uint64(f.left) { // an element takes a byte at least
		f.err = errors.Errorf("an array of %d elements at byte %d, where %d bytes are left", n, f.offset, f.left)
	}
	var shown []string
	for i := uint64(0); i < n && f.err == nil; i++ {
		if text := f.value(kind, depth+1); i < maxShown {
			shown = append(shown, text)
		}
	}
	if n > maxShown {
		shown = append(shown, "... "+strconv.FormatUint(n, 10)+" elements")
	}
	return "[" + strings.Join(shown, " ") + "]"
}
