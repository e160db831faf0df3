package tffile

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/wholefile"
)

// Writer writes a checkpoint one tensor at a time; see [Create].
type Writer struct {
	prefix  string
	file    *os.File // temporary data file
	out     *bufio.Writer
	size    int64 // bytes added so far
	entries map[string]bundleEntry
	err     error // the first failure; the writer is of no use after it
	closed  bool
	renamed bool // the data is in place: the temporary index must stay, it is the only one that fits

	crash func(step string) bool // for tests: stop as if the process died before this step
}

var errCrash = errors.New("simulated crash")

// Create starts a checkpoint at prefix, in a folder that exists. What is there under that prefix
// stays until Commit replaces it:
//
//	w, err := tffile.Create("/models/my_model.ckpt")
//	defer w.Abort()
//	err = w.Add(kernel)
//	err = w.Commit()
//
// The files are written as prefix.data-00000-of-00001.tempstate and prefix.index.tempstate and
// fsynced. Then the data is renamed to its place, then the index, with the folder fsynced after
// each. A crash before the first rename leaves the old checkpoint, one after the second the new
// one; one in between leaves new data with the old index, which [Open] and Create notice by the
// checksums and complete, from the temporary index that is still there.
//
// One save to a prefix may go on at a time. Reading the prefix meanwhile is safe.
func Create(prefix string) (*Writer, error) {
	base := filepath.Base(prefix)
	if prefix == "" || base == "." || base == string(filepath.Separator) {
		return nil, errors.Errorf("write checkpoint %q: a prefix such as folder/model.ckpt is wanted", prefix)
	}
	dir := filepath.Dir(prefix)
	if info, err := os.Stat(dir); err != nil {
		return nil, errors.Wrapf(err, "write checkpoint %s: the folder must exist, make it first", prefix)
	} else if !info.IsDir() {
		return nil, errors.Errorf("write checkpoint %s: %s is a file, not a folder", prefix, dir)
	}
	if leftovers(prefix) {
		// The temporary index may be the only one that fits the data in place: complete that save
		// before reusing the names. Where nothing whole is found there is nothing to keep.
		if b, err := recoverPair(prefix); err == nil {
			mixed := b.path != indexPath(prefix)
			b.close()
			if mixed {
				return nil, errors.Errorf("write checkpoint %s: an interrupted save could not be completed, rename %s to %s", prefix, tempIndexPath(prefix), indexPath(prefix))
			}
		} else if trouble(err) {
			return nil, errors.Wrapf(err, "write checkpoint %s: an interrupted save cannot be looked at", prefix)
		}
		if err := removeFiles(tempIndexPath(prefix), tempDataPath(prefix)); err != nil {
			return nil, errors.Wrapf(err, "write checkpoint %s", prefix)
		}
	}
	f, err := os.OpenFile(tempDataPath(prefix), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, errors.Wrapf(err, "write checkpoint %s", prefix)
	}
	return &Writer{prefix: prefix, file: f, out: bufio.NewWriterSize(f, 1<<20), entries: make(map[string]bundleEntry)}, nil
}

// Add appends a tensor. It fails when its name is empty, starts with a NUL byte or was added
// before, or when its elements do not fit its dtype and shape; such a failure leaves the writer
// usable. t is not kept.
func (w *Writer) Add(t Tensor) error {
	if err := w.usable(); err != nil {
		return err
	}
	if t.Name == "" || t.Name[0] == 0 {
		return errors.Errorf("write checkpoint %s: tensor name %q; it must not be empty or start with a NUL byte, the format reserves those", w.prefix, t.Name)
	}
	if _, twice := w.entries[t.Name]; twice {
		return errors.Errorf("write checkpoint %s: tensor %q was added before", w.prefix, t.Name)
	}
	if err := t.check(); err != nil {
		return errors.Wrapf(err, "write checkpoint %s", w.prefix)
	}
	raw, crc := t.Data, uint32(0)
	if t.DType == String {
		raw, crc = encodeStrings(t.Strings)
	} else {
		crc = checksum(0, raw)
	}
	if _, err := w.out.Write(raw); err != nil {
		return w.fail(err)
	}
	w.entries[t.Name] = bundleEntry{dtype: t.DType, shape: append([]int(nil), t.Shape...), offset: w.size, size: int64(len(raw)), crc: crc}
	w.size += int64(len(raw))
	return nil
}

