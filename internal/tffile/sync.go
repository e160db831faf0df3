package tffile

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/pkg/errors"
)

// syncParent makes the names in path's folder durable (fsync of the folder). Windows has no such call and needs none.
func syncParent(path string) error {
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
