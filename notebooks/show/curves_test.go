package show_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/plexaura/plexaura/notebooks/show"
	"github.com/plexaura/plexaura/training"
)

func TestCurves(t *testing.T) {
	shown := collect(t)
	c := newChapter(t, 64)
	h := &show.Curves{Every: time.Nanosecond, Title: "digits"}
	c.fit(t, c.session(t), 3, h)
	s := *shown
	if len(s) < 2 || s[0].update {
		t.Fatalf("%d pictures", len(s))
	}
	for i, d := range s {
		checkXML(t, d.bundle["image/svg+xml"].(string))
		if d.id != s[0].id || d.update != (i > 0) {
			t.Errorf("picture %d: id %s, update %t", i, d.id, d.update)
		}
	}
	last := s[len(s)-1].bundle["text/plain"].(string)
	for _, want := range []string{"digits: epoch 3, step 78, loss 0.", "\nloss ", "\naccuracy ", "\nvalidation/accuracy ", "\nvalidation/loss "} {
		if !strings.Contains(last, want) {
			t.Errorf("no %q in\n%s", want, last)
		}
	}
	c.fit(t, c.session(t), 1, h) // once more, a picture of its own
	if n := (*shown)[len(s)]; n.update || n.id == s[0].id {
		t.Errorf("the second training goes on in the picture of the first: %+v", n)
	}
}

// TestCurvesRarely draws at the end only where the time between two pictures is long.
func TestCurvesRarely(t *testing.T) {
	shown := collect(t)
	c := newChapter(t, 64)
	c.fit(t, c.session(t), 2, &show.Curves{Every: time.Hour, Names: []string{"validation/loss", "no such name"}, LogScale: true})
	if s := *shown; len(s) != 1 || !strings.Contains(s[0].bundle["text/plain"].(string), "validation/loss") || strings.Contains(s[0].bundle["text/plain"].(string), "accuracy  ") {
		t.Errorf("%+v", s)
	}
}

// TestCurvesNames draws what has any name.
func TestCurvesNames(t *testing.T) {
	shown := collect(t)
	const name = "a\x00\x1b[31m\nb\u202e"
	c := newChapter(t, 64)
	record := &recorder{name: name}
	c.fit(t, c.session(t), 1, record, &show.Curves{Title: name, Names: []string{name, "loss"}})
	last := (*shown)[len(*shown)-1].bundle
	text := last["text/plain"].(string)
	checkXML(t, last["image/svg+xml"].(string))
	if strings.ContainsAny(text, "\x00\x1b\u202e") || !strings.Contains(text, "a  [31m b: epoch 1") || !strings.Contains(text, "\na  [31m b ") {
		t.Errorf("%q", text)
	}
}

// recorder records a number under a name.
type recorder struct {
	training.NoHook
	name string
}

func (r *recorder) AfterEpoch(l *training.Loop) error { return l.Record(r.name, 1) }

// TestCurvesTime holds, by a clock of its own, how long a training goes on between two pictures.
func TestCurvesTime(t *testing.T) {
	const drawing = 7 * time.Millisecond
	w := &watch{now: time.Unix(1, 0)}
	ready, gaps := w.now, []time.Duration{}
	show.SetDisplay(func(string, map[string]interface{}, bool) error {
		gaps = append(gaps, w.now.Sub(ready))
		w.now = w.now.Add(drawing)
		ready = w.now
		return nil
	})
	defer show.SetDisplay(nil)
	h := &show.Curves{Every: time.Nanosecond}
	h.SetClock(func() time.Time { return w.now })
	c := newChapter(t, 64)
	began := w.now
	c.fit(t, c.session(t), 40, w, h)
	if len(gaps) < 5 {
		t.Fatalf("%d pictures", len(gaps))
	}
	between := gaps[1 : len(gaps)-1] // the first and the last picture do not wait
	for i, gap := range between {
		if gap < 20*drawing {
			t.Errorf("picture %d comes %v after the one before, which took %v", i+2, gap, drawing)
		}
	}
	if share := float64(len(between)) * float64(drawing) / float64(w.now.Sub(began)); share >= 0.1 {
		t.Errorf("the pictures between the first and the last take %.2f of the time", share)
	}
}

// watch is a clock that a step moves on.
type watch struct {
	training.NoHook
	now time.Time
}

func (w *watch) AfterStep(*training.Loop) error { w.now = w.now.Add(time.Millisecond); return nil }

// TestCurvesChangeNothing compares the weights of trainings with and without pictures.
func TestCurvesChangeNothing(t *testing.T) {
	collect(t)
	weights := func(hooks ...*show.Curves) interface{} {
		c := newChapter(t, 64)
		sess := c.session(t)
		if len(hooks) > 0 {
			c.fit(t, sess, 2, hooks[0])
		} else {
			c.fit(t, sess, 2)
		}
		v, err := sess.Value(c.g.Trainable()[0])
		if err != nil {
			t.Fatal(err)
		}
		return v.Data()
	}
	with, without := weights(&show.Curves{Every: time.Nanosecond}).([]float32), weights().([]float32)
	for i, v := range with {
		if v != without[i] {
			t.Fatalf("weight %d is %v with pictures and %v without", i, v, without[i])
		}
	}
}

// TestCurvesElsewhere prints nothing outside of a notebook, unless that is wanted.
func TestCurvesElsewhere(t *testing.T) {
	c := newChapter(t, 64)
	if got := printed(t, func() { c.fit(t, c.session(t), 1, &show.Curves{}) }); got != "" {
		t.Errorf("%q", got)
	}
	got := printed(t, func() { c.fit(t, c.session(t), 2, &show.Curves{Text: true}) })
	if lines := strings.Split(got, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "epoch 1, step 26, loss ") || !strings.Contains(lines[1], "validation/loss ") {
		t.Errorf("%q", got)
	}
}

// TestCurvesNotShown goes on training where the picture cannot be shown.
func TestCurvesNotShown(t *testing.T) {
	show.SetDisplay(func(string, map[string]interface{}, bool) error { return errors.New("no page") })
	defer show.SetDisplay(nil)
	c := newChapter(t, 64)
	history := c.fit(t, c.session(t), 1, &show.Curves{})
	if len(history.Warnings) == 0 || !strings.Contains(strings.Join(history.Warnings, "\n"), "show.Curves: no page") {
		t.Errorf("%q", history.Warnings)
	}
	show.SetDisplay(func(string, map[string]interface{}, bool) error { panic("no page") })
	history = c.fit(t, c.session(t), 1, &show.Curves{})
	if !strings.Contains(strings.Join(history.Warnings, "\n"), "show.Curves: no page") {
		t.Errorf("%q", history.Warnings)
	}
}
