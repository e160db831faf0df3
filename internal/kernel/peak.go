package kernel

// PeakFlops does at least rounds fused multiply-adds of vectors of float32,
// independent of each other and all in registers, and returns the number of
// floating-point operations, two a multiply-add and lane. What they take is the
// processor's limit, which no matrix product passes; benchmarks compare with it. Portable code has
// no such limit to measure: it does nothing and returns 0.
func PeakFlops(rounds int) int { return peakSIMD(rounds) }
