package show_test

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	pkgerrors "github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/notebooks/show"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/boxes"
)

func TestNode(t *testing.T) {
	c := newChapter(t, 784)
	for want, n := range map[string]*gorgonia.Node{
		`hidden1/kernel
  kind  variable
  value  float32[784, 300]
  elements  235,200, trained
  initial  He
  slots  hidden1/kernel/Momentum float32[784, 300]
  read by  dnn/hidden1/MatMul float32[?, 300], train/gradients/MatMul_4 float32[?, 784], train/Momentum/update_hidden1/kernel/ApplyMomentum float32[784, 300]`: c.g.Trainable()[0],
		`train/Momentum/update_hidden1/beta/ApplyMomentum
  op  ApplyMomentum
  value  float32[300]
  reads  hidden1/beta float32[300], hidden1/beta/Momentum float32[300], train/clip_by_value_2 float32[300]
  read by  no node
  runs after  train/After bool[]
  attributes  learning_rate 0.01, momentum 0.9, use_nesterov false
  writes  hidden1/beta float32[300], hidden1/beta/Momentum float32[300]
  gradient  none: gradients stop here`: c.g.Node("train/Momentum/update_hidden1/beta/ApplyMomentum"),
		`training
  kind  placeholder, false where it is not fed
  value  bool[]`: c.isTraining,
		`dnn/hidden1/FusedBatchNorm_aux
  output  1 of dnn/hidden1/FusedBatchNorm
  value  float32[300]`: c.g.Node("dnn/hidden1/FusedBatchNorm_aux"),
	} {
		v := show.Node(n)
		check(t, v)
		if !strings.HasPrefix(v.String(), want) {
			t.Errorf("%s\nwant\n%s", v, want)
		}
	}
	has(t, check(t, show.Node(c.logits)), "dnn/outputs/MatMul", "BiasAdd", "? × 10", "eval/Accuracy")
	branch := show.Node(c.g.Node("dnn/hidden1/FusedBatchNorm"))
	if !strings.Contains(branch.String(), "runs where  training is true") {
		t.Errorf("%s", branch)
	}
	if err := c.g.Err(); err != nil {
		t.Error(err)
	}
	bad := c.g.Node("no such node")
	if v := show.Node(bad); !strings.Contains(v.String(), "failed op") {
		t.Errorf("%s", v)
	}
	lone := gorgonia.NewScalar(gorgonia.NewGraph(), gorgonia.Float64, gorgonia.WithName("x"))
	if v := show.Node(lone); v.String() != "x: a node of Gorgonia in no graph.Graph, float64[]" {
		t.Errorf("%s", v)
	}
}

// TestNodeGradients names where gradients come from.
func TestNodeGradients(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, 3)
	for want, n := range map[string]*gorgonia.Node{
		"gradient  its own": ops.Square(s, x), "gradient  none: gradients stop here": ops.Floor(s, x), "gradient  none: it has no value": graph.Group(s, x),
	} {
		if v := show.Node(n); !strings.Contains(v.String(), want) {
			t.Errorf("%s\nwant %s", v, want)
		}
	}
}

func TestNodes(t *testing.T) {
	c := newChapter(t, 784)
	v := show.Nodes(c.g.Operations())
	check(t, v)
	if !strings.Contains(v.String(), "… ") || !strings.HasPrefix(v.String(), fmt.Sprintf("%d nodes\n", len(c.g.Operations()))) {
		t.Errorf("%s", v)
	}
	if v := show.Nodes(c.g.Trainable()); !strings.HasPrefix(v.String(), "8 variables, 267,010 elements, 267,010 trained\n") {
		t.Errorf("%s", v)
	}
	other := gorgonia.NewScalar(gorgonia.NewGraph(), gorgonia.Float64, gorgonia.WithName("x"))
	check(t, show.Nodes(gorgonia.Nodes{nil, other, c.loss}))
}

