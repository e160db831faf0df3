// Package origin has the record of what a notebook kernel was built from. The install command writes it beside the kernel's program, where the
// kernel reads it.
package origin

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/plexaura/plexaura/internal/sources"
)

// File is the record's name in the kernel's folder.
const File = "build.json"

// Record tells what a kernel was built from.
type Record struct {
	Name    string   // as Jupyter knows the kernel
	Display string   // as Jupyter shows it
	Root    string   // the clone that it was built from
	Digest  string   // of that clone's sources; "" from before the first build to its end
	Commit  string   // of the clone, if git knows; with a "+" if it was changed since
	Go      string   // version of Go
	Built   string   // when
	Created []string // folders that were made for it, outermost first
}

// Read reads the record in a kernel's folder.
func Read(folder string) (Record, error) {
	var r Record
	text, err := os.ReadFile(filepath.Join(folder, File))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("%s: %w", filepath.Join(folder, File), err)
	}
	return r, nil
}

// String describes the kernel in lines.
func (r Record) String() string {
	commit := ""
	if r.Commit != "" {
		commit = ", commit " + r.Commit
	}
	return fmt.Sprintf("kernel %s (%s)\nbuilt from %s%s\nat %s with %s\n", r.Name, r.Display, r.Root, commit, r.Built, r.Go)
}

// Staleness says how the kernel's library differs from the sources of the clone around dir, or else of the clone that it
// was built from; "" if they are the same. The error is that of sources that cannot be read, as of a clone that is no
// longer there.
func (r Record) Staleness(dir string) (string, error) {
	root, err := sources.Root(dir)
	if err != nil {
		root = r.Root
	}
	digest, err := sources.Digest(root)
	if err != nil {
		return "", fmt.Errorf("the sources of %s cannot be read: %w", root, err)
	}
	if digest == r.Digest {
		return "", nil
	}
	built := "these sources as they were at " + r.Built
	if root != r.Root {
		built = "those of " + r.Root
	}
	name := ""
	if r.Name != "plexaura" {
		name = " -name " + r.Name
	}
	return fmt.Sprintf("this kernel has not the sources of %s inside, but %s; `go run ./notebooks/kernel/install%s` there, and a restart of the kernel, change that\n",
		root, built, name), nil
}
