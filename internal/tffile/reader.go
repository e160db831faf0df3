package tffile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// Reader reads the tensors of one checkpoint. It may be used by several goroutines at once, until
// it is closed.
type Reader struct {
	prefix string
	bundle *bundle
}

// Entry describes a tensor without its values.
type Entry struct {
	DType DType
	Shape []int
	// Stored is how many bytes the files hold of its elements: at least what dtype and shape take, but for a partitioned
	// variable that is not whole.
	Stored int64
}

// Open opens the checkpoint with the files prefix.index and prefix.data-NNNNN-of-MMMMM (the path
// that tf.train.Saver.restore takes). It reads the index and checks that all data files are there
// and long enough; values are checked when they are read.
//
// When a save to prefix was interrupted and left its temporary files behind, Open reads all data,
// to see which index belongs to which data, and completes the save if the files in place do not
// belong together (see [Create]).
//
// A missing checkpoint gives an error for which errors.Is(err, fs.ErrNotExist) holds.
func Open(prefix string) (*Reader, error) {
	b, err := openConsistent(prefix)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = missing(prefix, err)
		}
		return nil, err
	}
	return &Reader{prefix, b}, nil
}

// missing adds to a not-found error what the caller most likely has to change.
func missing(prefix string, err error) error {
	ext := filepath.Ext(prefix)
	if ext == ".index" || ext == ".meta" || strings.HasPrefix(ext, ".data-") {
		return errors.Wrapf(err, "open checkpoint %s (give the path without %s)", prefix, ext)
	}
	if _, e := os.Stat(indexPath(prefix)); e == nil {
		return errors.Wrapf(err, "open checkpoint %s (the data files belong beside the index: copy them too)", prefix)
	}
	if info, e := os.Stat(prefix); e == nil && !info.IsDir() {
		return errors.Wrapf(err, "open checkpoint %s (a single file without %s.index is no V2 checkpoint; the older V1 format must be saved again with write_version=V2)", prefix, prefix)
	}
	if info, e := os.Stat(prefix); e == nil && info.IsDir() {
		return errors.Wrapf(err, "open checkpoint %s (a folder; give the path of a checkpoint in it, see ReadState)", prefix)
	}
	return errors.Wrapf(err, "open checkpoint %s", prefix)
}

// Names lists the tensors in byte order. A partitioned variable is listed once.
func (r *Reader) Names() []string { return append([]string(nil), r.bundle.index.names...) }

// Entry gives dtype and shape of a tensor without reading it; false when there is none of that
// name.
func (r *Reader) Entry(name string) (Entry, bool) {
	e, err := r.entry(name)
	if err != nil {
		return Entry{}, false
	}
	return Entry{e.dtype, append([]int{}, e.shape...), r.bundle.stored(name, e)}, true
}

// Room is what is left of the memory that the description of the files may take.
func (r *Reader) Room() *budget.Budget { return r.bundle.room }

// Producer is the version of the format that the writer says it has.
func (r *Reader) Producer() int { return r.bundle.index.header.producer }

func (r *Reader) entry(name string) (bundleEntry, error) {
	e, ok := r.bundle.index.entries[name]
	if !ok || name == "" || name[0] == 0 {
		return e, errors.Errorf("checkpoint %s has no tensor %q; it has %s", r.prefix, name, list(r.bundle.index.names))
	}
	return e, nil
}

// Read reads a tensor and checks its crc32c. The result shares no memory with the Reader.
func (r *Reader) Read(name string) (Tensor, error) {
	e, err := r.entry(name)
	if err != nil {
		return Tensor{}, err
	}
	t := Tensor{Name: name, DType: e.dtype, Shape: append([]int{}, e.shape...)}
	switch {
	case e.dtype == String && len(e.slices) == 0:
		t.Strings, err = r.bundle.strings(e)
	case e.dtype.Size() == 0:
		err = errors.Errorf("dtype %v cannot be read; number types, bool and (unpartitioned) string can", e.dtype)
	case len(e.slices) > 0:
		t.Data, err = r.bundle.partitioned(name, e)
	default:
		t.Data, err = r.bundle.bytes(e)
	}
	if err != nil {
		return Tensor{}, errors.Wrapf(err, "checkpoint %s: tensor %q", r.prefix, name)
	}
	return t, nil
}

// Close closes the data files.
func (r *Reader) Close() error { return r.bundle.close() }

// list names the first few of names.
func list(names []string) string {
	const most = 8
	if len(names) == 0 {
		return "none"
	}
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}
