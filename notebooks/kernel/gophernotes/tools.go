//go:build tools

package main

// What only gophernotes' own files and the bindings import, for go mod tidy.
import (
	_ "github.com/gofrs/uuid"
	_ "github.com/gopherdata/gophernotes/imports"
	_ "github.com/plexaura/plexaura/graph"
)
