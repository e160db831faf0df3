//go:build !gophernotes

// Command gophernotes is the notebook kernel: gophernotes with Plexaura and Gorgonia inside. It is built by
//
//	go run ./notebooks/kernel/install
//
// in the root of the repository, which lays gophernotes' own files over this folder and sets the build tag gophernotes.
// Without them there is nothing to run.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "gophernotes: built without gophernotes' files; `go run ./notebooks/kernel/install` in the repository's root builds the kernel and installs it")
	os.Exit(1)
}
