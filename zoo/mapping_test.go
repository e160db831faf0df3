package zoo

import (
	"bufio"
	"compress/gzip"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/weights"
)

// listed is what a published file holds, by internal/golden/zoonames.py.
type listed struct {
	port    Port
	network string
	width   float64
	tensors []weights.Tensor
}

// publishedFiles reads testdata/names.txt.gz.
func publishedFiles(t testing.TB) []listed {
	t.Helper()
	f, err := os.Open("testdata/names.txt.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		tensors, ok := strings.CutPrefix(lines.Text(), "  ")
		if !ok {
			port, network, _ := strings.Cut(lines.Text(), " ")
			l := listed{port: map[string]Port{"Torchvision": Torchvision, "Timm": Timm, "Keras": Keras, "TFSlim": TFSlim}[port], network: network}
			if name, width, ok := strings.Cut(network, " x"); ok {
				l.network = name
				if l.width, err = strconv.ParseFloat(width, 64); err != nil {
					t.Fatal(err)
				}
			}
			all = append(all, l)
			continue
		}
		fields := strings.Split(tensors, " ")
		var shape []int
		for _, d := range strings.FieldsFunc(fields[1], func(r rune) bool { return r == ',' }) {
			n, err := strconv.Atoi(d)
			if err != nil {
				t.Fatal(err)
			}
			shape = append(shape, n)
		}
		l := &all[len(all)-1]
		for _, end := range fields[2:] {
			l.tensors = append(l.tensors, weights.Tensor{
				Name: fields[0] + end, DType: weights.Float32, Shape: shape, Held: -1,
				Open: func() (io.Reader, error) { return nil, errors.New("a list has no elements") },
			})
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// plan maps the file to a network that is built for it.
func (l listed) plan(t *testing.T, cfg Config) *transfer.Plan {
	t.Helper()
	i := slices.IndexFunc(Architectures(), func(a Architecture) bool { return a.Name == l.network })
	if i < 0 {
		t.Fatalf("there is no %q", l.network)
	}
	a := Architectures()[i]
	cfg.Port, cfg.Width = l.port, l.width
	if l.port == TFSlim && !cfg.NoTop && (strings.HasPrefix(l.network, "MobileNet") || l.network == "Inception v3") {
		cfg.Classes = 1001 // and background
	}
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, append([]int{-1}, a.Input...)...)
	m := a.Build(g.Scope().Sub("net"), x, cfg)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	mapping, err := m.Mapping(l.port)
	if err != nil {
		t.Fatal(err)
	}
	f, err := weights.New("list", l.tensors, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := transfer.Map(f, m.Variables(), "net", mapping)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// Every tensor of every published file has its variable, of its shape, with the classifier and without.
func TestMappingsAreComplete(t *testing.T) {
	files := publishedFiles(t)
	if len(files) != 77 {
		t.Errorf("there are %d lists", len(files))
	}
	for _, l := range files {
		t.Run(l.port.String()+" "+l.network, func(t *testing.T) {
			configs := []Config{{}, {NoTop: true}}
			if l.network == "Inception v3" && (l.port == Torchvision || l.port == TFSlim) {
				configs = append(configs, Config{Auxiliary: true})
			}
			for _, cfg := range configs {
				plan := l.plan(t, cfg)
				if err := plan.Complete(); err != nil {
					t.Errorf("%+v: %v", cfg, err)
				}
				if gammas := len(plan.Filled); (gammas > 0) != (l.network == "Inception v3" && (l.port == Keras || l.port == TFSlim)) {
					t.Errorf("%+v: %d are filled", cfg, gammas)
				}
			}
		})
	}
}

// Shapes do not tell layers of one shape apart: these names are paired by hand, from the published code.
func TestMappedNames(t *testing.T) {
	files := publishedFiles(t)
	for _, c := range []struct {
		port    Port
		network string
		file    int // of those for the port and the network
		pairs   map[string]string
	}{
		{Torchvision, "AlexNet", 0, map[string]string{"features.10.weight": "conv5/kernel", "classifier.4.bias": "fc7/bias"}},
		{Torchvision, "VGG-16 BN", 0, map[string]string{"features.1.running_var": "bn1_1/moving_variance", "features.40.weight": "conv5_3/kernel", "features.41.weight": "bn5_3/gamma"}},
		{Torchvision, "SqueezeNet 1.0", 0, map[string]string{"features.12.squeeze.weight": "fire9/squeeze1x1/kernel", "features.7.expand3x3.bias": "fire5/expand3x3/bias"}},
		{Torchvision, "MobileNet v2", 0, map[string]string{
			"features.0.1.weight": "bn_Conv1/gamma", "features.1.conv.0.0.weight": "expanded_conv_depthwise/depthwise_kernel", "features.1.conv.1.weight": "expanded_conv_project/kernel",
			"features.8.conv.0.0.weight": "block_7_expand/kernel", "features.8.conv.1.1.bias": "block_7_depthwise_BN/beta", "features.18.1.running_mean": "Conv_1_bn/moving_mean",
		}},
		{Torchvision, "DenseNet-121", 1, map[string]string{"features.denseblock3.denselayer20.norm.2.running_mean": "denseblock3/denselayer20/norm2/moving_mean"}},
		{Timm, "MobileNet v1", 0, map[string]string{"blocks.3.5.conv_dw.weight": "conv_dw_11/depthwise_kernel", "blocks.4.1.bn2.weight": "conv_pw_13_bn/gamma", "bn1.bias": "conv1_bn/beta"}},
		{Timm, "MobileNet v2", 0, map[string]string{
			"blocks.0.0.conv_pw.weight": "expanded_conv_project/kernel", "blocks.3.2.conv_pw.weight": "block_8_expand/kernel", "blocks.3.2.conv_pwl.weight": "block_8_project/kernel",
			"blocks.5.1.bn2.bias": "block_14_depthwise_BN/beta", "bn2.weight": "Conv_1_bn/gamma",
		}},
		{Keras, "VGG-16", 1, map[string]string{"block5_conv3/block5_conv3_W_1": "conv5_3/kernel", "fc2/fc2_b_1": "fc7/bias"}},
		{Keras, "ResNet-50", 0, map[string]string{"conv4_block6_2_conv/bias": "layer3/5/conv2/bias", "conv3_block1_0_bn/beta": "layer2/0/downsample/1/beta"}},
		{Keras, "ResNet-50", 1, map[string]string{"res4f_branch2b/bias": "layer3/5/conv2/bias", "bn3a_branch1/beta": "layer2/0/downsample/1/beta", "bn5c_branch2c/gamma": "layer4/2/bn3/gamma"}},
		{Keras, "ResNet-50", 2, map[string]string{
			"res4f_branch2b/res4f_branch2b_W": "layer3/5/conv2/kernel", "bn3a_branch1/bn3a_branch1_running_std": "layer2/0/downsample/1/moving_variance", "fc1000/fc1000_b": "fc/bias",
		}},
		{Keras, "MobileNet v2", 2, map[string]string{
			"mobl0_conv_0_project/kernel": "expanded_conv_project/kernel", "bn0_conv_0_bn_depthwise/beta": "expanded_conv_depthwise_BN/beta",
			"mobl12_conv_12_expand/kernel": "block_12_expand/kernel", "bn9_conv_9_bn_expand/gamma": "block_9_expand_BN/gamma", "bn9_conv_9_bn_depthwise/gamma": "block_9_depthwise_BN/gamma",
		}},
		{Keras, "DenseNet-121", 1, map[string]string{"conv1_conv/kernel": "conv0/kernel", "conv1_bn/moving_mean": "norm0/moving_mean", "predictions/bias": "classifier/bias"}},
		{Keras, "DenseNet-121", 0, map[string]string{"conv4_block20_1_bn/gamma": "denseblock3/denselayer20/norm2/gamma", "pool3_conv/kernel": "transition2/conv/kernel"}},
		{Keras, "Inception v3", 0, map[string]string{"conv2d/kernel": "Conv2d_1a_3x3/conv/kernel", "conv2d_93/kernel": "Mixed_7c/branch_pool/conv/kernel"}},
		{Keras, "Inception v3", 2, map[string]string{ // counted from 95; Mixed_6b begins with the 31st
			"conv2d_125/kernel": "Mixed_6b/branch1x1/conv/kernel", "conv2d_127/kernel": "Mixed_6b/branch7x7_2/conv/kernel", "batch_normalization_188/beta": "Mixed_7c/branch_pool/bn/beta",
			"conv2d_187/kernel": "Mixed_7c/branch3x3dbl_3b/conv/kernel",
		}},
		{TFSlim, "ResNet-101", 0, map[string]string{
			"resnet_v1_101/block3/unit_10/bottleneck_v1/conv2/weights": "layer3/9/conv2/kernel", "resnet_v1_101/block2/unit_1/bottleneck_v1/shortcut/BatchNorm/gamma": "layer2/0/downsample/1/gamma",
		}},
		{TFSlim, "MobileNet v2", 0, map[string]string{"MobilenetV2/expanded_conv_10/expand/BatchNorm/gamma": "block_10_expand_BN/gamma", "MobilenetV2/Conv/weights": "Conv1/kernel"}},
		{TFSlim, "Inception v3", 0, map[string]string{
			"InceptionV3/Mixed_5c/Branch_1/Conv_1_0c_5x5/weights": "Mixed_5c/branch5x5_2/conv/kernel", "InceptionV3/Mixed_6a/Branch_1/Conv2d_1a_1x1/weights": "Mixed_6a/branch3x3dbl_3/conv/kernel",
			"InceptionV3/Mixed_7a/Branch_1/Conv2d_1a_3x3/weights": "Mixed_7a/branch7x7x3_4/conv/kernel", "InceptionV3/Mixed_7b/Branch_1/Conv2d_0b_3x1/BatchNorm/beta": "Mixed_7b/branch3x3_2b/bn/beta",
			"InceptionV3/Mixed_7c/Branch_2/Conv2d_0d_3x1/weights": "Mixed_7c/branch3x3dbl_3b/conv/kernel",
		}},
	} {
		of := slices.DeleteFunc(slices.Clone(files), func(l listed) bool { return l.port != c.port || l.network != c.network })
		got := map[string]string{}
		for _, m := range of[c.file].plan(t, Config{}).Matched {
			got[m.Tensor.Name] = m.Name
		}
		for name, want := range c.pairs {
			if got[name] != want {
				t.Errorf("%v, %s: %s is %q; want %q", c.port, c.network, name, got[name], want)
			}
		}
	}
}

// Weights that would be computed with by other pads or another epsilon are refused, or come with a note.
func TestMappingOfAnotherPort(t *testing.T) {
	build := func(b build, cfg Config, shape ...int) *Model {
		g := graph.New(graph.Config{})
		return b(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, shape...), cfg)
	}
	image := []int{-1, 299, 299, 3}
	for _, c := range []struct {
		m    *Model
		of   Port
		want string
	}{
		{build(MobileNetV2, Config{}, image...), Torchvision, "computes as Original, and weights of Torchvision would give other results; want it built with Config{Port: zoo.Torchvision}"},
		{build(MobileNetV2, Config{Port: Timm}, image...), Keras, "want it built with Config{Port: zoo.Keras}"},
		{build(ResNet50, Config{}, image...), TFSlim, "want it built with Config{Port: zoo.TFSlim}"},
		{build(DenseNet121, Config{Port: Keras}, image...), Timm, "want it built with Config{Port: zoo.Timm}"},
		{build(AlexNet, Config{}, image...), Keras, "AlexNet: no names of Keras are known; want zoo.Torchvision"},
		{build(LeNet5, Config{}, -1, 32, 32, 1), Keras, "LeNet-5: no names of Keras are known; transfer has mappings"},
		{build(ResNet50, Config{Port: Port(9)}, image...), Timm, "Port is Port(9)"},
	} {
		if _, err := c.m.Mapping(c.of); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %v: got %v", c.m.Name, c.of, err)
		}
	}
	for _, of := range []Port{Keras, TFSlim} {
		if _, err := build(MobileNetV2, Config{}, image...).Mapping(of); err != nil {
			t.Errorf("MobileNet v2 computes as %v, too: got %v", of, err)
		}
	}

	notes := 0
	for _, l := range publishedFiles(t) {
		plan := l.plan(t, Config{})
		notes += len(plan.Notes)
		if len(plan.Notes) > 0 && !strings.Contains(plan.String(), "note: Keras computed with these weights by an epsilon of 0.001") {
			t.Errorf("got %v", plan)
		}
	}
	if notes != 2 { // of the old ResNet-50, with the names of Keras 1 and of Keras 2
		t.Errorf("%d notes", notes)
	}
}

// A file of another size of the family is an error that counts, or a plan that lists.
func TestMappingOfAnotherNetwork(t *testing.T) {
	for _, l := range publishedFiles(t) {
		if l.port != Torchvision || l.network != "VGG-16" {
			continue
		}
		g := graph.New(graph.Config{})
		m := VGG11(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 224, 224, 3), Config{})
		mapping, err := m.Mapping(Torchvision)
		if err != nil {
			t.Fatal(err)
		}
		f, err := weights.New("list", l.tensors, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := transfer.Map(f, m.Variables(), "", mapping); err == nil || !strings.Contains(err.Error(), "13 layers") || !strings.Contains(err.Error(), "want 8 of them") {
			t.Errorf("got %v", err)
		}
	}
}
