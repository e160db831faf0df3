package hdf5

import (
	"bytes"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// add reads a member of a group.
func (f *file) add(g *Group, name string, address uint64, depth int) error {
	f.path += len(name) + 1
	defer func() { f.path -= len(name) + 1 }()
	if err := f.charge(uint64(f.path)); err != nil { // many members may share a long name, or lie in a group that has one
		return errors.Wrapf(err, "%.100q", name)
	}
	if err := f.room.Take(int64(len(name))); err != nil { // beside the path
		return errors.Wrapf(err, "%.100q", name)
	}
	child, t, err := f.object(address, depth+1)
	switch {
	case err != nil:
		return errors.Wrapf(err, "%.100q", name)
	case t != nil:
		g.Datasets = append(g.Datasets, Named[weights.Tensor]{name, *t})
	default:
		g.Groups = append(g.Groups, Named[*Group]{name, child})
	}
	return nil
}

// symbolTable reads the members of a group that has a B-tree of them, and a local heap of their names.
func (f *file) symbolTable(b *fields, g *Group, depth int) error {
	tree, heap := b.u64(), b.u64()
	h, err := f.signed("HEAP", heap, 32)
	if err != nil {
		return err
	}
	h.skip(4)
	size, _, address := h.u64(), h.u64(), h.u64()
	names, err := f.at(address, size)
	if err != nil {
		return errors.Wrap(err, "the names of a group")
	}
	return f.treeNode(tree, g, names.b, depth, -1)
}

// treeNode reads a node of the B-tree of a group, which has a level if it is not the root.
func (f *file) treeNode(address uint64, g *Group, names []byte, depth, level int) error {
	b, err := f.signed("TREE", address, 24)
	if err != nil {
		return err
	}
	kind, l, n := b.u8(), int(b.u8()), b.u16()
	if kind != 0 || level >= 0 && l != level {
		return errors.Errorf("the B-tree at byte %d has nodes of type %d and level %d; want type 0, which is that of groups, and levels that fall by 1", address, kind, l)
	}
	children, err := f.at(address+24, 16*uint64(n))
	if err != nil {
		return errors.Wrap(err, "B-tree")
	}
	for range n {
		children.skip(8) // the key
		child := children.u64()
		if l > 0 {
			err = f.treeNode(child, g, names, depth, l-1)
		} else {
			err = f.symbols(child, g, names, depth)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// symbols reads the members that a leaf of the B-tree lists.
func (f *file) symbols(address uint64, g *Group, names []byte, depth int) error {
	b, err := f.signed("SNOD", address, 8)
	if err != nil {
		return err
	}
	b.skip(2)
	n := b.u16()
	if b, err = f.at(address+8, 40*uint64(n)); err != nil {
		return errors.Wrap(err, "the members of a group")
	}
	for range n {
		offset, header, cache := b.u64(), b.u64(), b.u32()
		b.skip(20)
		if offset >= uint64(len(names)) {
			return errors.Errorf("the name of a member lies at byte %d of %d", offset, len(names))
		}
		name, _, ended := bytes.Cut(names[offset:], []byte{0})
		if !ended || len(name) == 0 {
			return errors.Errorf("a member of a group has no name")
		}
		if cache == 2 {
			return errors.Errorf("%q is a symbolic link, which is not supported", name)
		}
		if err := f.add(g, string(name), header, depth); err != nil {
			return err
		}
	}
	return nil
}

// link reads a member of a group that keeps its links in its header.
func (f *file) link(b *fields, g *Group, depth int) error {
	b.skip(1)
	flags := b.u8()
	kind := uint8(0)
	if flags&8 != 0 {
		kind = b.u8()
	}
	if flags&4 != 0 { // the order of creation
		b.skip(8)
	}
	if flags&16 != 0 { // the character set
		b.skip(1)
	}
	name := string(b.take(int(b.uint(1 << (flags & 3)))))
	address := b.u64()
	switch {
	case kind != 0:
		return errors.Errorf("%q is a link of type %d; want a hard one", name, kind)
	case b.short || name == "":
		return errors.New("a link of a group is cut off")
	}
	return f.add(g, name, address, depth)
}
