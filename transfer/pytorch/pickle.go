package pytorch

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// machine runs one pickle after the other from a reader. The format is that of Python's
// pickletools, protocols 0 to 5.
type machine struct {
	r      *bufio.Reader
	offset int64
	limit  int64          // bytes of the file, which no string is longer than
	room   *budget.Budget // of what values take: an instruction of one byte makes a list, or copies a dict
	err    error          // the first of taking memory
	stack  []value
	memo   map[int64]value
	// persistent makes a value of a persistent id, which is how storages are named.
	persistent func(id value) (value, error)
}

// newMachine runs pickles of a file of limit bytes, whose values are counted in room. Of a state dict of nothing but scalars, each of which some hundred
// bytes describe, they take twelve times as many; where there are elements it is far less.
func newMachine(r io.Reader, limit int64, room *budget.Budget, persistent func(id value) (value, error)) *machine {
	return &machine{r: bufio.NewReader(r), limit: limit, room: room, persistent: persistent}
}

// take counts memory. Where there is too much, err says so.
func (m *machine) take(bytes int64) {
	if err := m.room.Take(bytes); err != nil && m.err == nil {
		m.err = err
	}
}

// run runs one pickle and returns what it makes.
func (m *machine) run() (v value, err error) {
	m.stack, m.memo = m.stack[:0], map[int64]value{}
	for {
		at := m.offset
		code, err := m.byte()
		if err != nil {
			return nil, errors.Wrapf(err, "byte %d of the pickle", at)
		}
		if code == '.' {
			v, err := m.pop()
			return v, errors.Wrapf(err, "byte %d of the pickle", at)
		}
		err = m.step(code)
		if err == nil {
			err = m.err
		}
		if err != nil {
			return nil, errors.Wrapf(err, "byte %d of the pickle", at)
		}
	}
}

// step runs an instruction.
func (m *machine) step(code byte) error {
	switch code {
	case 0x80: // PROTO
		v, err := m.byte()
		if err == nil && v > 5 {
			err = errors.Errorf("protocol %d; want 5 at most", v)
		}
		return err
	case 0x95: // FRAME
		_, err := m.bytes(8)
		return err
	case '(':
		m.push(mark{})
	case '0': // POP
		_, err := m.pop()
		return err
	case '1': // POP_MARK
		_, err := m.popMark()
		return err
	case '2': // DUP
		v, err := m.pop()
		m.push(v)
		m.push(v)
		return err
	case 'N':
		m.push(nil)
	case 0x88, 0x89:
		m.push(code == 0x88)
	case ']', 0x8f, ')': // EMPTY_LIST, EMPTY_SET, EMPTY_TUPLE
		m.pushList(nil)
	case '}':
		m.pushDict()
	case 0x85, 0x86, 0x87: // TUPLE1 to TUPLE3
		return m.tuple(int(code - 0x84))
	case 't', 'l', 0x91: // TUPLE, LIST, FROZENSET
		items, err := m.popMark()
		m.pushList(items)
		return err
	case 'd': // DICT
		items, err := m.popMark()
		if err != nil {
			return err
		}
		m.pushDict()
		return m.setItems(items)
	case 'a': // APPEND
		v, err := m.pop()
		if err != nil {
			return err
		}
		return m.extend([]value{v})
	case 'e', 0x90: // APPENDS, ADDITEMS
		items, err := m.popMark()
		if err != nil {
			return err
		}
		return m.extend(items)
	case 's': // SETITEM
		v, err := m.pop()
		if err != nil {
			return err
		}
		k, err := m.pop()
		if err != nil {
			return err
		}
		return m.setItems([]value{k, v})
	case 'u': // SETITEMS
		items, err := m.popMark()
		if err != nil {
			return err
		}
		return m.setItems(items)
	case 'q', 'r', 'p', 0x94: // BINPUT, LONG_BINPUT, PUT, MEMOIZE
		return m.put(code)
	case 'h', 'j', 'g': // BINGET, LONG_BINGET, GET
		return m.get(code)
	case 'c', 0x93: // GLOBAL, STACK_GLOBAL
		return m.global(code)
	case 'R', 0x81: // REDUCE, NEWOBJ
		return m.call()
	case 'b': // BUILD
		return m.build()
	case 'P', 'Q': // PERSID, BINPERSID
		return m.persistentID(code)
	default:
		v, err := m.constant(code)
		m.take(pointerBytes)
		m.push(v)
		return err
	}
	return nil
}

