package tfjs

import (
	"io"
	"io/fs"
	"path"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// shard is a part of a shard, from a byte of it on.
type shard struct {
	path      string
	offset, n int64
}

// shards are parts of files that follow each other.
type shards []shard

// findShards lists the shards of a group, whole. One that has been seen is refused: a short list of
// large ones could name more bytes than there are.
func findShards(folder fs.FS, paths []string, seen map[string]bool, room *budget.Budget) (all shards, size int64, err error) {
	for _, p := range paths {
		if err := room.Take(int64(shardBytes + len(p))); err != nil {
			return nil, 0, err
		}
		p = path.Clean(p)
		if !fs.ValidPath(p) { // io/fs has no paths that leave its root
			return nil, 0, errors.Errorf("the shard %q is not in the model's folder, where it should be", p)
		}
		if seen[p] {
			return nil, 0, errors.Errorf("the shard %q is listed twice", p)
		}
		seen[p] = true
		info, err := fs.Stat(folder, p)
		if err != nil {
			return nil, 0, errors.Wrap(err, "a shard of the weights")
		}
		if !info.Mode().IsRegular() {
			return nil, 0, errors.Errorf("the shard %q is no file", p)
		}
		all = append(all, shard{p, 0, info.Size()})
		size += info.Size()
	}
	return all, size, nil
}

// section returns bytes [offset, offset+n), which there must be.
func (s shards) section(offset, n int64) shards {
	var out shards
	for _, part := range s {
		if take := min(n, part.n-offset); take > 0 {
			out = append(out, shard{part.path, part.offset + offset, take})
			n -= take
		}
		offset = max(0, offset-part.n)
	}
	return out
}

// reader reads shards, of which it holds one open at a time.
type reader struct {
	folder fs.FS
	rest   shards
	file   fs.File // of the first of rest, nil before it is needed
	data   io.ReaderAt
}

func (r *reader) Read(b []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	part := &r.rest[0]
	if r.file == nil {
		file, err := r.folder.Open(part.path)
		if err != nil {
			return 0, err
		}
		data, ok := file.(io.ReaderAt)
		if !ok {
			file.Close()
			return 0, errors.Errorf("%s: a %T is not read from the middle", part.path, file)
		}
		r.file, r.data = file, data
	}
	n, err := r.data.ReadAt(b[:min(int64(len(b)), part.n)], part.offset)
	part.offset += int64(n)
	part.n -= int64(n)
	switch {
	case part.n == 0:
		r.rest = r.rest[1:]
		return n, r.Close()
	case err == io.EOF:
		return n, errors.Errorf("%s ends at byte %d, %d too soon", part.path, part.offset, part.n)
	}
	return n, err
}

// Close closes the shard that is open.
func (r *reader) Close() error {
	if r.file == nil {
		return nil
	}
	file := r.file
	r.file, r.data = nil, nil
	return file.Close()
}
