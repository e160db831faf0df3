package finetune_test

import (
	"math"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/zoo/finetune"
)

// With LayerDecay Adam, which moves a weight by the learning rate whatever the size of its gradient is, moves those of each block half as far as those of the
// block above it. The head begins with zeros, so the first gradient below it is that of the second step, when the averages of gradients and of their
// squares are (1-0.9)g/(1-0.9^2) and (1-0.999)g^2/(1-0.999^2).
func TestLayerDecay(t *testing.T) {
	const rate = 0.01
	step := rate * (0.1 / 0.19) / math.Sqrt(0.001/(1-0.999*0.999))
	depths := []string{"net/layer3/2", "net/layer3/1", "net/layer3/0", "net/layer2/2", "net/layer2/1", "net/layer2/0", "net/layer1/2", "net/layer1/1", "net/layer1/0", "net/conv1"}
	for _, c := range []struct {
		endpoint, frozen string
		decay            float64
		first            int // the place in depths of what is right below the head
		trained          int // how many of the depths are trained
	}{
		{"", "", 0, 0, 10}, {"", "", 0.5, 0, 10}, {"", "layer2/2", 0.5, 0, 3}, {"layer2", "", 0.5, 3, 10},
	} {
		cfg := small
		cfg.Data = zeroAndOne(t, small)
		cfg.Endpoint, cfg.LayerDecay, cfg.KeepLast, cfg.BatchSize, cfg.Tune = c.endpoint, c.decay, true, 1000, finetune.Phase{Epochs: 2, Rate: rate}
		s, err := finetune.New(ctx, cfg)
		if err != nil {
			t.Fatal(err)
		}
		before := values(t, s.Classifier)
		if _, err := s.TuneAbove(ctx, c.frozen); err != nil {
			t.Fatal(err)
		}
		after := values(t, s.Classifier)
		for i, scope := range depths {
			moved := 0.0
			for name, v := range before {
				if strings.HasPrefix(name, scope+"/") && !strings.Contains(name, "moving") {
					for k := range v {
						moved = max(moved, math.Abs(float64(after[name][k]-v[k])))
					}
				}
			}
			want := step
			switch {
			case i < c.first, i >= c.trained:
				want = 0
			case c.decay > 0:
				want = step * math.Pow(c.decay, float64(i+1-c.first))
			}
			if math.Abs(moved-want) > 0.02*want {
				t.Errorf("%+v: %s moved by %v; want %v", c, scope, moved, want)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
