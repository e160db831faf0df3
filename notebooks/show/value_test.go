package show_test

import (
	"bytes"
	"errors"
	"image"
	"io"
	"os"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/notebooks/show"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// TestValue wants every type that the kernel may come with to be shown, nil too, and no other.
func TestValue(t *testing.T) {
	c := newChapter(t, 64)
	expr := gorgonia.NewGraph()
	gorgonia.NewScalar(expr, gorgonia.Float64, gorgonia.WithName("x"))
	x := tensor.New(tensor.WithBacking([]float32{1, 2}))
	scalar := gorgonia.F64(1)
	digits, _, _, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	for want, v := range map[string]interface{}{
		"graph of 71 ops": c.g, "no graph": (*graph.Graph)(nil), "graph of 1 op": expr, "no graph\n": (*gorgonia.ExprGraph)(nil), "graph of 71 ops,": c.g.Expr(),
		"dnn/outputs/BiasAdd": c.logits, "no node": (*gorgonia.Node)(nil), "12 variables": c.g.ModelVariables(), "2 nodes": []*gorgonia.Node{c.X, c.loss},
		"no nodes": gorgonia.Nodes(nil), "float32[2]": x, "no tensor": (*tensor.Dense)(nil), "0: float32[2]": graph.Values{x}, "0: float64": []gorgonia.Value{&scalar},
		"0: no value": []*tensor.Dense{nil}, "1 gradient\n": []training.GradVar{{Var: c.g.Trainable()[0], Grad: c.logits}}, "no gradients": []training.GradVar(nil),
		"  a  1": map[string]float64{"a": 1}, "no metrics": map[string]float64(nil), "picture of 2 × 3": image.NewRGBA(image.Rect(0, 0, 2, 3)),
		"picture of 3 × 2": []image.Image{image.NewGray(image.Rect(0, 0, 3, 2)), nil}, "no picture": (*image.RGBA)(nil), "no pictures": []image.Image(nil),
		"error: broken": errors.New("broken"), "dnn: 20 ops": c.g.Scope().NameScope("dnn"), "no scope": (*graph.Scope)(nil), "no scope nowhere": c.g.Scope().Sub("nowhere"),
		"session, ": c.session(t), "no session": (*graph.Session)(nil), "1 feed\n": graph.Feeds{c.X: x}, "no feeds": graph.Feeds(nil), "digits/train: 1257 examples": digits, "no data set": (*dataset.Set)(nil), "float64 1": &scalar,
	} {
		bundle, ok := show.Value(v)
		if text, _ := bundle["text/plain"].(string); !ok || !strings.HasPrefix(text+"\n", want) {
			t.Errorf("%T: %v, %q; want %q", v, ok, bundle["text/plain"], want)
		}
	}
	for _, v := range []interface{}{nil, 1, "text", struct{}{}, []int{1}} {
		if bundle, ok := show.Value(v); ok || bundle != nil {
			t.Errorf("%T: %v", v, bundle)
		}
	}
}

// broken panics wherever one looks at it.
type broken struct{}

func (broken) Error() string                        { panic("broken") }
func (broken) Bounds() image.Rectangle              { panic("broken") }
func (broken) SimpleRender() map[string]interface{} { panic("broken") }
func (broken) String() string                       { panic("broken") }

type brokenError struct{ broken }

func (brokenError) SimpleRender() {}

func TestBroken(t *testing.T) {
	bundle, ok := show.Value(brokenError{})
	if !ok || !strings.Contains(bundle["text/plain"].(string), "could not be shown") {
		t.Errorf("%v", bundle)
	}
	var nilError *graph.BuildError
	if bundle, ok := show.Value(nilError); !ok || bundle["text/plain"] == "" {
		t.Errorf("%v", bundle)
	}
	shown := collect(t)
	self := map[string]interface{}{}
	self["self"] = self
	for _, v := range []interface{}{broken{}, nil, 3, self} {
		if err := show.Display(v); err != nil {
			t.Error(err)
		}
	}
	if len(*shown) != 4 || (*shown)[3].bundle["text/plain"] != "map[string]interface {}, too large to print" || (*shown)[0].bundle["text/plain"] != "show_test.broken" || (*shown)[1].bundle["text/plain"] != "<nil>" || (*shown)[2].bundle["text/plain"] != "3" {
		t.Errorf("%v", *shown)
	}
}

// displayed is what a display was given.
type displayed struct {
	id     string
	bundle map[string]interface{}
	update bool
}

// collect sets a display for the time of a test.
func collect(t testing.TB) *[]displayed {
	shown := new([]displayed)
	show.SetDisplay(func(id string, bundle map[string]interface{}, update bool) error {
		*shown = append(*shown, displayed{id, bundle, update})
		return nil
	})
	t.Cleanup(func() { show.SetDisplay(nil) })
	return shown
}

func TestDisplay(t *testing.T) {
	shown := collect(t)
	var a, b show.Area
	for _, f := range []func() error{
		func() error { return a.Show(map[string]float64{"loss": 1}) }, func() error { return b.Show(errors.New("x")) }, func() error { return a.Show(2) }, func() error { return show.Display(3) },
	} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	s := *shown
	if len(s) != 4 || s[0].update || s[1].update || !s[2].update || s[3].update || s[0].id != s[2].id || s[0].id == s[1].id || s[3].id == s[0].id || s[3].id == s[1].id {
		t.Errorf("%+v", s)
	}
	if s[0].bundle["text/html"] == nil || s[2].bundle["text/plain"] != "2" {
		t.Errorf("%+v", s)
	}
	show.SetDisplay(func(string, map[string]interface{}, bool) error { return errors.New("not sent") })
	if err := show.Display(1); err == nil || err.Error() != "not sent" {
		t.Errorf("%v", err)
	}
}

// TestDisplayPrints writes the text where there is no notebook, to what os.Stdout is then.
func TestDisplayPrints(t *testing.T) {
	if got := printed(t, func() { show.Display(map[string]float64{"loss": 1}) }); got != "  loss  1\n" {
		t.Errorf("%q", got)
	}
}

// printed is what f writes to os.Stdout.
func printed(t testing.TB, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	was := os.Stdout
	os.Stdout = w
	defer func() { os.Stdout = was }()
	done := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(r)
		done <- b
	}()
	f()
	w.Close()
	return string(bytes.ToValidUTF8(<-done, nil))
}
