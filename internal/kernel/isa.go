package kernel

// ISA is an instruction set that the kernels of float32 and the matrix products
// are written for.
type ISA int

const (
	Portable ISA = iota // Go code, on any processor
	AVX2                // with FMA: x86-64-v3
	AVX512              // F, BW, DQ and VL: x86-64-v4
)

// String is the usual name.
func (i ISA) String() string {
	return [...]string{"portable", "AVX2", "AVX-512"}[i]
}

// active is what the kernels use: the best that the processor and the build
// have. Only Use changes it.
var active = Best()

// Active returns the instruction set in use.
func Active() ISA { return active }

// Use makes the kernels use i, or the best there is where i is more than that,
// and returns a function that restores what was used before. It is for tests
// and benchmarks: it is not synchronized with kernels that are running.
func Use(i ISA) (restore func()) {
	before := active
	active = min(i, Best())
	return func() { active = before }
}
