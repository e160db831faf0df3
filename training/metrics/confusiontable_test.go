package metrics_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/metrics"
)

func TestConfusionMatrixRender(t *testing.T) {
	m, err := metrics.NewConfusionMatrix("<cat>", "dög")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Add(0, 1); err != nil {
		t.Fatal(err)
	}
	if err := m.Add(0, 2); err == nil || !strings.Contains(err.Error(), "prediction 0 is 2") {
		t.Errorf("Add(0, 2): %v", err)
	}
	shown := m.SimpleRender()
	if shown["text/plain"] != m.String() || !strings.Contains(m.String(), "<cat>") {
		t.Errorf("plain: %v", shown["text/plain"])
	}
	if page := shown["text/html"].(string); !strings.Contains(page, "&lt;cat&gt;") || strings.Contains(page, "<cat>") || !strings.Contains(page, ">1</td>") {
		t.Errorf("html: %s", page)
	}
	var none *metrics.ConfusionMatrix
	for _, empty := range []*metrics.ConfusionMatrix{none, {}} {
		if shown := empty.SimpleRender(); !strings.Contains(shown["text/plain"].(string), "without classes") {
			t.Errorf("an empty one: %v", shown)
		}
	}
	if _, err := metrics.NewConfusionMatrix(); err == nil || !strings.Contains(err.Error(), "names of its classes") {
		t.Errorf("no classes: %v", err)
	}
}

// TestConfusions lists mistakes by their number, and shows these where there are many classes.
func TestConfusions(t *testing.T) {
	m, err := metrics.NewConfusionMatrix(append([]string{"<0>"}, metrics.ClassNumbers(999)...)...)
	if err != nil {
		t.Fatal(err)
	}
	for label, predicted := range map[int]int{0: 7, 8: 8, 9: 3, 20: 1} {
		for range 1 + label%3 {
			if err := m.Add(label, predicted); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := []metrics.Confusion{{Label: 20, Predicted: 1, Count: 3}, {Label: 0, Predicted: 7, Count: 1}, {Label: 9, Predicted: 3, Count: 1}}
	if got := m.Confusions(10); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := m.Confusions(1); !slices.Equal(got, want[:1]) {
		t.Errorf("%v, want %v", got, want[:1])
	}
	if len(m.Confusions(-1)) != 0 || (*metrics.ConfusionMatrix)(nil).Confusions(1) != nil {
		t.Error("confusions where none were asked for")
	}
	shown := m.SimpleRender()
	const text = "confusion matrix of 1000 classes and 8 examples, accuracy 0.3750\nmost frequent confusions:\n  19 taken for 0: 3\n  <0> taken for 6: 1\n  8 taken for 2: 1"
	if shown["text/plain"] != text {
		t.Errorf("%v", shown["text/plain"])
	}
	if page := shown["text/html"].(string); len(page) > 1000 || !strings.Contains(page, "&lt;0&gt;") {
		t.Errorf("%s", page)
	}
}
