package zoo

import "testing"

func TestLeNet5(t *testing.T) {
	wantGolden(t, "zooclassic", "LeNet-5", Config{}, LeNet5)
	// 61,706 is 156 + 2,416 + 48,120 + 10,164 + 850 (the paper's 60,000 are without full connections of C3).
	wantPublished(t, LeNet5, Config{}, []int{1, 32, 32, 1}, 61706, 416520)
}
