//go:build !race

package weightstest

// beside is what a reader may take beside a multiple of the file's length: buffers.
const beside = 1 << 20
