package finetune

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// SearchReport has the tries of a Search.
type SearchReport struct {
	Tries []Try
	Best  int // the place of the best
	Folds int // those of the cross-validation; 0: measured on the validation pictures

	cfg Config
}

// Try is a number of layers that are reused and trained.
type Try struct {
	Endpoint string // the highest layer that is reused
	Frozen   string // the highest that is not trained: Endpoint, where only the head is; "", where all are
	// Accuracy and Loss are those of the pictures that were held out, as they were best in training.
	Accuracy, Loss float64
	Trained        int // parameters
	Took           time.Duration
}

// Config is that of the search with the layers of the best try, for Run.
func (r *SearchReport) Config() Config {
	if len(r.Tries) == 0 {
		return r.cfg
	}
	return r.Tries[r.Best].config(r.cfg)
}

// config puts the layers of a try into a config.
func (t Try) config(c Config) Config {
	c.Endpoint, c.Frozen, c.HeadOnly = t.Endpoint, t.Frozen, t.Endpoint == t.Frozen
	if c.HeadOnly {
		c.Frozen = ""
	}
	return c
}

// better tells whether a try is more accurate than another, or as accurate with less loss.
func (t Try) better(other Try) bool {
	if t.Accuracy != other.Accuracy {
		return t.Accuracy > other.Accuracy
	}
	return t.Loss < other.Loss
}

// String is as in "layer4/1, trained: layers above layer3/1: accuracy 0.9273, loss 0.2011 (12.3 s)".
func (t Try) String() string {
	return fmt.Sprintf("%s, trained: %s: accuracy %.4f, loss %.4f (%.1f s)", t.Endpoint, t.trained(), t.Accuracy, t.Loss, t.Took.Seconds())
}

func (t Try) trained() string {
	switch t.Frozen {
	case t.Endpoint:
		return "only the head"
	case "":
		return "all layers"
	}
	return "layers above " + t.Frozen
}

// String is a table of the tries; a star marks the best.
func (r *SearchReport) String() string {
	if r == nil || len(r.Tries) == 0 {
		return "no tries\n"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range r.rows() {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush()
	return b.String()
}

// SimpleRender shows the table in a notebook.
func (r *SearchReport) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": r.String()}
	if r != nil && len(r.Tries) > 0 {
		var b strings.Builder
		writeTable(&b, r.rows())
		shown["text/html"] = b.String()
	}
	return shown
}

func (r *SearchReport) rows() [][]string {
	measured := "validation"
	if r.Folds > 0 {
		measured = fmt.Sprintf("%d folds", r.Folds)
	}
	rows := [][]string{{"reused up to", "trained", "parameters", "accuracy (" + measured + ")", "loss", "seconds", ""}}
	for i, t := range r.Tries {
		mark := ""
		if i == r.Best {
			mark = "*"
		}
		rows = append(rows, []string{t.Endpoint, t.trained(), fmt.Sprint(t.Trained), fmt.Sprintf("%.4f", t.Accuracy), fmt.Sprintf("%.4f", t.Loss), seconds(t.Took), mark})
	}
	return rows
}
