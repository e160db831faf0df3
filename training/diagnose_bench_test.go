package training_test

import (
	"context"
	"testing"
	"time"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/training"
)

// BenchmarkDiagnose also reports how many bare training steps a diagnosis takes
// the time of; it makes 240 with the trials, 40 without.
func BenchmarkDiagnose(b *testing.B) {
	for _, c := range []struct {
		name string
		cfg  training.DiagnoseConfig
	}{{"trials", training.DiagnoseConfig{}}, {"no trials", training.DiagnoseConfig{NoTrials: true}}} {
		b.Run(c.name, func(b *testing.B) {
			p := patient{data: "digits", batch: 128, hidden: widths(200, 5), act: elu, kernel: initializers.He(), norm: true, opt: adam(0.001)}
			sess, cfg := p.admit(b, 1, c.cfg)
			cfg.Data.Next()
			feeds := graph.Feeds{cfg.X: cfg.Data.X(), cfg.Y: cfg.Data.Y()}
			for n, v := range cfg.Feeds {
				feeds[n] = v
			}
			const steps = 100
			begin := time.Now()
			for i := 0; i < steps; i++ {
				if _, err := sess.Run(feeds, cfg.Step, cfg.Loss); err != nil {
					b.Fatal(err)
				}
			}
			step := time.Since(begin).Seconds() / steps
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				if _, err := training.Diagnose(context.Background(), sess, cfg); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/step, "steps")
		})
	}
}
