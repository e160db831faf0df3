// Package sources finds Plexaura's clone around a folder and tells whether its sources are the same as at another time.
// The notebook kernel is installed with a digest of the sources that it was built from, and compares it when it starts.
package sources

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
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

// kernel is the folder of the notebook kernel, whose programs count.
const kernel = "notebooks/kernel/"

// Digest returns a digest of the files beneath root that the notebook kernel is built from: Go and assembly files, the
// texts and archives that are embedded, go.mod and go.sum. Tests, test data, notebooks, examples and other programs,
// hidden folders, out and bin in the root, notebook-files, node_modules and Python's virtual environments do not count.
// Git is not asked: a file that it does not know counts, as the go command may build from it.
func Digest(root string) (string, error) {
	sum := sha256.New()
	for folders := []string{"."}; len(folders) > 0; {
		lines, within, err := list(root, folders[0])
		if err != nil {
			return "", errors.Wrap(err, "digest of the sources")
		}
		sum.Write(lines)
		folders = append(folders[1:], within...)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// packageMain matches the clause of a program's file.
var packageMain = regexp.MustCompile(`(?m)^package main\b`)

// list returns the names and digests of a folder's files that count, in lines, and the folders within it to look into.
func list(root, folder string) (lines []byte, within []string, err error) {
	entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder)))
	if err != nil {
		return nil, nil, err
	}
	program := false // the folder's package is main
	for _, entry := range entries {
		name := path.Join(folder, entry.Name())
		file := filepath.Join(root, filepath.FromSlash(name))
		switch {
		case entry.IsDir():
			if !skipped(file, folder == ".") {
				within = append(within, name)
			}
		case entry.Type().IsRegular() && counts(entry.Name()):
			content, err := os.ReadFile(file)
			if err != nil {
				return nil, nil, err
			}
			program = program || path.Ext(name) == ".go" && packageMain.Match(content)
			lines = fmt.Appendf(lines, "%s %x\n", name, sha256.Sum256(content))
		}
	}
	if program && !strings.HasPrefix(folder+"/", kernel) {
		lines = nil
	}
	return lines, within, nil
}

// skipped tells whether nothing in a folder counts.
func skipped(folder string, inRoot bool) bool {
	name := filepath.Base(folder)
	switch name {
	case "testdata", "notebook-files", "node_modules":
		return true
	case "examples", "out", "bin":
		return inRoot
	}
	if _, err := os.Stat(filepath.Join(folder, "pyvenv.cfg")); err == nil {
		return true // a virtual environment, such as Jupyter's, whatever it is called
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
