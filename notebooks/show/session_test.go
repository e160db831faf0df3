package show_test

import (
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/notebooks/show"
	"github.com/plexaura/plexaura/training/dataset"
)

func TestSession(t *testing.T) {
	c := newChapter(t, 64)
	sess, err := graph.NewSession(c.g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	v := show.Session(sess)
	check(t, v)
	if !strings.HasPrefix(v.String(), "session, 0.2 MB, 20 variables without a value: call Init\n12 variables, ") {
		t.Errorf("%s", v)
	}
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	v = show.Session(sess)
	has(t, check(t, v), "hidden1/kernel", "not finite")
	if !strings.HasPrefix(v.String(), "session, 0.4 MB\n12 variables, ") { // 51,810 floats of weights, 51,010 of slots
		t.Errorf("%s", v)
	}
	sess.Close()
	check(t, show.Session(sess))
}

func TestFeeds(t *testing.T) {
	c := newChapter(t, 64)
	v := show.Feeds(graph.Feeds{c.X: [][]float32{{1}}, c.y: tensor.New(tensor.WithBacking([]int64{1, 2})), c.isTraining: true, nil: nil})
	check(t, v)
	const want = `4 feeds
  node      wants           gets
  X         float32[?, 64]  [][]float32
  nil       no dtype[]      <nil>
  training  bool[]          bool true
  y         int64[?]        int64[2]`
	if v.String() != want {
		t.Errorf("%s\nwant\n%s", v, want)
	}
}

func TestSet(t *testing.T) {
	digits, _, _, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	v := show.Set(digits)
	check(t, v)
	for _, want := range []string{digits.String() + "\n0 124, 1 127, 2 124, ", "\nfloat32[1257, 64], 80,448 elements\n"} {
		if !strings.Contains(v.String(), want) {
			t.Errorf("%s\nwant %s", v, want)
		}
	}
	pictures, err := digits.Reshape(8, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	v = show.Set(pictures)
	check(t, v)
	if _, ok := v.SimpleRender()["image/png"].([]byte); !ok || !strings.Contains(v.String(), "\n1,257 images of 8 × 8, the first 16 of which are shown\n") {
		t.Errorf("%s", v)
	}
	for _, s := range []*dataset.Set{nil, {}, {X: pictures.X}, {X: pictures.X, Y: tensor.New(tensor.WithBacking([]int64{1}))}} {
		check(t, show.Set(s))
	}
}

// TestSetClasses counts classes of any numbers, of which a file may have these.
func TestSetClasses(t *testing.T) {
	for want, labels := range map[string][]int64{
		"-3 1, 0 2, 1099511627776 1": {1 << 40, 0, -3, 0},
		"0 1, 1 1, 2 1, 3 1, 4 1, 5 1, 6 1, 7 1, 8 1, 9 1, 10 1, 11 1, 12 1, 13 1, 14 1, 15 1, 16 1, 17 1, 18 1, 19 1, … 2 classes more": {
			0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21},
	} {
		v := show.Set(&dataset.Set{X: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(len(labels), 2)), Y: tensor.New(tensor.WithBacking(labels))})
		check(t, v)
		if !strings.Contains(v.String(), "\n"+want+"\n") {
			t.Errorf("%s\nwant %s", v, want)
		}
	}
}