func TestGradients(t *testing.T) {
	c := newChapter(t, 784)
	v := show.Gradients([]training.GradVar{{Var: c.g.Trainable()[0]}, {Var: c.g.Trainable()[1], Grad: c.g.Node("train/clip_by_value_1")}, {}})
	check(t, v)
	const want = "3 gradients\n  variable        value              gradient\n  hidden1/kernel  float32[784, 300]  none\n  hidden1/gamma   float32[300]       train/clip_by_value_1 float32[300]\n"
	if !strings.HasPrefix(v.String(), want) {
		t.Errorf("%s\nwant\n%s", v, want)
	}
}

func TestVariables(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	graph.Variable(s, "a", tensor.Shape{2, 3}, graph.VariableConfig{Initializer: graph.InitialValue(graph.Const(s, [][]float32{{1, 2, 3}, {4, 5, 6}}))})
	b := graph.Variable(s, "b", tensor.Shape{}, graph.VariableConfig{Dtype: tensor.Int64, NotTrainable: true})
	graph.Variable(s, "c", tensor.Shape{4}, graph.VariableConfig{})
	g.Freeze(g.Node("c"))
	v := show.Variables(g, show.VariablesConfig{})
	check(t, v)
	const want = `3 variables, 11 elements, 6 trained
  variable  shape                      initial                             elements
  a         2 × 3         trained      InitialValue(Const)                        6
  b         int64 scalar  not trained  default (GlorotUniform for floats)         1
  c         4             frozen       default (GlorotUniform for floats)         4`
	if v.String() != want {
		t.Errorf("%s\nwant\n%s", v, want)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if v := show.Variables(g, show.VariablesConfig{Session: sess}); strings.Count(v.String(), "no value") != 3 {
		t.Errorf("%s", v)
	}
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	if err := sess.SetValue(g.Node("c"), []float32{float32(math.NaN()), 1, 1, 1}); err != nil {
		t.Fatal(err)
	}
	v = show.Variables(g, show.VariablesConfig{Session: sess, Vars: gorgonia.Nodes{g.Node("a"), b, g.Node("c"), nil}})
	check(t, v)
	for _, want := range []string{"6 3.5 1.708 1 6 b", "1 0 0 0 0 c", "4 1 0 1 1 1 nil"} {
		if !strings.Contains(strings.Join(strings.Fields(v.String()), " "), want) {
			t.Errorf("%s\nwant %s", v, want)
		}
	}
	if v := show.Variables(g, show.VariablesConfig{Limit: 1}); !strings.HasSuffix(v.String(), "… 2 more variables") || strings.Contains(v.String(), "frozen") {
		t.Errorf("%s", v)
	}
	for _, g := range []*graph.Graph{nil, graph.New(graph.Config{})} {
		check(t, show.Variables(g, show.VariablesConfig{}))
	}
}

func TestMetrics(t *testing.T) {
	v := show.Metrics(map[string]float64{"loss": math.NaN(), "accuracy": 0.98765, "big": 1e9, "small": -2.5e-7, "none": math.Inf(-1)})
	has(t, check(t, v), "loss", "NaN", "0.9877")
	const want = "  accuracy      0.9877\n  big        1.000e+09\n  loss             NaN\n  none              -∞\n  small     -2.500e-07"
	if v.String() != want {
		t.Errorf("%s\nwant\n%s", v, want)
	}
	many := map[string]float64{}
	for i := range 1000 {
		many[fmt.Sprint(i)] = 1
	}
	if v := show.Metrics(many); !strings.HasSuffix(v.String(), "… 900 more") {
		t.Errorf("%s", v)
	}
}

func TestError(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope().Sub("dnn").Sub("hidden1")
	ops.MatMul(s, graph.Placeholder(s, "X", tensor.Float32, 2, 3), graph.Placeholder(s, "Y", tensor.Float32, 4, 5))
	v := show.Error(pkgerrors.WithMessage(g.Err(), "building"))
	has(t, check(t, v), "dnn/hidden1/MatMul", "float32[2, 3], float32[4, 5]")
	if !strings.HasPrefix(v.String(), "error: building: dnn/hidden1/MatMul(float32[2, 3], float32[4, 5]): ") || !strings.Contains(v.String(), "\n  building  dnn/hidden1/MatMul\n") {
		t.Errorf("%s", v)
	}
	run := show.Error(&graph.RunError{Node: "dnn/elu", Op: "elu", Written: []string{"a", "b"}, Cause: errors.New("<b>broken</b>")})
	has(t, check(t, run), "dnn/elu", "a, b")
	if run.String() != "error: dnn/elu (elu): <b>broken</b>; partially applied: a, b\n  running  dnn/elu\n  op  elu\n  already written  a, b" {
		t.Errorf("%s", run)
	}
	check(t, show.Error(errors.New("\x00<script>"+strings.Repeat("x", 1_000_000))))
	if v := show.Error(nil); v.String() != "no error" {
		t.Errorf("%s", v)
	}
}

func TestImages(t *testing.T) {
	x := tensor.New(tensor.WithShape(3, 64), tensor.WithBacking(tensor.Range(tensor.Float32, 0, 192)))
	cfg := show.ImagesConfig{Height: 8, Width: 8, Names: []string{"cat", "<dog>"}}
	for want, labels := range map[string][2]interface{}{
		"3 images of 8 × 8":                                                                                {nil, nil},
		"3 images of 8 × 8\n  cat; <dog>; 2;":                                                              {[]int64{0, 1, 2}, nil},
		"3 images of 8 × 8\n  2; cat; cat;":                                                                {nil, []uint8{2, 0, 0}},
		"3 images of 8 × 8; 1 of 3 predicted wrongly\n  cat; <dog> (cat); <dog>;":                          {[]int{0, 0, 1}, tensor.New(tensor.WithBacking([]int32{0, 1, 1}))},
		"3 images of 8 × 8; 2 of 3 predicted wrongly\n  <dog> (cat); <dog> (cat); cat;":                    {[]int{0, 0, 0}, tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float32{0, 1, -2, -1, 3, 3}))},
		"3 images of 8 × 8\n  cat; none; <dog>;":                                                           {[]float64{0, math.NaN(), 1}, nil},
		"3 images of 8 × 8\n  none; <dog>; cat;":                                                           {nil, tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{math.NaN(), math.NaN(), math.NaN(), -1, math.Inf(1), math.NaN()}))},
		"images: Labels is int [2]; want one number, or one row of logits, for each of the 3 images":       {[]int{1, 2}, nil},
		"images: Predicted is string [3]; want one number, or one row of logits, for each of the 3 images": {nil, []string{"a", "b", "c"}},
		"images: Labels is int; want a tensor or a slice of numbers":                                       {1, nil},
	} {
		cfg.Labels, cfg.Predicted = labels[0], labels[1]
		v := show.Images(x, cfg)
		check(t, v)
		if v.String() != want {
			t.Errorf("%s\nwant\n%s", v, want)
		}
		if _, png := v.SimpleRender()["image/png"].([]byte); png == strings.HasPrefix(want, "images:") {
			t.Errorf("%s: a picture: %t", want, png)
		}
	}
	for _, v := range []*show.View{show.Images(nil, cfg), show.Images(tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(0, 8, 8, 1)), show.ImagesConfig{})} {
		check(t, v)
		if !strings.HasPrefix(v.String(), "no images") {
			t.Errorf("%s", v)
		}
	}
}

