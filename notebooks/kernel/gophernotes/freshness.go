//go:build gophernotes

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/plexaura/plexaura/internal/sources"
)

// origin is what the kernel was built from. The install command writes it beside the program.
type origin struct {
	Name    string
	Display string
	Root    string // a clone of Plexaura
	Digest  string // of its sources
	Commit  string
	Go      string
	Built   string
}

// readOrigin reads what this kernel was built from.
func readOrigin() (origin, error) {
	var o origin
	program, err := os.Executable()
	if err != nil {
		return o, err
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(program), "build.json"))
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(text, &o)
}

// String describes the origin in lines.
func (o origin) String() string {
	return fmt.Sprintf("kernel %s (%s)\nbuilt from %s, commit %s\nat %s with %s\n", o.Name, o.Display, o.Root, o.Commit, o.Built, o.Go)
}

// staleness says how the kernel's library differs from the sources of the clone around the working directory, or else
// of the clone that it was built from; "" if they are the same. The error is that of sources that cannot be read, as of a
// clone that is no longer there.
func (o origin) staleness() (string, error) {
	root, err := sources.Root(".")
	if err != nil {
		root = o.Root
	}
	digest, err := sources.Digest(root)
	if err != nil {
		return "", fmt.Errorf("the sources of %s cannot be read: %w", root, err)
	}
	if digest == o.Digest {
		return "", nil
	}
	built := "these sources as they were at " + o.Built
	if root != o.Root {
		built = "those of " + o.Root
	}
	name := ""
	if o.Name != "plexaura" {
		name = " -name " + o.Name
	}
	return fmt.Sprintf("this kernel has not the sources of %s inside, but %s; `go run ./notebooks/kernel/install%s` there, and a restart of the kernel, change that\n",
		root, built, name), nil
}

// aboutKernel is what the command %kernel says.
func aboutKernel() []byte {
	o, err := readOrigin()
	if err != nil {
		return []byte("it is not known what this kernel was built from: " + err.Error() + "\n")
	}
	text, err := o.staleness()
	switch {
	case err != nil:
		text = err.Error() + "\n"
	case text == "":
		text = "its sources have not changed since\n"
	}
	return []byte(o.String() + text)
}
