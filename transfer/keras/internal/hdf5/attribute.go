package hdf5

import (
	"bytes"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// attribute adds an attribute to those of a group, if it is text.
func (f *file) attribute(b *fields, to map[string][]string) error {
	version, flags := b.u8(), b.u8()
	if version < 1 || version > 3 || version > 1 && flags&3 != 0 {
		return errors.Errorf("an attribute has version %d and flags %d; want 1 to 3, and a type of its own", version, flags)
	}
	sizes := [3]int{int(b.u16()), int(b.u16()), int(b.u16())}
	if version == 3 { // the character set
		b.skip(1)
	}
	var parts [3][]byte
	for i, n := range sizes {
		if version == 1 {
			n = (n + 7) &^ 7
		}
		parts[i] = b.take(n)
	}
	if b.short {
		return errors.New("an attribute is cut off")
	}
	name := string(bytes.TrimRight(parts[0], "\x00"))
	d, err := parseDatatype(&fields{b: parts[1]})
	if err != nil {
		return errors.Wrapf(err, "attribute %q", name)
	}
	if d.dtype != weights.String || d.size == 0 {
		return nil
	}
	shape, err := f.dataspace(&fields{b: parts[2]})
	if err != nil {
		return errors.Wrapf(err, "attribute %q", name)
	}
	n := 1
	if len(shape) == 1 {
		n = shape[0]
	} else if len(shape) > 1 {
		return nil
	}
	if n > len(b.b)/d.size {
		return errors.Errorf("attribute %q should have %d texts of %d bytes, but has %d bytes", name, n, d.size, len(b.b))
	}
	if err := f.room.Take(int64(attributeBytes + len(name) + n*textBytes)); err != nil {
		return errors.Wrapf(err, "attribute %q", name)
	}
	texts := make([]string, n)
	for i := range texts {
		element := b.take(d.size)
		if d.variable {
			element, err = f.global(&fields{b: element})
		} else {
			err = f.room.Take(int64(d.size))
		}
		if err != nil {
			return errors.Wrapf(err, "attribute %q", name)
		}
		element, _, _ = bytes.Cut(element, []byte{0})
		texts[i] = string(element)
	}
	to[name] = texts
	return nil
}

// global returns a text that the global heap holds.
func (f *file) global(id *fields) ([]byte, error) {
	length, address, index := id.u32(), id.u64(), id.u32()
	if length == 0 {
		return nil, nil
	}
	c, known := f.heap[address]
	if !known {
		var err error
		if c, err = f.collection(address); err != nil {
			return nil, err
		}
		f.heap[address] = c
	}
	object, ok := c[index]
	if !ok || uint64(length) > uint64(len(object)) {
		return nil, errors.Errorf("the global heap at byte %d has no object %d of %d bytes", address, index, length)
	}
	return object[:length], f.charge(uint64(length)) // many may share a long one
}

// collection reads a part of the global heap: objects by their index.
func (f *file) collection(address uint64) (map[uint32][]byte, error) {
	b, err := f.signed("GCOL", address, 16)
	if err != nil {
		return nil, err
	}
	b.skip(4)
	size := b.u64()
	if err := f.room.Take(heapBytes); err != nil {
		return nil, err
	}
	if b, err = f.at(address, size); err != nil {
		return nil, errors.Wrap(err, "global heap")
	}
	b.skip(16)
	all := map[uint32][]byte{}
	for len(b.b) >= 16 {
		index := uint32(b.u16())
		b.skip(6)
		n := b.u64()
		if index == 0 { // free space, which is the last
			break
		}
		if n > uint64(len(b.b)) {
			return nil, errors.Errorf("the global heap at byte %d has an object of %d bytes, of which %d are there", address, n, len(b.b))
		}
		if err := f.room.Take(heapBytes); err != nil {
			return nil, err
		}
		all[index] = b.take(int(n))
		b.skip(min(len(b.b), int(-n&7)))
	}
	return all, nil
}
