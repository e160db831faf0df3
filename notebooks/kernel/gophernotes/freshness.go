//go:build gophernotes

package main

import (
	"os"
	"path/filepath"

	"github.com/plexaura/plexaura/notebooks/kernel/internal/origin"
)

// readOrigin reads what this kernel was built from.
func readOrigin() (origin.Record, error) {
	program, err := os.Executable()
	if err != nil {
		return origin.Record{}, err
	}
	return origin.Read(filepath.Dir(program))
}

// aboutKernel is what the command %kernel says.
func aboutKernel() []byte {
	o, err := readOrigin()
	if err != nil {
		return []byte("it is not known what this kernel was built from: " + err.Error() + "\n")
	}
	text, err := o.Staleness(".")
	switch {
	case err != nil:
		text = err.Error() + "\n"
	case text == "":
		text = "its sources have not changed since\n"
	}
	return []byte(o.String() + text)
}
