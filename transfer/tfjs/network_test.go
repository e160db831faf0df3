package tfjs

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// mobileNet is MobileNet v1 0.25 of Keras Applications with the weights of a file: the channel averages, and the probabilities.
type mobileNet struct {
	t *testing.T
	f *weights.File
	s *graph.Scope
}

func (m mobileNet) stored(name string) graph.Initializer {
	x, ok := m.f.Lookup(name)
	if !ok {
		m.t.Fatalf("no %s in %v", name, m.f.Names())
	}
	return weights.Initializer(x)
}

func (m mobileNet) norm(x *gorgonia.Node, name string) *gorgonia.Node {
	return ops.ReLU6(m.s, ops.BatchNorm(m.s.Sub(name), x, nil, ops.BatchNormConfig{
		Frozen: true, Gamma: m.stored(name + "/gamma"), Beta: m.stored(name + "/beta"),
		MovingMean: m.stored(name + "/moving_mean"), MovingVariance: m.stored(name + "/moving_variance"),
	}))
}

func (m mobileNet) build(x *gorgonia.Node) (features, probabilities *gorgonia.Node) {
	h := ops.Conv2D(m.s.Sub("conv1"), x, 8, [2]int{3, 3}, ops.Conv2DConfig{Strides: [2]int{2, 2}, Padding: ops.Same, Kernel: m.stored("conv1/kernel"), NoBias: true})
	h = m.norm(h, "conv1_bn")
	for i, block := range []struct{ filters, stride int }{
		{16, 1}, {32, 2}, {32, 1}, {64, 2}, {64, 1}, {128, 2}, {128, 1}, {128, 1}, {128, 1}, {128, 1}, {128, 1}, {256, 2}, {256, 1},
	} {
		name := fmt.Sprint("conv_dw_", i+1)
		h = ops.DepthwiseConv2D(m.s.Sub(name), h, [2]int{3, 3}, ops.DepthwiseConv2DConfig{
			Strides: [2]int{block.stride, block.stride}, Padding: ops.Same, Kernel: m.stored(name + "/depthwise_kernel"), NoBias: true,
		})
		h = m.norm(h, name+"_bn")
		name = fmt.Sprint("conv_pw_", i+1)
		h = ops.Conv2D(m.s.Sub(name), h, block.filters, [2]int{1, 1}, ops.Conv2DConfig{Kernel: m.stored(name + "/kernel"), NoBias: true})
		h = m.norm(h, name+"_bn")
	}
	h = ops.GlobalAvgPool(m.s, h, ops.GlobalPoolConfig{KeepDims: true})
	logits := ops.Conv2D(m.s.Sub("conv_preds"), h, 1000, [2]int{1, 1}, ops.Conv2DConfig{Kernel: m.stored("conv_preds/kernel"), Bias: m.stored("conv_preds/bias")})
	return ops.Flatten(m.s, h), ops.Softmax(m.s, ops.Flatten(m.s, logits))
}

// The weights are those that TensorFlow.js has served since 2018, one shard a layer; expected.npz holds what they make of
// eight photos in float64.
func TestMobileNet(t *testing.T) {
	f, err := Open(weightstest.Published(t, "imagenet", "mobilenet_v1_0.25_224_tfjs", "model.json"))
	if err != nil {
		t.Fatal(err)
	}
	expected, err := npz.Open(weightstest.Published(t, "imagenet", "mobilenet_v1_0.25_224_tfjs", "expected.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer expected.Close()
	photos, err := expected.Read("input_u8")
	if err != nil {
		t.Fatal(err)
	}
	pixels := make([]float64, photos.Shape().TotalSize())
	for i, p := range photos.Data().([]uint8) {
		pixels[i] = float64(p)/127.5 - 1
	}
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float64, -1, 224, 224, 3)
	features, probabilities := mobileNet{t, f, g.Scope()}.build(x)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(8, 224, 224, 3), tensor.WithBacking(pixels))}, features, probabilities)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"features", "probabilities"} {
		want, err := expected.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		for k, w := range want.Data().([]float64) {
			if got := out.Float64s(i)[k]; !(math.Abs(got-w) <= 1e-9*math.Max(1, math.Abs(w))) {
				t.Fatalf("%s: element %d is %v; want %v", name, k, got, w)
			}
		}
	}
}
