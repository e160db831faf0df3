package tffile

import (
	"encoding/binary"

	"github.com/pkg/errors"
)

// blockEntries walks the entries of a decompressed table block:
//
//	entry:   varint shared | varint unshared | varint value length | unshared key bytes | value
//	block:   entry* | fixed32 restart offset * | fixed32 number of restarts
//
// shared is the length of the prefix that the key has in common with the key before it. value aliases block; key is
// valid until visit returns.
func blockEntries(block []byte, visit func(key, value []byte) error) error {
	if len(block) < 4 {
		return errors.Errorf("block of %d bytes, it must have at least 4", len(block))
	}
	restarts := int64(binary.LittleEndian.Uint32(block[len(block)-4:]))
	if end := int64(len(block)) - 4; restarts > end/4 {
		return errors.Errorf("block of %d bytes claims %d restart points", len(block), restarts)
	}
	rest := block[:int64(len(block))-4-4*restarts]
	var key []byte
	for len(rest) > 0 {
		var head [3]uint64 // shared, unshared, value length
		for i := range head {
			v, k := binary.Uvarint(rest)
			if k <= 0 {
				return errors.New("block entry is cut off in its lengths")
			}
			head[i], rest = v, rest[k:]
		}
		shared, unshared, size := head[0], head[1], head[2]
		left := uint64(len(rest))
		if shared > uint64(len(key)) || unshared > left || size > left-unshared {
			return errors.Errorf("block entry of %d shared, %d more key and %d value bytes does not fit: the key before has %d bytes, %d bytes are left",
				shared, unshared, size, len(key), left)
		}
		key = append(key[:shared], rest[:unshared]...)
		value := rest[unshared : unshared+size : unshared+size]
		rest = rest[unshared+size:]
		if err := visit(key, value); err != nil {
			return err
		}
	}
	return nil
}

// blockBuilder writes the block that blockEntries reads. Every interval-th entry stores its key whole (a restart
// point).
type blockBuilder struct {
	interval int
	buf      []byte
	restarts []uint32
	since    int // entries since the last restart point
	lastKey  string
}

func newBlockBuilder(interval int) *blockBuilder {
	return &blockBuilder{interval: interval, restarts: []uint32{0}}
}

func (b *blockBuilder) add(key string, value []byte) {
	shared := 0
	if b.since < b.interval {
		for shared < len(key) && shared < len(b.lastKey) && key[shared] == b.lastKey[shared] {
			shared++
		}
	} else {
		b.restarts = append(b.restarts, uint32(len(b.buf)))
		b.since = 0
	}
	b.buf = binary.AppendUvarint(b.buf, uint64(shared))
	b.buf = binary.AppendUvarint(b.buf, uint64(len(key)-shared))
	b.buf = binary.AppendUvarint(b.buf, uint64(len(value)))
	b.buf = append(b.buf, key[shared:]...)
	b.buf = append(b.buf, value...)
	b.lastKey = key
	b.since++
}

// size is the length that finish would give.
func (b *blockBuilder) size() int { return len(b.buf) + 4*len(b.restarts) + 4 }

func (b *blockBuilder) empty() bool { return len(b.buf) == 0 }

// finish returns the block and starts a new one.
func (b *blockBuilder) finish() []byte {
	out := b.buf
	for _, r := range b.restarts {
		out = binary.LittleEndian.AppendUint32(out, r)
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(b.restarts)))
	*b = *newBlockBuilder(b.interval)
	return out
}
