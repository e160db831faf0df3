package rbm_test

import (
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/plots"
	"github.com/plexaura/plexaura/transfer/rbm"
)

func TestPictures(t *testing.T) {
	for _, dtype := range dtypes {
		m := newMachine(t, dtype, 6, 1, rbm.Config{Hidden: 4, LearningRate: 0.1})
		image := plots.ImageGridConfig{Height: 2, Width: 3}
		p, err := m.Filters(m.sess, image)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := p.String(), "4 of 4 filters of 2 x 3, each divided by its largest magnitude"; got != want {
			t.Errorf("%s; want %s", got, want)
		}
		if _, ok := p.SimpleRender()["image/png"].([]byte); !ok {
			t.Error("a notebook would not see the filters")
		}
		feeds := graph.Feeds{m.X: dense(dtype, fractions(0.618, 0, 18), 3, 6)}
		p, err = m.Reconstructions(m.sess, feeds, image)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := p.String(), "3 images of 2 x 3, each above its reconstruction"; got != want {
			t.Errorf("%s; want %s", got, want)
		}
		image.Width = 4
		_, err = m.Filters(m.sess, image)
		wantError(t, err, "rbm: plots: filters", "24 weights", "4 filters of 2 x 4")
		_, err = m.Reconstructions(m.sess, feeds, image)
		wantError(t, err, "6 values", "2 x 4")
		_, err = m.Reconstructions(m.sess, nil, image)
		wantError(t, err, "rbm: Reconstructions")
		_, err = m.Filters(nil, image)
		wantError(t, err, "session is nil")
		_, err = m.Reconstructions(nil, feeds, image)
		wantError(t, err, "session is nil")
	}
}
