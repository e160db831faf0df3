package interpreter

import "os"

// stderr writes to what os.Stderr is at the moment: a cell's output while one runs.
type stderr struct{}

func (stderr) Write(p []byte) (int, error) { return os.Stderr.Write(p) }
