package tffile

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/pkg/errors"
)

// Exists reports whether there is a checkpoint at prefix, in place or left by an interrupted save. It does not look
// inside.
func Exists(prefix string) bool {
	return exists(indexPath(prefix)) || exists(tempIndexPath(prefix))
}

var dataName = regexp.MustCompile(`^\.data-\d{5}-of-\d{5}(\.tempstate)?$`)

// Remove deletes the index and data files of a checkpoint, temporary ones too, the index first so that no half of it
// looks whole. Files that are missing are no error. The graph (prefix.meta) is not part of the bundle and stays.
func Remove(prefix string) error {
	if err := removeFiles(indexPath(prefix), tempIndexPath(prefix)); err != nil {
		return errors.Wrapf(err, "remove checkpoint %s", prefix)
	}
	// Not filepath.Glob: a prefix may hold its special characters.
	dir, base := filepath.Split(prefix)
	if dir == "" {
		dir = "."
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return errors.Wrapf(err, "remove checkpoint %s", prefix)
	}
	var paths []string
	for _, f := range files {
		if rest, ok := strings.CutPrefix(f.Name(), base); ok && dataName.MatchString(rest) {
			paths = append(paths, filepath.Join(dir, f.Name()))
		}
	}
	return errors.Wrapf(removeFiles(paths...), "remove checkpoint %s", prefix)
}
