package keras

import (
	"encoding/binary"
	"fmt"
)

// h5 is a file of HDF5 with a superblock of version 2 and headers of version 1, which are the shortest. Its root lies behind what was added.
type h5 struct{ b []byte }

const h5Start = 48 // bytes of the superblock

// add adds a structure and returns its address.
func (f *h5) add(b []byte) uint64 {
	f.b = append(f.b, b...)
	return uint64(h5Start + len(f.b) - len(b))
}

// file is the file whose root has these messages.
func (f *h5) file(messages []byte) []byte {
	root := f.add(h5Header(messages))
	b := []byte("\x89HDF\r\n\x1a\n\x02\x08\x08\x00")
	for _, v := range []uint64{0, 1<<64 - 1, uint64(h5Start + len(f.b)), root} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return append(append(b, 0, 0, 0, 0), f.b...)
}

func h5Header(messages []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{1, 0, 0, 0, 0, 0, 0, 0}, uint32(len(messages)))
	return append(append(b, 0, 0, 0, 0), messages...)
}

func h5Message(kind uint16, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, kind)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(data)))
	return append(append(b, 0, 0, 0, 0), data...)
}

func h5Link(name string, address uint64) []byte {
	return h5Message(0x06, binary.LittleEndian.AppendUint64(append([]byte{1, 0, byte(len(name))}, name...), address)...)
}

// h5Attribute is an attribute of version 1 with so many texts of so many bytes each, or with one of variable length where n is 0.
func h5Attribute(name string, n, size int, data ...byte) []byte {
	class, axis := []byte{0x13, 0, 0, 0}, []byte{1, 1, 0, 0, 0, 0, 0, 0}
	if n == 0 {
		class, axis[1] = []byte{0x19, 1, 0, 0}, 0
	} else {
		axis = binary.LittleEndian.AppendUint64(axis, uint64(n))
	}
	for len(name)%8 != 0 {
		name += "\x00"
	}
	b := []byte{1, 0}
	for _, n := range []int{len(name), 8, len(axis)} {
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
	}
	b = append(append(b, name...), class...)
	b = append(binary.LittleEndian.AppendUint32(b, uint32(size)), axis...)
	return h5Message(0x0c, append(b, data...)...)
}

// h5Heap is a part of the global heap with these objects, from number 1 on.
func h5Heap(objects ...[]byte) []byte {
	var all []byte
	for i, o := range objects {
		all = binary.LittleEndian.AppendUint64(all, uint64(i+1)) // with 0 references
		all = append(binary.LittleEndian.AppendUint64(all, uint64(len(o))), o...)
		for len(all)%8 != 0 {
			all = append(all, 0)
		}
	}
	return append(binary.LittleEndian.AppendUint64([]byte("GCOL\x01\x00\x00\x00"), uint64(16+len(all))), all...)
}

// h5Text is the text of variable length that is an object of the global heap.
func h5Text(length int, heap uint64, object int) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(length))
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint64(b, heap), uint32(object))
}

// h5Dataset has the messages of a dataset of uint8, and others.
func h5Dataset(shape []int, others ...[]byte) []byte {
	space := []byte{2, byte(len(shape)), 0, 1}
	for _, d := range shape {
		space = binary.LittleEndian.AppendUint64(space, uint64(d))
	}
	b := append(h5Message(0x01, space...), h5Message(0x03, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0)...)
	for _, o := range others {
		b = append(b, o...)
	}
	return b
}

// h5Compact is the layout of elements in the header.
func h5Compact(data ...byte) []byte {
	return h5Message(0x08, append([]byte{3, 0, byte(len(data)), byte(len(data) >> 8)}, data...)...)
}

// h5Chunked is the layout of elements in chunks of one axis, of which a tree tells where they are.
func h5Chunked(tree uint64, block int) []byte {
	b := binary.LittleEndian.AppendUint64([]byte{3, 2, 2}, tree)
	return h5Message(0x08, append(binary.LittleEndian.AppendUint32(b, uint32(block)), 1, 0, 0, 0)...)
}

// h5Tree is a node of a tree of chunks, of so many bytes each, one after the other from an address on; at a higher level it refers to another node
// several times.
func h5Tree(level, n int, size, block int, address uint64) []byte {
	b := []byte{'T', 'R', 'E', 'E', 1, byte(level), byte(n), byte(n >> 8)}
	b = append(b, make([]byte, 16)...)
	for i := range n {
		b = binary.LittleEndian.AppendUint64(b, uint64(size)) // with all filters
		if level > 0 {
			b = append(b, make([]byte, 16)...)
			b = binary.LittleEndian.AppendUint64(b, address)
			continue
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(i*block))
		b = append(b, make([]byte, 8)...)
		b = binary.LittleEndian.AppendUint64(b, address+uint64(i*size))
	}
	return b
}

// h5Members adds so many members to a file, and returns the links to them.
func (f *h5) members(n int, messages []byte) (links []byte) {
	for i := range n {
		links = append(links, h5Link(fmt.Sprintf("%07d", i), f.add(h5Header(messages)))...)
	}
	return links
}
