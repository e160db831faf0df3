// Package sources finds Plexaura's clone around a folder and tells whether its sources are the same as at another time.
// The notebook kernel is installed with a digest of the sources that it was built from, and compares it when it starts.
package sources

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/pkg/errors"
)

// module matches the line of go.mod that makes a folder the root of Plexaura's module.
var module = regexp.MustCompile(`(?m)^module github\.com/plexaura/plexaura\s*$`)

// Root returns the root of the clone that dir lies in, an absolute path, or an error if it lies in none.
func Root(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", errors.WithStack(err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if text, err := os.ReadFile(filepath.Join(at, "go.mod")); err == nil && module.Match(text) {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", errors.Errorf("%s does not lie in a clone of github.com/plexaura/plexaura", dir)
		}
	}
}

// Digest returns a digest of the files beneath root that programs are built from: Go and assembly files, the texts and
// archives that are embedded, go.mod and go.sum. Tests, test data, notebooks, examples, hidden folders and what git
// ignores (out and bin in the root) do not count.
func Digest(root string) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if path != root && skipped(name, filepath.Dir(path) == root) {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || !counts(name) {
			return nil
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		content := sha256.New()
		if _, err := io.Copy(content, file); err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %x\n", filepath.ToSlash(relative), content.Sum(nil))
		return nil
	})
	if err != nil {
		return "", errors.Wrap(err, "digest of the sources")
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// skipped tells whether nothing in a folder of that name counts.
func skipped(name string, inRoot bool) bool {
	switch name {
	case "testdata":
		return true
	case "examples", "out", "bin":
		return inRoot
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// counts tells whether programs are built from a file of that name.
func counts(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || strings.HasSuffix(name, "_test.go") {
		return false
	}
	switch filepath.Ext(name) {
	case ".go", ".s", ".mod", ".sum", ".txt", ".gz":
		return true
	}
	return false
}