// Commit makes both files durable and puts them in place of what was there. After an error the
// earlier checkpoint is still to be opened, unless the error came between the two renames: then the
// new one is.
func (w *Writer) Commit() error {
	if err := w.usable(); err != nil {
		return err
	}
	index, err := w.index()
	if err != nil {
		return w.fail(err)
	}
	if err := w.commit(index); err != nil {
		return w.fail(err)
	}
	w.closed = true
	return nil
}

func (w *Writer) commit(index []byte) error {
	temp, final := tempIndexPath(w.prefix), indexPath(w.prefix)
	steps := []struct {
		name string
		do   func() error
	}{
		{"flush data", w.out.Flush},
		{"sync data", w.file.Sync},
		{"close data", w.file.Close},
		{"write index", func() error { return writeSynced(temp, index) }},
		{"sync names", func() error { return wholefile.SyncParent(temp) }},
		{"rename data", func() error { return w.rename(tempDataPath(w.prefix), dataPath(w.prefix, 0, 1), index) }},
		{"sync data name", func() error { return wholefile.SyncParent(final) }},
		{"rename index", func() error { return w.rename(temp, final, index) }},
		{"sync index name", func() error { return wholefile.SyncParent(final) }},
	}
	for _, s := range steps {
		if w.crash != nil && w.crash(s.name) {
			return errCrash
		}
		if err := s.do(); err != nil {
			return errors.Wrap(err, s.name)
		}
		if s.name == "rename data" {
			w.renamed = true
		}
	}
	return nil
}

// rename moves a temporary file in place. A reader that found both temporary files and no whole
// checkpoint may have completed the save by itself; then the file is gone and the index in place is
// this writer's.
func (w *Writer) rename(from, to string, index []byte) error {
	err := os.Rename(from, to)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if b, openErr := openConsistent(w.prefix); openErr == nil {
		defer b.close()
		if bytes.Equal(b.raw, index) && b.verify(true) == nil {
			return nil
		}
	}
	return err
}

// index encodes the index file.
func (w *Writer) index() ([]byte, error) {
	table := newTableWriter()
	if err := table.add("", bundleHeader{shards: 1}.encode()); err != nil {
		return nil, err
	}
	names := make([]string, 0, len(w.entries))
	for name := range w.entries {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := table.add(name, w.entries[name].encode()); err != nil {
			return nil, err
		}
	}
	return table.finish(), nil
}

// Abort drops the checkpoint and its temporary files. After Commit it does nothing, so it can be
// deferred; nor does it after a Commit that failed with the data already in place, which Open then
// completes.
func (w *Writer) Abort() error {
	if w.closed {
		return nil
	}
	w.closed = true
	w.file.Close() // may be closed already
	if w.renamed {
		return nil
	}
	return errors.Wrapf(removeFiles(tempIndexPath(w.prefix), tempDataPath(w.prefix)), "write checkpoint %s", w.prefix)
}

func (w *Writer) usable() error {
	if w.err != nil {
		return w.err
	}
	if w.closed {
		return errors.Errorf("write checkpoint %s: the writer is closed", w.prefix)
	}
	return nil
}

// fail makes err the writer's error.
func (w *Writer) fail(err error) error {
	w.err = errors.Wrapf(err, "write checkpoint %s", w.prefix)
	return w.err
}

// Write writes a checkpoint of tensors in one call, in the order of their names as tf.train.Saver
// does; see [Create].
func Write(prefix string, tensors []Tensor) error {
	w, err := Create(prefix)
	if err != nil {
		return err
	}
	defer w.Abort()
	sorted := append([]Tensor(nil), tensors...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Name < sorted[j].Name })
	for _, t := range sorted {
		if err := w.Add(t); err != nil {
			return err
		}
	}
	return w.Commit()
}

func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// removeFiles removes files that may be missing, all of them even when one fails.
func removeFiles(paths ...string) error {
	var first error
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) && first == nil {
			first = err
		}
	}
	return first
}
