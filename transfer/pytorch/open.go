package pytorch

import (
	"archive/zip"
	"encoding/binary"
	"io"
	"math/big"
	"path"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

const format = "PyTorch"

// Open opens a file. The pickle in it is run at once, and the tensors are read when they are
// asked for. A tensor's name is the keys on the way to it, joined by dots: "layer1.0.conv1.weight" in a
// state dict, "state_dict.layer1.0.conv1.weight" in a checkpoint that has one; a tensor that was saved alone is called
// "tensor". Numbers and texts are the metadata. Close the result.
func Open(path string) (*weights.File, error) {
	return weights.OpenPath(format, path, parse)
}

// Parse is Open of a file that lies elsewhere, such as in memory, and has so many bytes.
func Parse(file io.ReaderAt, size int64) (*weights.File, error) {
	w, err := parse(file, size, nil)
	return w, errors.Wrap(err, format)
}

func parse(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
	var magic [2]byte
	if n, _ := file.ReadAt(magic[:], 0); n == 2 && string(magic[:]) == "PK" {
		return parseArchive(file, size, closer)
	}
	return parseLegacy(file, size, closer)
}

// block is where a storage's elements lie.
type block struct{ offset, bytes int64 }

// What a member takes in a map by its name, and a storage in the two of a legacy file.
const memberBytes, blockBytes = 64, 160

// parseArchive opens a zip archive: the pickle data.pkl, and a member data/KEY for each storage.
func parseArchive(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
	room := budget.Of(size)
	z, err := room.Zip(file, size)
	if err == nil {
		err = room.Take(int64(memberBytes * len(z.File)))
	}
	if err != nil {
		return nil, err
	}
	members := map[string]*zip.File{}
	var pickle *zip.File
	for _, f := range z.File {
		if members[f.Name] != nil {
			return nil, errors.Errorf("the archive has two members %q", f.Name)
		}
		members[f.Name] = f
		if path.Base(f.Name) == "data.pkl" && (pickle == nil || len(f.Name) < len(pickle.Name)) {
			pickle = f
		}
	}
	if pickle == nil {
		return nil, errors.New("the archive has no data.pkl; want a file of torch.save")
	}
	root := strings.TrimSuffix(pickle.Name, "data.pkl")
	big, err := bigEndian(members[root+"byteorder"])
	if err != nil {
		return nil, err
	}
	r, err := pickle.Open()
	if err != nil {
		return nil, errors.WithStack(err)
	}
	defer r.Close()
	v, err := newMachine(io.LimitReader(r, size), size, room, persistent).run()
	if err != nil {
		return nil, err
	}
	flat, err := newFlat(v, room)
	if err != nil {
		return nil, err
	}
	return describe(flat, file, size, big, closer, func(key string) (block, error) {
		f := members[root+"data/"+key]
		if f == nil {
			return block{}, errors.Errorf("the archive has no member %q", root+"data/"+key)
		}
		if f.Method != zip.Store {
			return block{}, errors.Errorf("the member %q is compressed, which torch.save does not do", f.Name)
		}
		offset, err := f.DataOffset()
		return block{offset, int64(min(f.UncompressedSize64, 1<<62))}, err
	})
}

// bigEndian reads the member that names the order of bytes, which older files have not.
func bigEndian(f *zip.File) (bool, error) {
	if f == nil {
		return false, nil
	}
	r, err := f.Open()
	if err != nil {
		return false, errors.WithStack(err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 16))
	if err == nil && string(text) != "little" && string(text) != "big" {
		err = errors.Errorf("the order of bytes is %q; want little or big", text)
	}
	return string(text) == "big", err
}

// magic is the number with which a legacy file begins.
var magic, _ = new(big.Int).SetString("1950a86a20f9469cfc6c", 16)

// parseLegacy opens a file of pickles one after the other: the magic number, the version, the
// system, the value, the keys of its storages; then come the storages.
func parseLegacy(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
	room := budget.Of(size)
	m := newMachine(io.NewSectionReader(file, 0, size), size, room, persistent)
	v, err := m.run()
	if n, ok := v.(*big.Int); err != nil || !ok || n.Cmp(magic) != 0 {
		return nil, errors.New("it begins neither as a zip archive nor with the magic number of torch.save; want a .pth or .pt file (those of PyTorch before 0.1.10 are not supported)")
	}
	if v, err = m.run(); err != nil || v != value(int64(1001)) {
		return nil, errors.Errorf("the version is %v; want 1001", v)
	}
	system, err := m.run()
	if err != nil {
		return nil, err
	}
	big := false
	if d, ok := system.(*dict); ok {
		for i, k := range d.keys {
			if k == value("little_endian") {
				big = d.values[i] == value(false)
			}
		}
	}
	if v, err = m.run(); err != nil {
		return nil, err
	}
	keys, err := m.run()
	if err != nil {
		return nil, err
	}
	flat, err := newFlat(v, room)
	if err == nil {
		err = room.Take(int64(blockBytes * len(flat.tensors)))
	}
	if err != nil {
		return nil, err
	}
	blocks, err := legacyBlocks(flat.tensors, keys, file, m.offset, big)
	if err != nil {
		return nil, err
	}
	return describe(flat, file, size, big, closer, func(key string) (block, error) {
		b, ok := blocks[key]
		if !ok {
			return b, errors.Errorf("the file has no storage %q", key)
		}
		return b, nil
	})
}

// legacyBlocks finds the storages of tensors, which follow each other from an offset on in the order of keys:
// each a count of elements and the elements. How large these are, only the tensors say.
func legacyBlocks(tensors []*stored, keys value, file io.ReaderAt, offset int64, bigEndian bool) (map[string]block, error) {
	sizes := map[string]int64{}
	for _, t := range tensors {
		sizes[t.storage.key] = int64(t.storage.dtype.Size())
	}
	l, ok := keys.(*list)
	if !ok {
		return nil, errors.Errorf("the keys of the storages are a %T; want a list", keys)
	}
	blocks := map[string]block{}
	for _, k := range l.items {
		key, ok := k.(string)
		if !ok || sizes[key] == 0 {
			return nil, errors.Errorf("the storage %v belongs to no tensor, so that its size is not known", k)
		}
		var b [8]byte
		if _, err := file.ReadAt(b[:], offset); err != nil {
			return nil, errors.Errorf("the file ends before storage %q", key)
		}
		count := binary.LittleEndian.Uint64(b[:])
		if bigEndian {
			count = binary.BigEndian.Uint64(b[:])
		}
		if count > 1<<40 {
			return nil, errors.Errorf("the storage %q has %d elements", key, count)
		}
		blocks[key] = block{offset + 8, int64(count) * sizes[key]}
		offset += 8 + int64(count)*sizes[key]
	}
	return blocks, nil
}

// persistent makes a storage of its id: ("storage", class, key, location, count).
func persistent(id value) (value, error) {
	l, ok := id.(*list)
	if !ok || len(l.items) < 5 || l.items[0] != value("storage") {
		return nil, errors.New("a persistent id is no storage")
	}
	class, isClass := l.items[1].(global)
	key, isKey := l.items[2].(string)
	count, isCount := l.items[4].(int64)
	if !isClass || !isKey || !isCount || count < 0 {
		return nil, errors.New("a storage has no class, key and count")
	}
	s := &storage{dtypes[class.name], key, count}
	if s.dtype == weights.Invalid && class.name != "UntypedStorage" {
		return nil, errors.Errorf("a storage is a %v, which is not supported", class)
	}
	if len(l.items) > 5 && l.items[5] != nil {
		return nil, errors.New("a storage is a part of another, as PyTorch before 0.4 wrote it, which is not supported")
	}
	return s, nil
}

// describe makes a File of what a pickle made.
func describe(f *flat, file io.ReaderAt, size int64, big bool, closer io.Closer, find func(key string) (block, error)) (*weights.File, error) {
	tensors := make([]weights.Tensor, len(f.tensors))
	for i, t := range f.tensors {
		b, err := find(t.storage.key)
		if err != nil {
			return nil, errors.Wrapf(err, "tensor %q", f.names[i])
		}
		start := t.offset * int64(max(1, t.dtype.Size()))
		if t.offset > b.bytes || start > b.bytes || b.offset > size || b.bytes > size-b.offset {
			return nil, errors.Errorf("tensor %q begins at byte %d of a storage of %d bytes at byte %d; the file has %d", f.names[i], start, b.bytes, b.offset, size)
		}
		tensors[i] = weights.Tensor{
			Name: f.names[i], DType: t.dtype, Shape: t.shape, Strides: t.strides, Scale: t.scale, Min: t.min, BigEndian: big,
			Held: b.bytes - start, Open: weights.Section(file, b.offset+start, b.bytes-start),
		}
	}
	return weights.New(format, tensors, f.metadata, closer)
}
