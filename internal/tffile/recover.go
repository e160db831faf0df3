package tffile

import (
	"io/fs"
	"os"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/wholefile"
)

// openConsistent opens the files of prefix so that index and data belong together, also while a
// save to prefix is going on or after one was interrupted.
//
// A save makes both temporary files whole before it renames the data and then the index. With
// temporary files around, these combinations are tried in turn; the first that is whole, every
// crc32c included, is the checkpoint:
//
//	index, data             nothing was renamed, both were, or the files are of a save going on: nothing to do
//	temporary index, data   stopped between the renames: rename the index
//	both temporary          stopped before the renames, and what is in place is not whole: rename both
//	index, temporary data   as the second, with the renames reaching the disk in the other order: rename the data
//
// Without temporary files there is nothing to complete, and nothing is read but the index.
func openConsistent(prefix string) (*bundle, error) {
	data := func(shard, shards int) string { return dataPath(prefix, shard, shards) }
	for attempt := 0; ; attempt++ {
		before := filesAt(prefix)
		b, err := openBundle(indexPath(prefix), data)
		if leftovers(prefix) {
			if b != nil {
				b.close()
			}
			b, err = recoverPair(prefix)
			if err == nil {
				return b, nil
			}
		} else if err == nil {
			// Between reading the index and opening the data another process may have finished a
			// save. It renames the index last, so an index that is unchanged now belongs to the
			// data opened before.
			if b.current() {
				return b, nil
			}
			b.close()
			err = errors.Errorf("checkpoint %s: its files keep changing while they are opened", prefix)
		}
		// Once more, in case a save was finished just then, and again as long as another process
		// keeps saving.
		if attempt > 0 && (before == filesAt(prefix) || attempt == maxAttempts) {
			return nil, err
		}
	}
}

// maxAttempts bounds the attempts to open a checkpoint that another process keeps replacing.
const maxAttempts = 100

// fileState tells one version of a file from another.
type fileState struct {
	size     int64
	modified time.Time
}

// filesAt returns the states of the files of a one-shard checkpoint, zero for one that does not
// exist.
func filesAt(prefix string) (states [4]fileState) {
	for i, path := range []string{indexPath(prefix), dataPath(prefix, 0, 1), tempIndexPath(prefix), tempDataPath(prefix)} {
		if info, err := os.Lstat(path); err == nil {
			states[i] = fileState{info.Size(), info.ModTime()}
		}
	}
	return states
}

// leftovers reports whether a save to prefix is going on or was interrupted.
func leftovers(prefix string) bool {
	return exists(tempIndexPath(prefix)) || exists(tempDataPath(prefix))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// recoverPair tries the combinations of openConsistent and completes the save where that is due.
func recoverPair(prefix string) (*bundle, error) {
	index, tempIndex := indexPath(prefix), tempIndexPath(prefix)
	data, tempData := dataPath(prefix, 0, 1), tempDataPath(prefix)
	inPlace := func(shard, shards int) string { return dataPath(prefix, shard, shards) }
	single := func(path string) func(int, int) string {
		return func(shard, shards int) string {
			if shards != 1 {
				return dataPath(prefix, shard, shards)
			}
			return path
		}
	}
	var first error
	fail := func(err error) {
		// Trouble with the machine (no permission, too many open files) says nothing about the
		// files: it must not pass for "not whole".
		if first == nil || trouble(err) && !trouble(first) {
			first = err
		}
	}
	for _, c := range []struct {
		index   string
		data    func(shard, shards int) string
		exact   bool
		renames [][2]string
	}{
		{index, inPlace, true, nil},
		{tempIndex, inPlace, true, [][2]string{{tempIndex, index}}},
		{tempIndex, single(tempData), true, [][2]string{{tempData, data}, {tempIndex, index}}},
		{index, single(tempData), true, [][2]string{{tempData, data}}},
		{index, inPlace, false, nil}, // TensorFlow can pad data files, this package does not
	} {
		b, err := openBundle(c.index, c.data)
		if err == nil {
			if err = b.verify(c.exact); err == nil && !b.current() {
				err = errors.Errorf("checkpoint index %s changed while it was read", c.index)
			}
			if err != nil {
				b.close()
			}
		}
		if err != nil {
			fail(err)
			continue
		}
		if len(c.renames) == 0 {
			return b, nil
		}
		// Renaming open files fails on Windows, so close and open again. In a folder that cannot be
		// written (or when another process was faster) the renames fail: then the files are used
		// where they are.
		b.close()
		for _, r := range c.renames {
			if os.Rename(r[0], r[1]) != nil {
				break
			}
			wholefile.SyncParent(r[1])
		}
		if b, err := openBundle(index, inPlace); err == nil {
			if err = b.verify(true); err == nil {
				return b, nil
			}
			b.close()
		}
		b, err = openBundle(c.index, c.data)
		if err == nil {
			if err = b.verify(c.exact); err == nil {
				return b, nil
			}
			b.close()
		}
		return nil, errors.Wrapf(err, "checkpoint %s: completing an interrupted save", prefix)
	}
	return nil, errors.Wrapf(first, "checkpoint %s is not whole, nor are the files that an interrupted save left (%s, %s); use an older checkpoint or save again", prefix, tempIndex, tempData)
}

// trouble reports whether err comes from the file system and is not just a missing file.
func trouble(err error) bool {
	var path *fs.PathError
	return errors.As(err, &path) && !errors.Is(err, fs.ErrNotExist)
}
