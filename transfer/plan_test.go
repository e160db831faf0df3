package transfer_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/pytorch"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
	"github.com/plexaura/plexaura/zoo"
)

// fileOf is a file of float32 tensors whose elements count from 0.
func fileOf(t *testing.T, shapes map[string][]int, order ...string) *weights.File {
	t.Helper()
	var all []weights.Tensor
	for _, name := range order {
		values := make([]float32, tensor.Shape(shapes[name]).TotalSize())
		for i := range values {
			values[i] = float32(i)
		}
		var b bytes.Buffer
		if err := binary.Write(&b, binary.LittleEndian, values); err != nil {
			t.Fatal(err)
		}
		all = append(all, weights.Tensor{Name: name, DType: weights.Float32, Shape: shapes[name], Held: int64(b.Len()),
			Open: weights.Section(bytes.NewReader(b.Bytes()), 0, int64(b.Len()))})
	}
	f, err := weights.New("test", all, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// network is a convolution with batch norm and a dense layer behind the flattened map, in the scope net.
func network(t *testing.T, dtype tensor.Dtype) (*graph.Session, gorgonia.Nodes) {
	t.Helper()
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope().Sub("net")
	x := graph.Placeholder(s, "x", dtype, -1, 2, 3, 2)
	h := ops.Conv2D(s.Sub("conv1"), x, 4, [2]int{1, 1}, ops.Conv2DConfig{NoBias: true})
	h = ops.BatchNorm(s.Sub("bn1"), h, nil, ops.BatchNormConfig{})
	ops.Dense(s.Sub("fc"), ops.Flatten(s, h), 5, ops.DenseConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	return sess, g.Variables()
}

var torchShapes = map[string][]int{
	"module.conv1.weight": {4, 2, 1, 1}, "module.bn1.weight": {4}, "module.bn1.bias": {4}, "module.bn1.running_mean": {4}, "module.bn1.running_var": {4},
	"module.bn1.num_batches_tracked": {}, "module.fc.weight": {5, 24}, "module.fc.bias": {5}, "module.head.weight": {7, 24}, "module.fc.short": {9},
}

func TestTorchvision(t *testing.T) {
	f := fileOf(t, torchShapes, "module.conv1.weight", "module.bn1.weight", "module.bn1.bias", "module.bn1.running_mean", "module.bn1.running_var",
		"module.bn1.num_batches_tracked", "module.fc.weight", "module.fc.bias")
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		sess, vars := network(t, dtype)
		flat := transfer.Mapping{Layouts: []transfer.Layout{{Pattern: "^fc/kernel$", Shape: []int{5, 4, 2, 3}, Axes: []int{2, 3, 1, 0}}}}
		plan, err := transfer.Map(f, vars, "net", transfer.Torchvision().Then(flat))
		if err != nil {
			t.Fatal(err)
		}
		if err := plan.Complete(); err != nil || len(plan.Matched) != 7 {
			t.Fatalf("%d matched: %v", len(plan.Matched), err)
		}
		if err := plan.Load(sess, false); err != nil {
			t.Fatal(err)
		}
		for _, v := range vars {
			x, err := sess.Value(v)
			if err != nil {
				t.Fatal(err)
			}
			var got []float64
			switch d := x.Data().(type) {
			case []float64:
				got = d
			case []float32:
				for _, e := range d {
					got = append(got, float64(e))
				}
			}
			switch v.Name() {
			case "net/conv1/kernel": // [o, i] to [i, o]
				if !reflect.DeepEqual(got, []float64{0, 2, 4, 6, 1, 3, 5, 7}) {
					t.Errorf("%s is %v", v.Name(), got)
				}
			case "net/fc/kernel": // row (y, x, c) of ours is column (c, y, x) of PyTorch's
				for row := 0; row < 24; row++ {
					c, y, x := row%4, row/12, row/4%3
					for unit := 0; unit < 5; unit++ {
						if want := float64(unit*24 + (c*2+y)*3 + x); got[row*5+unit] != want {
							t.Fatalf("%s[%d, %d] is %v; want %v", v.Name(), row, unit, got[row*5+unit], want)
						}
					}
				}
			default:
				for i, e := range got {
					if e != float64(i) {
						t.Errorf("%s is %v", v.Name(), got)
						break
					}
				}
			}
		}
	}
}

func TestReport(t *testing.T) {
	shapes := map[string][]int{}
	for k, v := range torchShapes {
		shapes[k] = v
	}
	shapes["module.bn1.bias"] = []int{3}
	f := fileOf(t, shapes, "module.conv1.weight", "module.bn1.weight", "module.bn1.bias", "module.bn1.running_mean", "module.bn1.running_var", "module.head.weight",
		"module.fc.short", "module.fc.bias")
	sess, vars := network(t, tensor.Float32)
	plan, err := transfer.Map(f, vars, "net", transfer.Torchvision())
	if err != nil {
		t.Fatal(err)
	}
	want := `matched 5, missing 1, unused 2, mismatched 1
  missing: fc/kernel [24 5]
  unused: module.head.weight [7 24]
  unused: module.fc.short [9]
  mismatched: bn1/beta: the stored "module.bn1.bias" has the shape [3]; want [4]
`
	if plan.String() != want || plan.SimpleRender()["text/plain"] != want {
		t.Errorf("got\n%v\nwant\n%s", plan, want)
	}
	if err := plan.Load(sess, false); err == nil || !strings.Contains(err.Error(), "missing: fc/kernel") {
		t.Errorf("got %v", err)
	}
	if _, err := sess.Value(vars[0]); err == nil {
		t.Error("a plan that is not complete has given values")
	}
	if err := plan.Load(sess, true); err != nil {
		t.Fatal(err)
	}
	if _, err := sess.Value(vars[0]); err != nil {
		t.Error(err)
	}
	var none *transfer.Plan
	if none.String() != "no plan\n" {
		t.Error("a nil plan is not shown")
	}
}

func TestMapBadInput(t *testing.T) {
	f := fileOf(t, map[string][]int{"a": {4}, "b": {4}}, "a", "b")
	_, vars := network(t, tensor.Float32)
	rule := func(pattern string, with ...string) transfer.Mapping {
		return transfer.Mapping{Rules: []transfer.Rule{{Pattern: pattern, With: with}}}
	}
	for name, c := range map[string]struct {
		mapping transfer.Mapping
		vars    gorgonia.Nodes
		want    string
	}{
		"pattern":        {rule("(", ""), vars, `pattern "("`},
		"no text":        {rule("a"), vars, "0 texts in With and 0 in Names"},
		"layout":         {transfer.Mapping{Layouts: []transfer.Layout{{Pattern: "["}}}, vars, `pattern "["`},
		"ignore":         {transfer.Mapping{Ignore: []string{"*"}}, vars, `pattern "*"`},
		"text and names": {transfer.Mapping{Rules: []transfer.Rule{{Pattern: "a", With: []string{""}, Names: []string{"b"}}}}, vars, "1 texts in With and 1 in Names"},
		"numbers":        {transfer.Mapping{Rules: []transfer.Rule{{Pattern: "^[ab]$", Names: []string{"x", "y", "z"}}}}, vars, `has 2 layers that "^[ab]$" numbers, such as "a" and "b"; want 3`},
		"fill":           {transfer.Mapping{Fills: []transfer.Fill{{Pattern: "("}}}, vars, `pattern "("`},
		"note":           {transfer.Mapping{Notes: []transfer.Note{{Pattern: "("}}}, vars, `pattern "("`},
		"no variables":   {transfer.Mapping{}, nil, "no variables"},
		"two for one":    {rule("^.*$", "bn1/gamma"), vars, `both "a" and "b" are meant for bn1/gamma`},
	} {
		if _, err := transfer.Map(f, c.vars, "net", c.mapping); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	if _, err := transfer.Map(nil, vars, "net", transfer.Mapping{}); err == nil || !strings.Contains(err.Error(), "the file is nil") {
		t.Errorf("no file: got %v", err)
	}
	if _, err := transfer.Map(f, append(gorgonia.Nodes{nil}, vars...), "net", transfer.Mapping{}); err == nil || !strings.Contains(err.Error(), "nil among them") {
		t.Errorf("a nil variable: got %v", err)
	}
}

// The ResNet-20 for CIFAR that a user of PyTorch trained and published, beside the logits that PyTorch computes in float64.
func TestPublishedResNet20(t *testing.T) {
	dir := weightstest.Published(t, "graphs", "cifar10-resnet20-pth")
	f, err := pytorch.Open(filepath.Join(dir, "resnet20-12fca82f.th"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	expected, err := npz.Open(filepath.Join(dir, "expected.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer expected.Close()
	read := func(name string) interface{} {
		x, err := expected.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		return x.Data()
	}
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 32, 32, 3)
	m := zoo.ResNet20(g.Scope().Sub("net"), x, zoo.Config{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	plan, err := transfer.Map(f, m.Variables(), "net", transfer.Torchvision())
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Load(sess, false); err != nil {
		t.Fatal(err)
	}
	pixels, mean, std := read("images_u8").([]uint8), read("mean").([]float64), read("std").([]float64)
	images := make([]float32, len(pixels))
	for i, p := range pixels {
		images[i] = float32((float64(p)/255 - mean[i%3]) / std[i%3])
	}
	out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(100, 32, 32, 3), tensor.WithBacking(images))}, m.Output)
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	labels, logits := read("labels").([]uint8), read("logits").([]float64)
	for i := range labels {
		best := 0
		for k := 0; k < 10; k++ {
			got, want := float64(out.Float32s(0)[i*10+k]), logits[i*10+k]
			if math.Abs(got-want) > 1e-4*math.Max(1, math.Abs(want)) {
				t.Fatalf("image %d, class %d: %v; want %v", i, k, got, want)
			}
			if got > float64(out.Float32s(0)[i*10+best]) {
				best = k
			}
		}
		if best == int(labels[i]) {
			right++
		}
	}
	t.Logf("%d of 100 images right", right)
}
