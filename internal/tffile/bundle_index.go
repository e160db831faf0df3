package tffile

import (
	"bytes"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// bundleIndex is a decoded index file.
type bundleIndex struct {
	header  bundleHeader
	entries map[string]bundleEntry
	names   []string // the tensors, sorted; without the keys of slices
}

// bundleEntryBytes is what an entry takes beside its key, shape and slices, with its places in a map that is half empty and in a list that grows.
const bundleEntryBytes = 320

var errNoHeader = errors.New("the table has no bundle header (key \"\"): not a V2 checkpoint")

// parseIndex decodes an index file and checks all of it that can be checked without the data. What it takes is counted in room, which grows by
// what dataSize says of the data files once their number is known.
func parseIndex(file []byte, room *budget.Budget, dataSize func(shards int) int64) (*bundleIndex, error) {
	t, err := openTable(bytes.NewReader(file), int64(len(file)), room)
	if err != nil {
		return nil, err
	}
	var ix *bundleIndex
	err = t.walk(room, func(key, value []byte) error {
		if ix != nil {
			return ix.add(string(key), value, room)
		}
		if len(key) > 0 {
			return errNoHeader
		}
		header, err := parseBundleHeader(value)
		if err != nil {
			return err
		}
		room.Add(dataSize(header.shards))
		ix = &bundleIndex{header: header, entries: map[string]bundleEntry{}}
		return nil
	})
	if err == nil && ix == nil {
		err = errNoHeader
	}
	return ix, err
}

// add decodes an entry.
func (ix *bundleIndex) add(key string, value []byte, room *budget.Budget) error {
	if err := room.Take(int64(bundleEntryBytes + len(key))); err != nil {
		return err
	}
	e, err := parseBundleEntry(value, room)
	if err != nil {
		return errors.Wrapf(err, "tensor %q", key)
	}
	if e.shard >= ix.header.shards {
		return errors.Errorf("tensor %q: in shard %d of %d", key, e.shard, ix.header.shards)
	}
	ix.entries[key] = e
	if key[0] != 0 { // the ordered code of a slice's key starts with 0
		ix.names = append(ix.names, key)
	}
	return nil
}

// ends gives the bytes that each shard must have for the entries to fit; shards without an entry are left out.
func (ix *bundleIndex) ends() map[int]int64 {
	ends := make(map[int]int64)
	for _, e := range ix.entries {
		if len(e.slices) == 0 { // a partitioned variable has no place of its own
			ends[e.shard] = max(ends[e.shard], e.offset+e.size)
		}
	}
	return ends
}
