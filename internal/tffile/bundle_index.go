package tffile

import "github.com/pkg/errors"

// bundleIndex is a decoded index file.
type bundleIndex struct {
	header  bundleHeader
	entries map[string]bundleEntry
	names   []string // the tensors, sorted; without the keys of slices
}

// parseIndex decodes an index file and checks all of it that can be checked without the data.
func parseIndex(file []byte) (*bundleIndex, error) {
	table, err := readTable(file)
	if err != nil {
		return nil, err
	}
	if len(table) == 0 || table[0].key != "" {
		return nil, errors.New("the table has no bundle header (key \"\"): not a V2 checkpoint")
	}
	header, err := parseBundleHeader(table[0].value)
	if err != nil {
		return nil, err
	}
	ix := &bundleIndex{header: header, entries: make(map[string]bundleEntry, len(table)-1)}
	for _, kv := range table[1:] {
		e, err := parseBundleEntry(kv.value)
		if err != nil {
			return nil, errors.Wrapf(err, "tensor %q", kv.key)
		}
		if e.shard >= header.shards {
			return nil, errors.Errorf("tensor %q: in shard %d of %d", kv.key, e.shard, header.shards)
		}
		ix.entries[kv.key] = e
		if kv.key[0] != 0 { // the ordered code of a slice's key starts with 0
			ix.names = append(ix.names, kv.key)
		}
	}
	return ix, nil
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
