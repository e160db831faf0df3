//go:build race

package weightstest

// beside is what a reader may take beside a multiple of the file's length: buffers. Under the race detector pools drop what
// they hold at random, so that those of package flate are made again and again.
const beside = 4 << 20
