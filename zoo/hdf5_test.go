package zoo

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// kerasFile writes what Keras' save_weights does with h5py: a superblock of version 0, a group for each layer with the names of its weights, and a
// contiguous dataset for each. "conv1/kernel" is the dataset conv1/conv1/kernel:0, as of Keras 2; what has a name of its own lies in the
// layer's group itself, as of Keras 1. libhdf5 reads it.
func kerasFile(t testing.TB, l listed, values func(i int, shape []int) []float32) []byte {
	t.Helper()
	w := &hdf5Writer{}
	w.bytes(make([]byte, 96)) // the superblock
	var layers []string
	names := map[string][]string{}
	sets := map[string]map[string]uint64{} // of each layer
	for i, x := range l.tensors {
		layer, own, ok := strings.Cut(x.Name, "/")
		if !ok {
			t.Fatalf("%s has no layer", x.Name)
		}
		name := own + ":0"
		if !strings.HasPrefix(own, layer) {
			name = layer + "/" + name
		}
		if names[layer] == nil {
			layers = append(layers, layer)
			sets[layer] = map[string]uint64{}
		}
		names[layer] = append(names[layer], name)
		sets[layer][name] = w.dataset(x.Shape, values(i, x.Shape))
	}
	groups := map[string]uint64{}
	for _, layer := range layers {
		direct, nested := map[string]uint64{}, map[string]uint64{}
		for name, at := range sets[layer] {
			if own, ok := strings.CutPrefix(name, layer+"/"); ok {
				nested[own] = at
			} else {
				direct[name] = at
			}
		}
		if len(nested) > 0 {
			direct[layer] = w.group(nested, nil)
		}
		groups[layer] = w.group(direct, map[string][]string{"weight_names": names[layer]})
	}
	root := w.group(groups, map[string][]string{"layer_names": layers, "backend": {"tensorflow"}})

	s := append([]byte("\x89HDF\r\n\x1a\n"), 0, 0, 0, 0, 0, 8, 8, 0)
	s = binary.LittleEndian.AppendUint16(s, hdf5Members/2)
	s = binary.LittleEndian.AppendUint16(s, 16)
	s = append(s, 0, 0, 0, 0)
	for _, v := range []uint64{0, hdf5None, uint64(len(w.file)), hdf5None, 0, root, 0, 0, 0} {
		s = binary.LittleEndian.AppendUint64(s, v)
	}
	copy(w.file, s)
	return w.file
}

const (
	hdf5Members = 1024       // that a leaf of a group's B-tree has room for
	hdf5None    = ^uint64(0) // the address of what is not there
)

// hdf5Writer appends the structures of the HDF5 File Format Specification, each of which is put where the file ends.
type hdf5Writer struct{ file []byte }

// bytes writes bytes, padded to 8, and returns their address.
func (w *hdf5Writer) bytes(b []byte) uint64 {
	at := uint64(len(w.file))
	w.file = append(append(w.file, b...), make([]byte, -len(b)&7)...)
	return at
}

// hdf5Fields joins little-endian numbers by their types, texts and bytes.
func hdf5Fields(fields ...any) []byte {
	var b []byte
	for _, f := range fields {
		switch v := f.(type) {
		case string:
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		default:
			b, _ = binary.Append(b, binary.LittleEndian, v)
		}
	}
	return b
}

// aligned is b with zeros up to a multiple of 8.
func aligned(b []byte) []byte { return append(b, make([]byte, -len(b)&7)...) }

func hdf5Dataspace(sizes ...int) []byte {
	b := hdf5Fields(uint8(1), uint8(len(sizes)), make([]byte, 6))
	for _, n := range sizes {
		b = hdf5Fields(b, uint64(n))
	}
	return b
}

// header writes an object header of version 1 of messages, each of a kind.
func (w *hdf5Writer) header(kinds []uint16, messages [][]byte) uint64 {
	var body []byte
	for i, m := range messages {
		m = aligned(m)
		body = hdf5Fields(body, kinds[i], uint16(len(m)), make([]byte, 4), m)
	}
	return w.bytes(hdf5Fields(uint8(1), uint8(0), uint16(len(messages)), uint32(1), uint32(len(body)), uint32(0), body))
}

func (w *hdf5Writer) dataset(shape []int, values []float32) uint64 {
	at := w.bytes(hdf5Fields(values))
	float32s := hdf5Fields("\x11\x20\x1f\x00", uint32(4), uint16(0), uint16(32), "\x17\x08\x00\x17", uint32(127))
	fill := []byte{2, 2, 2, 1, 0, 0, 0, 0}
	layout := hdf5Fields(uint8(3), uint8(1), at, uint64(4*len(values)))
	return w.header([]uint16{0x01, 0x03, 0x05, 0x08}, [][]byte{hdf5Dataspace(shape...), float32s, fill, layout})
}

// group writes a group of members by the addresses of their headers.
func (w *hdf5Writer) group(members map[string]uint64, attributes map[string][]string) uint64 {
	var sorted []string
	for name := range members {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	heap, node := make([]byte, 8), hdf5Fields("SNOD", uint8(1), uint8(0), uint16(len(sorted)))
	last := uint64(0)
	for _, name := range sorted {
		last = uint64(len(heap))
		node = hdf5Fields(node, last, members[name], make([]byte, 24))
		heap = aligned(append(heap, name+"\x00"...))
	}
	free := uint64(len(heap))
	heap = hdf5Fields(heap, uint64(1), uint64(16)) // free space, the last of it
	heapAt := w.bytes(heap)
	heapHeader := w.bytes(hdf5Fields("HEAP", uint32(0), uint64(len(heap)), free, heapAt))
	nodeAt := w.bytes(append(node, make([]byte, 8+40*hdf5Members-len(node))...))
	tree := hdf5Fields("TREE", uint8(0), uint8(0), uint16(1), hdf5None, hdf5None, uint64(0), nodeAt, last)
	treeAt := w.bytes(append(tree, make([]byte, 24+32*16+8-len(tree)+8)...))

	kinds, messages := []uint16{0x11}, [][]byte{hdf5Fields(treeAt, heapHeader)}
	for key, texts := range attributes {
		size := 0
		for _, s := range texts {
			size = max(size, len(s))
		}
		kind, space := hdf5Fields("\x13\x01\x00\x00", uint32(size)), hdf5Dataspace(len(texts))
		m := hdf5Fields(uint8(1), uint8(0), uint16(len(key)+1), uint16(len(kind)), uint16(len(space)), aligned([]byte(key+"\x00")), aligned(kind), aligned(space))
		for _, s := range texts {
			m = append(append(m, s...), make([]byte, size-len(s))...)
		}
		kinds, messages = append(kinds, 0x0c), append(messages, m)
	}
	return w.header(kinds, messages)
}