// TestImagesOfRows takes the rows of a matrix for square images, or asks for what an image is.
func TestImagesOfRows(t *testing.T) {
	const ask = "is neither [n, height, width, 1 or 3] with sides of at least 8 nor rows of square images; say what an image is by Height and Width, both, and by Channels"
	for _, tt := range []struct {
		shape []int
		cfg   show.ImagesConfig
		want  string
	}{
		{[]int{20, 64}, show.ImagesConfig{}, "20 images of 8 × 8"},
		{[]int{20, 784}, show.ImagesConfig{Channels: 1}, "20 images of 28 × 28"},
		{[]int{2, 3072}, show.ImagesConfig{}, "2 images of 32 × 32"},
		{[]int{2, 192}, show.ImagesConfig{Channels: 3, ChannelsFirst: true}, "2 images of 8 × 8"},
		{[]int{20, 64}, show.ImagesConfig{Height: 4, Width: 16}, "20 images of 4 × 16"},
		{[]int{20, 28, 28}, show.ImagesConfig{Height: 28, Width: 28}, "20 images of 28 × 28"},
		{[]int{20, 65}, show.ImagesConfig{}, "no images: float32 [20 65] " + ask},
		{[]int{20, 64}, show.ImagesConfig{Channels: 3}, "no images: float32 [20 64] " + ask},
		{[]int{20, 64}, show.ImagesConfig{Height: 8}, "no images: float32 [20 64] " + ask},
		{[]int{20, 64}, show.ImagesConfig{Width: 8}, "no images: float32 [20 64] " + ask},
		{[]int{3, 16, 16, 1}, show.ImagesConfig{Width: 8}, "no images: float32 [3 16 16 1] " + ask},
		{[]int{64}, show.ImagesConfig{}, "no images: float32 [64] " + ask},
	} {
		v := show.Images(tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(tt.shape...)), tt.cfg)
		check(t, v)
		if v.String() != tt.want {
			t.Errorf("%v, %+v: %s\nwant %s", tt.shape, tt.cfg, v, tt.want)
		}
	}
}

