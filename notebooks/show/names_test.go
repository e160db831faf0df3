package show_test

import (
	"errors"
	"image"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/notebooks/show"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/boxes"
	"github.com/plexaura/plexaura/training/dataset"
)

// hostile are names that a file may have.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onload='alert(1)`, `]]><svg/onload=alert(1)>`, `&lt;b&gt;`, "\x00\x01\x1b[31m", "\u202e evil", "\xff\xfe",
	strings.Repeat("x", 1_000_000), strings.Repeat("a/", 100_000), "////", "", " ", "\n\r\t", "名前/変数", "<!--", "%s%n%d", "🙂/🙂",
}

// graphOf makes a graph of nodes with any names, as Wrap adopts them.
func graphOf(names ...string) *graph.Graph {
	expr := gorgonia.NewGraph()
	for _, name := range names {
		x := gorgonia.NewVector(expr, gorgonia.Float32, gorgonia.WithShape(3), gorgonia.WithName(name))
		gorgonia.Must(gorgonia.Square(x))
	}
	return graph.Wrap(expr)
}

func TestHostileNames(t *testing.T) {
	g := graphOf(hostile...)
	for _, v := range []*show.View{
		show.Graph(g, show.GraphConfig{}), show.Graph(g, show.GraphConfig{Depth: 12}), show.Nodes(g.Operations()), show.Nodes(append(gorgonia.Nodes{nil}, g.Operations()...)),
	} {
		check(t, v)
		for _, form := range []string{v.String(), page(v), svg(v)} {
			if strings.ContainsAny(form, "\x00\x1b\u202e") || len(form) > 1<<21 {
				t.Errorf("%d bytes, or control characters: %.300q", len(form), form)
			}
		}
	}
	for _, n := range g.Operations() {
		plain(t, show.Node(n))
	}
	name := "\x00a\x1b[31m\nb\u202e\u2066c\u2069/x"
	named := graphOf(name)
	vars := named.Operations()
	classes := []string{name}
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(1, 8, 8, 1))
	set := &dataset.Set{Name: name, X: x, Y: tensor.New(tensor.WithBacking([]int64{0})), Classes: classes}
	for _, v := range []*show.View{
		show.Graph(named, show.GraphConfig{Scope: name[:strings.LastIndexByte(name, '/')]}), show.Graph(named, show.GraphConfig{Scope: name}),
		show.Variables(named, show.VariablesConfig{Vars: vars}), show.Feeds(graph.Feeds{vars[0]: 1}), show.Metrics(map[string]float64{name: 1}),
		show.Gradients([]training.GradVar{{Var: vars[0], Grad: vars[0]}}), show.Set(set), show.Error(&graph.RunError{Node: name, Op: name, Cause: errors.New(name)}),
		show.Tensor(x, show.TensorConfig{Title: name}), show.Images(x, show.ImagesConfig{Title: name, Names: classes, Labels: []int{0}, Predicted: []int{1}}),
		show.Boxes(image.NewGray(image.Rect(0, 0, 9, 9)), []boxes.Box{{Right: 5, Bottom: 5}}, show.BoxesConfig{Names: classes}),
	} {
		plain(t, v)
	}
}

// plain wants a view without characters that control a terminal or turn the direction of writing around.
func plain(t *testing.T, v *show.View) {
	t.Helper()
	check(t, v)
	for _, form := range []string{v.String(), page(v), svg(v)} {
		if strings.ContainsAny(form, "\x00\x1b\u202a\u202e\u2066\u2069") || strings.Contains(form, "a [31m\nb") {
			t.Errorf("control characters: %.300q", form)
		}
	}
}

// FuzzNames holds that any name gives pictures that a parser takes.
func FuzzNames(f *testing.F) {
	for _, name := range hostile {
		f.Add(name[:min(len(name), 3000)], "x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		g := graphOf(a, b, a+"/"+b)
		check(t, show.Graph(g, show.GraphConfig{Depth: 3}))
		check(t, show.Node(g.Operations()[0]))
		check(t, show.Metrics(map[string]float64{a: 1, b: 2}))
	})
}
