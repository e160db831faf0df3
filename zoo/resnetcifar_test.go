package zoo

import (
	"math"
	"testing"

	"gorgonia.org/tensor"
)

func TestResNetCIFAR(t *testing.T) {
	wantGolden(t, "zooclassic", "ResNet-20", Config{}, ResNet20)
	wantGolden(t, "zooclassic", "ResNet-56", Config{}, ResNet56)
	for name, b := range map[string]build{"ResNet-32": ResNet32, "ResNet-44": ResNet44, "ResNet-110": ResNet110} {
		wantGoldenIn(t, []tensor.Dtype{tensor.Float32}, "zooclassic", name, Config{}, b)
	}
}

// The paper's table 6 has .27, .46, .66, .85 and 1.7 million parameters; akamaster/pytorch_resnet_cifar10 counts the same. Multiply-adds
// are those from which papers on pruning start, such as He et al., "Filter pruning via geometric median" (2019), and Lin et
// al., "HRank" (2020).
func TestResNetCIFARPublished(t *testing.T) {
	for _, c := range []struct {
		b                      build
		parameters             int64
		millions, multiplyAdds float64
		unit                   float64 // to which they are rounded
	}{
		{ResNet20, 269722, 0.27, 40.6e6, 0.1e6},
		{ResNet32, 464154, 0.46, 68.9e6, 0.1e6},
		{ResNet44, 658586, 0.66, 97.2e6, 0.1e6},
		{ResNet56, 853018, 0.85, 125.49e6, 0.01e6},
		{ResNet110, 1727962, 1.73, 252.89e6, 0.01e6},
	} {
		s := summaryOf(t, c.b, Config{}, 1, 32, 32, 3)
		if got := s.Parameters(); got != c.parameters || math.Round(float64(got)/1e4)/1e2 != c.millions {
			t.Errorf("%s has %d parameters; want %d, %v millions", s.Name, got, c.parameters, c.millions)
		}
		if got := float64(s.MultiplyAdds()); math.Abs(got-c.multiplyAdds) > c.unit/2 {
			t.Errorf("%s takes %v multiply-adds; want %v", s.Name, got, c.multiplyAdds)
		}
	}
}

func TestResNetCIFARTraining(t *testing.T) { wantTraining(t, ResNet20, 3, 9, 10, 3) }

func TestResNetCIFARBadInput(t *testing.T) {
	wantBadInput(t, ResNet20, 3)
}
