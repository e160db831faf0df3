package hdf5

import "github.com/pkg/errors"

// The types of the header messages that are understood. Others do not change what they say.
const (
	dataspaceMessage     = 0x01
	linkInfoMessage      = 0x02
	datatypeMessage      = 0x03
	linkMessage          = 0x06
	externalMessage      = 0x07
	layoutMessage        = 0x08
	filterMessage        = 0x0b
	attributeMessage     = 0x0c
	continuationMessage  = 0x10
	symbolTableMessage   = 0x11
	attributeInfoMessage = 0x15
)

// message is a message of an object's header.
type message struct {
	kind uint16
	data *fields
}

// header reads the messages of an object's header.
func (f *file) header(address uint64) ([]message, error) {
	start, err := f.at(address, min(16, uint64(f.size)-min(address, uint64(f.size))))
	if err != nil {
		return nil, err
	}
	if string(start.b[:min(4, len(start.b))]) == "OHDR" {
		return f.header2(address)
	}
	if version := start.u8(); version != 1 {
		return nil, errors.Errorf("the object header at byte %d has version %d; want 1 or 2", address, version)
	}
	start.skip(7)
	size := start.u32()
	b, err := f.at(address+16, uint64(size))
	if err != nil {
		return nil, errors.Wrap(err, "object header")
	}
	return f.messages(b, func(b *fields) (kind, size uint16, flags uint8) {
		kind, size, flags = b.u16(), b.u16(), b.u8()
		b.skip(3)
		return
	}, func(address, n uint64) (*fields, error) { return f.at(address, n) })
}

// header2 is header of version 2.
func (f *file) header2(address uint64) ([]message, error) {
	start, err := f.signed("OHDR", address, min(34, uint64(f.size)-address))
	if err != nil {
		return nil, err
	}
	version, flags := start.u8(), start.u8()
	if version != 2 {
		return nil, errors.Errorf("the object header at byte %d has version %d; want 2", address, version)
	}
	at := address + 6
	if flags&0x20 != 0 { // times
		start.skip(16)
		at += 16
	}
	if flags&0x10 != 0 { // when attributes go to a heap
		start.skip(4)
		at += 4
	}
	width := 1 << (flags & 3)
	size := start.uint(width)
	b, err := f.at(at+uint64(width), size)
	if err != nil {
		return nil, errors.Wrap(err, "object header")
	}
	return f.messages(b, func(b *fields) (kind, size uint16, f uint8) {
		kind, size, f = uint16(b.u8()), b.u16(), b.u8()
		if flags&4 != 0 { // the order of creation
			b.skip(2)
		}
		return
	}, func(address, n uint64) (*fields, error) {
		b, err := f.signed("OCHK", address, n)
		if err == nil {
			b.b = b.b[:max(0, len(b.b)-4)] // the checksum
		}
		return b, err
	})
}

// messages reads the messages in b, and in the blocks in which the header goes on. head reads what stands before
// a message, block such a block: the two versions differ in these.
func (f *file) messages(b *fields, head func(b *fields) (kind, size uint16, flags uint8), block func(address, n uint64) (*fields, error)) ([]message, error) {
	var all []message
	for queue := []*fields{b}; len(queue) > 0; queue = queue[1:] {
		b := queue[0]
		for len(b.b) >= 8 { // none of those above is shorter, and what is left over is a gap
			kind, size, flags := head(b)
			m := message{kind, &fields{b: b.take(int(size))}}
			if b.short {
				return nil, errors.Errorf("a message of %d bytes of an object header is longer than the header", size)
			}
			switch {
			case kind == continuationMessage:
				next, err := block(m.data.u64(), m.data.u64())
				if err != nil {
					return nil, errors.Wrap(err, "the rest of an object header")
				}
				queue = append(queue, next)
			case flags&2 != 0 && (kind == datatypeMessage || kind == dataspaceMessage):
				return nil, errors.New("an object has a type that is kept elsewhere, which is not supported")
			default:
				if err := f.room.Take(messageBytes); err != nil {
					return nil, err
				}
				all = append(all, m)
			}
		}
	}
	return all, nil
}
