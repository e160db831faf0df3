package metrics_test

import (
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