// constant reads a number or a text.
func (m *machine) constant(code byte) (value, error) {
	switch code {
	case 'K': // BININT1
		b, err := m.byte()
		return int64(b), err
	case 'M': // BININT2
		b, err := m.bytes(2)
		return int64(little(b)), err
	case 'J': // BININT
		b, err := m.bytes(4)
		return int64(int32(little(b))), err
	case 0x8a: // LONG1
		n, err := m.byte()
		if err != nil {
			return nil, err
		}
		return m.long(int64(n))
	case 0x8b: // LONG4
		b, err := m.bytes(4)
		if err != nil {
			return nil, err
		}
		return m.long(int64(int32(little(b))))
	case 'I', 'L': // INT, LONG
		line, err := m.line()
		switch {
		case err != nil:
			return nil, err
		case code == 'I' && (line == "00" || line == "01"):
			return line == "01", nil
		}
		v, err := strconv.ParseInt(strings.TrimSuffix(line, "L"), 10, 64)
		return v, errors.Wrap(err, "an integer")
	case 'F': // FLOAT
		line, err := m.line()
		if err != nil {
			return nil, err
		}
		v, err := strconv.ParseFloat(line, 64)
		return v, errors.Wrap(err, "a float")
	case 'G': // BINFLOAT
		b, err := m.bytes(8)
		if err != nil {
			return nil, err
		}
		return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
	case 'V': // UNICODE
		return m.line()
	case 'S': // STRING
		line, err := m.line()
		return strings.Trim(line, `'"`), err
	case 'U', 0x8c: // SHORT_BINSTRING, SHORT_BINUNICODE
		return m.text(1)
	case 'T', 'X': // BINSTRING, BINUNICODE
		return m.text(4)
	case 0x8d: // BINUNICODE8
		return m.text(8)
	case 'C': // SHORT_BINBYTES
		return m.raw(1)
	case 'B': // BINBYTES
		return m.raw(4)
	case 0x8e, 0x96: // BINBYTES8, BYTEARRAY8
		return m.raw(8)
	}
	return nil, errors.Errorf("the instruction %#x is not supported: the file is damaged, or holds more than tensors and containers", code)
}

// long reads an integer of n bytes. One that no int64 holds is a *big.Int, which only the file's magic number is.
func (m *machine) long(n int64) (value, error) {
	if n < 0 || n > 256 {
		return nil, errors.Errorf("an integer of %d bytes", n)
	}
	b, err := m.bytes(n)
	if err != nil {
		return nil, err
	}
	big_ := new(big.Int)
	reversed := make([]byte, n)
	for i, v := range b {
		reversed[n-1-int64(i)] = v
	}
	big_.SetBytes(reversed)
	if n > 0 && b[n-1]&0x80 != 0 {
		big_.Sub(big_, new(big.Int).Lsh(big.NewInt(1), uint(8*n)))
	}
	if big_.IsInt64() {
		return big_.Int64(), nil
	}
	return big_, nil
}

func (m *machine) text(size int64) (value, error) {
	b, err := m.counted(size)
	return string(b), err
}

func (m *machine) raw(size int64) (value, error) { return m.counted(size) }

// counted reads a run of bytes that begins with its length, a number of so many bytes.
func (m *machine) counted(size int64) ([]byte, error) {
	b, err := m.bytes(size)
	if err != nil {
		return nil, err
	}
	n := little(b)
	if n > uint64(m.limit) {
		return nil, errors.Errorf("a text of %d bytes in a file of %d", n, m.limit)
	}
	return m.bytes(int64(n))
}

func (m *machine) byte() (byte, error) {
	b, err := m.r.ReadByte()
	if err != nil {
		return 0, errors.New("the pickle is cut off")
	}
	m.offset++
	return b, nil
}

func (m *machine) bytes(n int64) ([]byte, error) {
	if m.take(2 * n); m.err != nil { // as bytes, and as a text
		return nil, m.err
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(m.r, b); err != nil {
		return nil, errors.New("the pickle is cut off")
	}
	m.offset += n
	return b, nil
}

// maxLine is longer than any number or name.
const maxLine = 1 << 16

// line reads up to the end of a line.
func (m *machine) line() (string, error) {
	var b strings.Builder
	for {
		c, err := m.byte()
		if err != nil {
			return "", err
		}
		if c == '\n' {
			m.take(2 * int64(b.Len())) // it has grown by doubling
			return b.String(), nil
		}
		if b.Len() == maxLine {
			return "", errors.New("a line of more than 65536 bytes")
		}
		b.WriteByte(c)
	}
}

// little reads an unsigned little-endian number.
func little(b []byte) uint64 {
	v := uint64(0)
	for i, x := range b {
		v |= uint64(x) << (8 * i)
	}
	return v
}
