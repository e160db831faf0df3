package bench

import "testing"

// BenchmarkCD1 is a step of contrastive divergence, of which 600 make an epoch of 60,000 images.
func BenchmarkCD1(b *testing.B) {
	step, sess, err := RBMStep(RBMConfig{Visible: 784, Hidden: 500, Batch: 100})
	if err != nil {
		b.Fatal(err)
	}
	defer sess.Close()
	b.ReportAllocs()
	for b.Loop() {
		if err := step(); err != nil {
			b.Fatal(err)
		}
	}
	const products = 5 // three ways between the layers, and the statistics of data and machine
	b.ReportMetric(products*2*784*500*100*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
