package zoo

import (
	"flag"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/npz"
)

var torchvisionFiles = flag.String("torchvision", "", "folder of what internal/golden/torchvisionfiles.py has made, for TestTorchvisionFiles")

// torchvisionNetworks are by the names of torchvision's functions, without what Architecture.Name says beside letters and digits.
var torchvisionNetworks = map[string]string{
	"mobilenetv2": "MobileNet v2", "resnext5032x4d": "ResNeXt-50 32x4d", "resnext10132x8d": "ResNeXt-101 32x8d",
	"wideresnet502": "Wide ResNet-50-2", "wideresnet1012": "Wide ResNet-101-2",
}

// A state dict of each of torchvision's models gives the outputs that torchvision computes.
func TestTorchvisionFiles(t *testing.T) {
	if *torchvisionFiles == "" {
		t.Skip("the files are too large for the repository; internal/golden/torchvisionfiles.py makes them, and -torchvision names their folder")
	}
	paths, err := filepath.Glob(filepath.Join(*torchvisionFiles, "*.npz"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %s: %v", *torchvisionFiles, err)
	}
	plain := regexp.MustCompile(`[^a-z0-9]`)
	for _, path := range paths {
		path = strings.TrimSuffix(path, ".npz")
		name, width, _ := strings.Cut(filepath.Base(path), "_x")
		cfg := Config{Port: Torchvision, Width: map[string]float64{"0_5": 0.5, "1_5": 1.5, "2_0": 2}[width]}
		name = plain.ReplaceAllString(name, "")
		i := slices.IndexFunc(Architectures(), func(a Architecture) bool {
			return a.Name == torchvisionNetworks[name] || plain.ReplaceAllString(strings.ToLower(a.Name), "") == name
		})
		if i < 0 {
			t.Errorf("there is no network for %s", path)
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) { wantTorchvisionFile(t, path, Architectures()[i], cfg) })
	}
}

func wantTorchvisionFile(t *testing.T, path string, a Architecture, cfg Config) {
	expected, err := npz.Open(path + ".npz")
	if err != nil {
		t.Fatal(err)
	}
	defer expected.Close()
	image, err := expected.Read("x")
	if err != nil {
		t.Fatal(err)
	}
	logits, err := expected.Read("y")
	if err != nil {
		t.Fatal(err)
	}
	f, err := transfer.Open(path + ".pth")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()

	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, graph.Unknown, graph.Unknown, 3)
	m := a.Build(g.Scope().Sub("net"), x, cfg)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	mapping, err := m.Mapping(cfg.Port)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := transfer.Map(f, m.Variables(), "net", mapping)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Load(sess, false); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{x: image}, m.Output)
	if err != nil {
		t.Fatal(err)
	}
	want, scale, worst := logits.Data().([]float64), 0.0, 0.0
	for i, v := range out.Float32s(0) {
		scale = math.Max(scale, math.Abs(want[i]))
		worst = math.Max(worst, math.Abs(float64(v)-want[i]))
	}
	t.Logf("%-20s %4d variables, largest difference %.1e of %.1e", a.Name, len(plan.Matched), worst/scale, scale)
	if !(worst <= 1e-4*scale) {
		t.Errorf("%s: the outputs differ by up to %v of %v", a.Name, worst, scale)
	}
}
