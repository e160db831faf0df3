package weights

import (
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// maxIndex bounds the index of a model in several files; those of the largest models have some megabytes.
const maxIndex = 64 << 20

// OpenIndex opens a model that lies in several files, its shards, by the index that Hugging Face's libraries write beside
// them, such as model.safetensors.index.json or pytorch_model.bin.index.json:
//
//	{"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
//
// open opens a shard. The result has the tensors that the index lists, in its order, and what index and shards say as metadata. It is an error where
// a shard is missing or lies outside of the index's folder, where a tensor is not in its shard, or is listed twice. Close
// closes the shards.
func OpenIndex(path string, open func(path string) (*File, error)) (*File, error) {
	x, err := readIndex(path)
	if err != nil {
		return nil, errors.Wrapf(err, "index %s", path)
	}
	f, err := x.open(filepath.Dir(path), open)
	return f, errors.Wrapf(err, "index %s", path)
}

// shardIndex is an index: tensors, in its order, with the shard of each.
type shardIndex struct {
	names, shards []string
	metadata      map[string]string
	room          *budget.Budget
}

// What an index takes beside its texts.
const (
	keyBytes    = 96  // a key of an object while that is read
	listedBytes = 96  // a tensor in two lists, which grow
	shardBytes  = 128 // the name of a shard, which is kept once
	pairBytes   = 128 // of metadata
	foundBytes  = 192 // a tensor that was looked up, and its place in an index
)

func readIndex(path string) (*shardIndex, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxIndex + 1}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.WithStack(err)
	}
	x, err := parseIndex(limited, budget.Of(min(info.Size(), maxIndex)))
	if limited.N <= 0 {
		return nil, errors.Errorf("it has more than %d bytes", maxIndex)
	}
	return x, err
}

// parseIndex reads an index. encoding/json would take the last of two equal keys, so that the objects are walked by hand.
func parseIndex(r io.Reader, room *budget.Budget) (*shardIndex, error) {
	x := &shardIndex{metadata: map[string]string{}, room: room}
	shards := map[string]string{} // each once, as many tensors are in one
	found := false
	d := json.NewDecoder(r)
	err := object(d, room, func(key string) error {
		switch key {
		case "weight_map":
			found = true
			return object(d, room, func(name string) error {
				var shard string
				if err := d.Decode(&shard); err != nil {
					return errors.Wrapf(err, "tensor %.200q", name)
				}
				once, known := shards[shard]
				taken := listedBytes + len(name)
				if !known {
					once, taken = shard, taken+shardBytes+len(shard)
				}
				if err := room.Take(int64(taken)); err != nil {
					return err
				}
				shards[once] = once
				x.names, x.shards = append(x.names, name), append(x.shards, once)
				return nil
			})
		case "metadata":
			return object(d, room, func(name string) error {
				var value json.RawMessage
				if err := d.Decode(&value); err != nil {
					return errors.Wrapf(err, "metadata %.200q", name)
				}
				var text string
				if json.Unmarshal(value, &text) != nil {
					text = string(value)
				}
				if err := room.Take(int64(pairBytes + len(name) + len(text))); err != nil {
					return err
				}
				x.metadata[name] = text
				return nil
			})
		}
		var other json.RawMessage
		return errors.Wrapf(d.Decode(&other), "%.200q", key)
	})
	if err == nil && !found {
		err = errors.New("it has no weight_map; want the index of a model in several files")
	}
	return x, err
}

// object reads an object of JSON: visit reads the value of a key. No key may come twice.
func object(d *json.Decoder, room *budget.Budget, visit func(key string) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Errorf("byte %d: want an object of JSON", d.InputOffset())
	}
	seen := map[string]bool{}
	taken := int64(0)
	defer func() { room.Give(taken) }()
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return errors.Wrapf(err, "byte %d", d.InputOffset())
		}
		key := t.(string)
		if seen[key] {
			return errors.Errorf("%.200q stands there twice", key)
		}
		bytes := int64(keyBytes + len(key))
		if err := room.Take(bytes); err != nil {
			return err
		}
		taken += bytes
		seen[key] = true
		if err := visit(key); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return errors.Wrap(err, "it ends too soon")
}

// open opens the shards, which lie in a folder.
func (x *shardIndex) open(folder string, open func(path string) (*File, error)) (*File, error) {
	s := &shards{folder: folder, open: open, byName: map[string]*File{}}
	if err := x.room.Take(foundBytes * int64(len(x.names))); err != nil {
		return nil, err
	}
	tensors := make([]Tensor, len(x.names))
	for i, name := range x.names {
		var err error
		if tensors[i], err = s.lookup(name, x.shards[i]); err != nil {
			s.Close()
			return nil, errors.Wrapf(err, "tensor %q", name)
		}
	}
	format := "index"
	for i, f := range s.opened {
		if i == 0 {
			format = f.format
		}
		for key, value := range f.metadata {
			if _, has := x.metadata[key]; !has {
				if err := x.room.Take(pairBytes); err != nil {
					s.Close()
					return nil, err
				}
				x.metadata[key] = value
			}
		}
	}
	f, err := newFile(format, tensors, x.metadata, s)
	if err != nil {
		s.Close()
	}
	return f, err
}

// shards are the files of a model, each opened when the first of its tensors is looked up.
type shards struct {
	folder string
	open   func(path string) (*File, error)
	byName map[string]*File
	opened []*File
}

// lookup finds a tensor in its shard.
func (s *shards) lookup(name, shard string) (Tensor, error) {
	f := s.byName[shard]
	if f == nil {
		if !fs.ValidPath(shard) || !filepath.IsLocal(shard) { // io/fs has no paths that leave their root
			return Tensor{}, errors.Errorf("its shard is %q; want a file in the index's folder", shard)
		}
		var err error
		if f, err = s.open(filepath.Join(s.folder, filepath.FromSlash(shard))); err != nil {
			return Tensor{}, err
		}
		s.byName[shard], s.opened = f, append(s.opened, f)
	}
	t, ok := f.Lookup(name)
	if !ok {
		return t, errors.Errorf("it is not in %s, where it should be; that holds %d others", shard, len(f.tensors))
	}
	return t, nil
}

// Close closes the shards and gives the first error.
func (s *shards) Close() error {
	var first error
	for _, f := range s.opened {
		if err := f.Close(); first == nil {
			first = err
		}
	}
	return first
}
