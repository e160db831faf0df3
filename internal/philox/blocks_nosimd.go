//go:build !amd64 || noasm

package philox

// group is how many blocks the vector code makes at once: this build has none.
var group int

var groups = []int{0}

func (s Stream) words(dst []uint8, first uint64) int { return 0 }

func (s Stream) uniform(dst []float32, first uint64, lo, span, last float32) int { return 0 }
