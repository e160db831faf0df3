package autoencoder_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// golden reads what testdata/autoencoder.py computed.
func golden(t *testing.T) map[string]map[string][]float64 {
	t.Helper()
	data, err := os.ReadFile("testdata/autoencoder.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]map[string][]float64
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// floats is a tensor of values in a dtype.
func floats(dtype tensor.Dtype, shape []int, value func(i int) float64) *tensor.Dense {
	n := tensor.Shape(shape).TotalSize()
	if dtype == tensor.Float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = value(i)
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
	}
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(value(i))
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
}

// wave and example are the formulas of testdata/autoencoder.py.
func wave(dtype tensor.Dtype, k int, shape ...int) *tensor.Dense {
	return floats(dtype, shape, func(i int) float64 { return 0.4 * math.Sin(1.7*float64(i)+0.9*float64(k)+0.3) })
}

func example(dtype tensor.Dtype, shape ...int) *tensor.Dense {
	return floats(dtype, shape, func(i int) float64 { return 0.5 + 0.5*math.Sin(2.3*float64(i)+0.1) })
}

// network is what a case builds: the loss, the variables in the order of the script, further values by their names there, and what is fed beside x.
type network struct {
	loss      *gorgonia.Node
	variables []string
	from, to  int // which of the variables have gradients; all where to is 0
	values    map[string]*gorgonia.Node
	feeds     graph.Feeds
}

type goldenCase struct {
	images bool
	build  func(s *graph.Scope, x *gorgonia.Node) (network, error)
}

// layer is a case of one layer, whose loss is what its step makes smaller.
func layer(l pretrain.Layer, penalty string, variables ...string) goldenCase {
	_, images := l.(autoencoder.ConvLayer)
	return goldenCase{images, func(s *graph.Scope, x *gorgonia.Node) (network, error) {
		b, err := l.Build(s, x)
		if err != nil {
			return network{}, err
		}
		n := network{loss: b.Loss, variables: variables, values: map[string]*gorgonia.Node{"code": b.Output, "penalty": b.Metrics[penalty]}}
		if n.loss == nil {
			n.loss = b.Error
		}
		n.values["reconstruction"] = b.Decode(s, b.Encode(s, x))
		return n, nil
	}}
}

var (
	untied = []string{"kernel", "bias", "decoder/kernel", "decoder/bias"}
	tied   = []string{"kernel", "bias", "decoder/bias"}
	elu    = ops.ELUWith(1)
)

// halved is the corruption of the script.
func halved(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return ops.AddScalar(s, ops.Scale(s, x, 0.5), 0.1)
}

func variational(loss autoencoder.Loss) goldenCase {
	return goldenCase{false, func(s *graph.Scope, x *gorgonia.Node) (network, error) {
		v, err := autoencoder.NewVariational(s, x, autoencoder.VariationalConfig{Hidden: []int{5}, Code: 2, Loss: loss, Beta: 0.5})
		if err != nil {
			return network{}, err
		}
		n := network{loss: v.Loss, values: map[string]*gorgonia.Node{"error": v.Error, "divergence": v.Divergence}}
		for _, l := range []string{"encoder/hidden1", "mean", "log_variance", "decoder/hidden1", "decoder/output"} {
			n.variables = append(n.variables, l+"/kernel", l+"/bias")
		}
		noise := wave(x.Dtype(), 20, 4, 2)
		scaled, err := tensor.Mul(noise, floats(x.Dtype(), []int{4, 2}, func(int) float64 { return 2.5 }))
		n.feeds = graph.Feeds{v.Noise: scaled}
		return n, err
	}}
}

// stacked is a stack of two, as a whole or one of its layers.
func stacked(name string) goldenCase {
	return goldenCase{false, func(s *graph.Scope, x *gorgonia.Node) (network, error) {
		a, err := autoencoder.New(s, x, autoencoder.Config{Units: []int{5, 3}, Activation: ops.Tanh, Loss: autoencoder.CrossEntropy, Tied: true})
		if err != nil {
			return network{}, err
		}
		n := network{loss: a.Loss, values: map[string]*gorgonia.Node{"code": a.Code, "reconstruction": a.Reconstruction}}
		for _, l := range []string{"layer1", "layer2"} {
			for _, v := range tied {
				n.variables = append(n.variables, l+"/"+v)
			}
		}
		switch name {
		case "layer1":
			n.loss, n.from, n.to = a.Stack.Layer(name).Error, 0, 3
		case "layer2":
			n.loss, n.from, n.to = a.Stack.Layer(name).Error, 3, 6
		}
		return n, nil
	}}
}

var goldenCases = map[string]goldenCase{
	"untied":      layer(autoencoder.Layer{Units: 3, Activation: elu}, "", untied...),
	"regularized": layer(autoencoder.Layer{Units: 3, Activation: elu, Regularizer: ops.L2(0.01)}, "", untied...),
	"tied":        layer(autoencoder.Layer{Units: 3, Tied: true, Loss: autoencoder.CrossEntropy}, "", tied...),
	"denoising":   layer(autoencoder.Layer{Units: 3, Tied: true, Loss: autoencoder.CrossEntropy, Corrupt: halved}, "", tied...),
	"sparse": layer(autoencoder.Layer{Units: 3, Tied: true, Sparsity: autoencoder.Sparsity{Target: 0.1, Weight: 0.7}},
		"sparsity", tied...),
	"contractive sigmoid":  layer(autoencoder.Layer{Units: 3, Contractive: 0.3}, "contraction", untied...),
	"contractive tanh":     layer(autoencoder.Layer{Units: 3, Contractive: 0.3, Activation: ops.Tanh}, "contraction", untied...),
	"contractive elu":      layer(autoencoder.Layer{Units: 3, Contractive: 0.3, Activation: elu}, "contraction", untied...),
	"contractive softplus": layer(autoencoder.Layer{Units: 3, Contractive: 0.3, Activation: ops.Softplus}, "contraction", untied...),
	"convolutional": layer(autoencoder.ConvLayer{Filters: 3, Sparsity: autoencoder.Sparsity{Target: 0.2, Weight: 0.5}},
		"", untied...),
	"convolutional tied": layer(autoencoder.ConvLayer{Filters: 3, Tied: true, Activation: ops.Tanh, Loss: autoencoder.CrossEntropy},
		"", tied...),
	"whole":                 stacked("whole"),
	"layer1":                stacked("layer1"),
	"layer2":                stacked("layer2"),
	"variational Bernoulli": variational(autoencoder.CrossEntropy),
	"variational normal":    variational(autoencoder.SquaredError),
}

// TestGolden: losses, penalties, codes and gradients of all kinds are those of PyTorch.
func TestGolden(t *testing.T) {
	want := golden(t)
	if len(want) != len(goldenCases) {
		t.Fatalf("the file has %d cases; want %d", len(want), len(goldenCases))
	}
	for name, c := range goldenCases {
		for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float32: 2e-6, tensor.Float64: 1e-12} {
			t.Run(name+" "+dtype.String(), func(t *testing.T) { c.compare(t, dtype, want[name], tolerance) })
		}
	}
}