func TestBoxes(t *testing.T) {
	m := image.NewRGBA(image.Rect(10, 10, 310, 210))
	cat := boxes.Box{Left: 20, Top: 30, Right: 120, Bottom: 150, Probability: 0.92}
	elsewhere := boxes.Box{Left: 200, Top: -50, Right: 900, Bottom: 60, Class: 1, Probability: 0.5}
	v := show.Boxes(m, []boxes.Box{cat, elsewhere, {Left: math.NaN()}}, show.BoxesConfig{True: []boxes.Box{{Left: 20, Top: 30, Right: 120, Bottom: 140}}, Names: []string{"<cat>"}})
	has(t, check(t, v), "<cat>", "<cat> 0.92", "class 1 0.50")
	const want = `picture of 300 × 200
                   class    probability  left  top  right  bottom   IoU
  true             <cat>                   20   30    120     140
  found            <cat>           0.92    20   30    120     150  0.92
  found, not true  class 1          0.5   200  -50    900      60  0.00
1 more, beyond the first 100 or with nothing in the picture`
	if v.String() != want {
		t.Errorf("%s\nwant\n%s", v, want)
	}
	many := show.Boxes(m, make([]boxes.Box, 10), show.BoxesConfig{})
	check(t, many)
	if v := show.Boxes(nil, nil, show.BoxesConfig{}); v.String() != "no picture" {
		t.Errorf("%s", v)
	}
	large := show.Boxes(image.NewGray(image.Rect(0, 0, 4000, 3000)), []boxes.Box{cat}, show.BoxesConfig{})
	check(t, large)
	if !strings.Contains(svg(large), `width="700.0" height="525.0"`) {
		t.Errorf("%.300s", svg(large))
	}
}

func TestPictures(t *testing.T) {
	list := make([]image.Image, 40)
	for i := range list {
		list[i] = image.NewGray(image.Rect(0, 0, 3000, 2))
	}
	v := show.Pictures(list)
	check(t, v)
	if !strings.HasPrefix(v.String(), "picture of 3000 × 2\n") || !strings.HasSuffix(v.String(), "… 8 more") {
		t.Errorf("%s", v)
	}
	check(t, show.Pictures([]image.Image{image.NewGray(image.Rectangle{}), nil, lacking{}}))
}

// lacking is a picture that panics.
type lacking struct{ image.Image }
