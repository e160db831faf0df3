package hdf5

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// object reads the object whose header is at an address: a group, or a dataset.
func (f *file) object(address uint64, depth int) (*Group, *weights.Tensor, error) {
	switch {
	case f.seen[address]:
		return nil, nil, errors.Errorf("the object at byte %d is linked to twice, which is not supported", address)
	case depth > maxDepth:
		return nil, nil, errors.Errorf("it lies in more than %d groups", maxDepth)
	}
	if err := f.room.Take(objectBytes); err != nil {
		return nil, nil, err
	}
	f.seen[address] = true
	messages, err := f.header(address)
	if err != nil {
		return nil, nil, err
	}
	defer f.room.Give(messageBytes * int64(len(messages)))
	for _, m := range messages {
		if m.kind == layoutMessage {
			if err := f.room.Take(datasetBytes); err != nil {
				return nil, nil, err
			}
			t, err := f.dataset(messages)
			return nil, t, err
		}
	}
	if err := f.room.Take(groupBytes); err != nil {
		return nil, nil, err
	}
	g := &Group{Text: map[string][]string{}}
	for _, m := range messages {
		switch m.kind {
		case attributeMessage:
			err = f.attribute(m.data, g.Text)
		case symbolTableMessage:
			err = f.symbolTable(m.data, g, depth)
		case linkMessage:
			err = f.link(m.data, g, depth)
		case linkInfoMessage:
			err = compact(m.data, 8)
		case attributeInfoMessage:
			err = compact(m.data, 2)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return g, nil, nil
}

// compact refuses links and attributes that are kept in a fractal heap, as where there are many and the file was
// written for new libraries only. Before the address of the heap may lie an index of so many bytes.
func compact(b *fields, index int) error {
	b.skip(1)
	if b.u8()&1 != 0 {
		b.skip(index)
	}
	if heap := b.u64(); b.short || heap != undefined {
		return errors.New("a group keeps its links or attributes in a fractal heap, which is not supported; write the file with libver='earliest', h5py's default")
	}
	return nil
}