func (c goldenCase) compare(t *testing.T, dtype tensor.Dtype, want map[string][]float64, tolerance float64) {
	shape := []int{4, 6}
	if c.images {
		shape = []int{2, 4, 6, 2}
	}
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope()
	x := graph.Placeholder(s, "x", dtype, append([]int{-1}, shape[1:]...)...)
	n, err := c.build(s, x)
	if err != nil {
		t.Fatal(err)
	}
	var vars gorgonia.Nodes
	for _, v := range n.variables {
		vars = append(vars, g.Node(v))
	}
	if n.to == 0 {
		n.to = len(vars)
	}
	fetches := map[string]*gorgonia.Node{"loss": n.loss}
	for k, grad := range graph.Gradients(s, gorgonia.Nodes{n.loss}, vars[n.from:n.to], nil) {
		fetches[fmt.Sprintf("gradient%d", k)] = grad
	}
	for key, v := range n.values {
		fetches[key] = v
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	for k, v := range vars {
		if err := sess.SetValue(v, wave(dtype, k, graph.SpecOf(v).Shape...)); err != nil {
			t.Fatal(err)
		}
	}
	feeds := graph.Feeds{x: example(dtype, shape...)}
	for node, v := range n.feeds {
		feeds[node] = v
	}
	for key, values := range want {
		node := fetches[key]
		if node == nil {
			t.Fatalf("there is no %s", key)
		}
		out, err := sess.Run(feeds, node)
		if err != nil {
			t.Fatal(err)
		}
		got := numbers(out.Tensor(0))
		if len(got) != len(values) {
			t.Fatalf("%s has %d values; want %d", key, len(got), len(values))
		}
		for i, v := range got {
			if !(math.Abs(v-values[i]) <= tolerance*(1+math.Abs(values[i]))) {
				t.Errorf("%s[%d] is %v; want %v", key, i, v, values[i])
			}
		}
	}
}

// numbers are the elements of a tensor.
func numbers(t *tensor.Dense) []float64 {
	switch v := t.Data().(type) {
	case float32:
		return []float64{float64(v)}
	case float64:
		return []float64{v}
	case []float64:
		return v
	case []float32:
		out := make([]float64, len(v))
		for i, x := range v {
			out[i] = float64(x)
		}
		return out
	}
	return nil
}
