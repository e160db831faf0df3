package finetune

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
)

// scripted makes tries whose accuracies are known, and returns the report and the tries' words in the order in which they were made.
func scripted(t *testing.T, c SearchConfig, accuracies map[string]float64) (*SearchReport, []string) {
	t.Helper()
	r := &SearchReport{cfg: Config{Network: "n"}}
	var made []string
	err := c.tries(r, []string{"d", "c", "b", "a"}, func(try *Try) error {
		words := try.Endpoint + "/" + try.Frozen
		made = append(made, words)
		try.Accuracy = accuracies[words]
		try.Loss = 1 - try.Accuracy
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, made
}

// TestSeries: the head first; then one layer more is unfrozen in each try, then one more dropped, as long as it gets better.
func TestSeries(t *testing.T) {
	r, made := scripted(t, SearchConfig{TryPatience: 2}, map[string]float64{"d/d": 0.5, "d/c": 0.4, "d/b": 0.6, "d/a": 0.5, "d/": 0.5, "c/c": 0.5, "b/b": 0.4, "a/a": 0.9})
	if want := strings.Fields("d/d d/c d/b d/a d/ c/c b/b"); !slices.Equal(made, want) {
		t.Errorf("the tries were %v; want %v", made, want)
	}
	if cfg := r.Config(); r.Best != 2 || cfg.Endpoint != "d" || cfg.Frozen != "b" || cfg.HeadOnly || cfg.Network != "n" {
		t.Errorf("the best is %d, %+v", r.Best, cfg)
	}
	r, made = scripted(t, SearchConfig{TryPatience: 1}, map[string]float64{"d/d": 0.5, "d/c": 0.4, "d/b": 0.9, "c/c": 0.7, "b/b": 0.8, "a/a": 0.8})
	if want := strings.Fields("d/d d/c c/c b/b a/a"); !slices.Equal(made, want) {
		t.Errorf("the tries were %v; want %v", made, want)
	}
	if cfg := r.Config(); cfg.Endpoint != "b" || cfg.Frozen != "" || !cfg.HeadOnly {
		t.Errorf("the best is %+v; want the head on b", cfg)
	}
	want := `reused up to  trained         parameters  accuracy (validation)  loss    seconds  
d             only the head   0           0.5000                 0.5000  0.0      
d             layers above c  0           0.4000                 0.6000  0.0      
c             only the head   0           0.7000                 0.3000  0.0      
b             only the head   0           0.8000                 0.2000  0.0      *
a             only the head   0           0.8000                 0.2000  0.0      
`
	if got := r.String(); got != want {
		t.Errorf("the table is\n%s; want\n%s", got, want)
	}
	if html, _ := r.SimpleRender()["text/html"].(string); strings.Count(html, "<tr>") != 6 {
		t.Errorf("in a notebook it is %s", html)
	}
}

// TestInterruptedSearch: the error says at which try, and the tries before it are there.
func TestInterruptedSearch(t *testing.T) {
	r := &SearchReport{}
	err := SearchConfig{TryPatience: 2}.tries(r, []string{"d", "c"}, func(try *Try) error {
		if try.Frozen == "c" {
			return context.Canceled
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "d, layers above c") || len(r.Tries) != 1 {
		t.Errorf("got %v and %v", err, r)
	}
}

func TestBadSearches(t *testing.T) {
	for want, cfg := range map[string]SearchConfig{
		"are what is searched for":     {Config: Config{Network: "cifar/resnet20", HeadOnly: true}},
		"Folds is 1; want 2 or more":   {Folds: 1},
		"TryPatience is -1":            {TryPatience: -1},
		"there are no weights called":  {Config: Config{Network: "none"}},
		"finetune: Folders: Train is ": {Config: Config{Network: "cifar/resnet20"}},
	} {
		if r, err := Search(context.Background(), cfg); r != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}
