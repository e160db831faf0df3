// Package wholefile writes files that are whole or not there at all.
package wholefile

import (
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/pkg/errors"
)

// Write makes the file at path of what write writes: under a temporary name in the same
// folder, which takes the place of path once all is on the disk. After an error, or a crash,
// path is what it was before.
func Write(path string, write func(w io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return errors.WithStack(err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(mode(path)); err != nil && runtime.GOOS != "windows" {
		return errors.WithStack(err)
	}
	if err := f.Sync(); err != nil {
		return errors.WithStack(err)
	}
	if err := f.Close(); err != nil {
		return errors.WithStack(err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.WithStack(err)
	}
	return SyncParent(path)
}

// mode is the mode of the file that is replaced, or what others may read.
func mode(path string) os.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}

// SyncParent makes the names in path's folder durable. Windows has no such call and needs
// none.
func SyncParent(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return errors.Wrap(err, "sync the folder")
	}
	defer dir.Close()
	return errors.Wrap(dir.Sync(), "sync the folder")
}
