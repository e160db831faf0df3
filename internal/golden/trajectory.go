package golden

import (
	"fmt"
	"math"
)

// bits24 returns n 24-bit integers, the top bits of splitmix64 started at seed; goldenfile.py has the same generator.
func bits24(seed uint64, n int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		seed += 0x9E3779B97F4A7C15
		z := seed
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		out[i] = uint32((z ^ z>>31) >> 40)
	}
	return out
}

// Sequence returns n numbers of [-.5, .5), k/2^24 - .5, exact in float32.
func Sequence(seed uint64, n int) []float32 {
	out := make([]float32, n)
	for i, k := range bits24(seed, n) {
		out[i] = float32(float64(k)/(1<<24) - 0.5)
	}
	return out
}

// Labels returns n integers of [0, classes).
func Labels(seed uint64, n, classes int) []int64 {
	out := make([]int64, n)
	for i, k := range bits24(seed, n) {
		out[i] = int64(uint64(k) * uint64(classes) >> 24)
	}
	return out
}

// The trajectory's net and data: inputs of 64 features, hidden layers of 30 and 20 units with batch norm and ELU, 10
// classes; 320 examples in 10 batches of 32, taken in order, again and again.
const (
	TrajectorySteps    = 80
	TrajectoryBatch    = 32
	TrajectoryExamples = 320
)

// TrajectorySizes are the layers' sizes, the input's first.
func TrajectorySizes() []int { return []int{64, 30, 20, 10} }

// TrajectoryData returns x [320, 64], row-major, and its labels [320]: a centre per class plus noise.
func TrajectoryData() (x []float32, labels []int64) {
	const features, classes = 64, 10
	centres := Sequence(1000, classes*features)
	labels = Labels(1001, TrajectoryExamples, classes)
	x = Sequence(1002, TrajectoryExamples*features)
	for i := range x {
		// A sum of multiples of 2^-24 below 1 in size: exact.
		x[i] += centres[int(labels[i/features])*features+i%features]
	}
	return x, labels
}

// TrajectoryBatchAt returns the batch of step t = 0, 1, ...: x [32, 64] and labels [32].
func TrajectoryBatchAt(t int) (x []float32, labels []int64) {
	allX, allLabels := TrajectoryData()
	first := t % (TrajectoryExamples / TrajectoryBatch) * TrajectoryBatch
	return allX[first*64 : (first+TrajectoryBatch)*64], allLabels[first : first+TrajectoryBatch]
}

// TrajectoryKernel returns the initial kernel of layer i = 1 (hidden1), 2 (hidden2) or 3 (outputs), [in, out]: uniform
// with He's variance. Gammas start at 1; betas, the output bias and the moving means at 0, moving variances at 1.
func TrajectoryKernel(i int) []float32 {
	sizes := TrajectorySizes()
	if i < 1 || i >= len(sizes) {
		panic(fmt.Sprintf("golden: TrajectoryKernel(%d): layers are 1, 2 and 3", i))
	}
	scale := 2 * math.Sqrt(6/float64(sizes[i-1]))
	out := Sequence(1010+uint64(i), sizes[i-1]*sizes[i])
	for j, v := range out {
		out[j] = float32(float64(v) * scale)
	}
	return out
}
