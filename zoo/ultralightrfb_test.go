package zoo

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/boxes"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func TestUltraLightRFB(t *testing.T) {
	for _, c := range golden.CasesIn(t, "testdata/zooface.json", "Ultra-Light RFB") {
		for _, dtype := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			t.Run(c.Name+"/"+dtype.String(), func(t *testing.T) { wantCase(t, c, dtype, Config{Classes: int(c.Param("classes"))}, UltraLightRFB) })
		}
	}
	// PyTorch counts as many of the reference in zooface.py; the authors say 90 to 109 million for their two networks.
	wantPublished(t, UltraLightRFB, Config{}, []int{1, 240, 320, 3}, 276292, 100418560)
	wantTraining(t, func(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
		m := UltraLightRFB(s, x, cfg)
		m.Output = ops.Mul(s, ops.Mean(s, m.Output, 1), ops.AddScalar(s, ops.Mean(s, m.Endpoint("locations")), 1))
		return m
	}, 2, 64, 64, 3)
}

func TestUltraLightRFBBadInput(t *testing.T) {
	wantBuildError(t, UltraLightRFB, Config{}, []int{-1, 64 * 3}, "want [batch, height, width, channels]")
	wantBuildError(t, UltraLightRFB, Config{}, []int{-1, 64, 64, -1}, "the number of channels must be known")
	wantBuildError(t, UltraLightRFB, Config{}, []int{-1, 64, -1, 3}, "want a known height and width")
	wantBuildError(t, UltraLightRFB, Config{Width: 2}, []int{-1, 64, 64, 3}, "one width only")
	wantBuildError(t, UltraLightRFB, Config{Classes: 3, NoTop: true}, []int{-1, 64, 64, 3}, "NoTop leaves the classifier out")
	g := graph.New(graph.Config{})
	m := UltraLightRFB(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 64, 64, 3), Config{NoTop: true})
	if e := m.Endpoints(); g.Err() != nil || e[len(e)-1].Name != "base_net/12" || m.Output != e[len(e)-1].Node {
		t.Errorf("without its top it ends with %v (%v)", e, g.Err())
	}
}

// faces builds the entry and loads it from the published file.
func faces(t *testing.T) (folder string, m *Model, sess *graph.Session) {
	t.Helper()
	folder = weightstest.Published(t, "graphs", "face-rfb-320")
	m, sess = loaded(t, "ultralight/version-RFB-320", folder, -1, 240, 320, 3)
	return folder, m, sess
}

// The entry computes what ONNX Runtime computed with the authors' ONNX model of the same weights, and what that computes when it is imported.
func TestPublishedFaces(t *testing.T) {
	folder, m, sess := faces(t)
	path := filepath.Join(folder, "expected.npz")
	x := pictures(t, path, "input_u8", m.entry.Input.Normalize, 240)
	if err := x.Reshape(1, 240, 320, 3); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{m.Input: x}, m.Output, m.Endpoint("locations"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := UltraLightRFBHead().Boxes(out.Tensor(0), out.Tensor(1), 240, 320, 0)
	if err != nil {
		t.Fatal(err)
	}
	var scores, corners []float64
	for _, b := range all[0] {
		scores = append(scores, 1-b.Probability, b.Probability)
		corners = append(corners, b.Left, b.Top, b.Right, b.Bottom)
	}
	imported := importedFaces(t, filepath.Join(folder, "version-RFB-320.onnx"), x)
	for name, got := range map[string][]float64{"scores": scores, "boxes": corners} {
		want, _ := expected(t, path, "RFB-320__"+name)
		for _, want := range [][]float64{want, imported[name]} {
			if len(got) != len(want) {
				t.Fatalf("%d %s; want %d", len(got), name, len(want))
			}
			worst := 0.0
			for i := range got {
				worst = math.Max(worst, math.Abs(got[i]-want[i]))
			}
			t.Logf("%s: largest difference %.1e", name, worst)
			if !(worst <= 1e-5) {
				t.Errorf("%s differ by up to %v", name, worst)
			}
		}
	}
}

// importedFaces runs the ONNX model, whose images have the channels first.
func importedFaces(t *testing.T, path string, x *tensor.Dense) map[string][]float64 {
	t.Helper()
	g := graph.New(graph.Config{})
	image := graph.Placeholder(g.Scope(), "image", tensor.Float32, 1, 240, 320, 3)
	n, err := transfer.Import(g.Scope(), path, network.Config{Inputs: map[string]*gorgonia.Node{"input": ops.Transpose(g.Scope(), image, 0, 3, 1, 2)}})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	results := map[string][]float64{}
	for _, o := range n.Outputs {
		out, err := sess.Run(graph.Feeds{image: x}, o.Node)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range out.Float32s(0) {
			results[o.Name] = append(results[o.Name], float64(v))
		}
	}
	return results
}

// The variables loaded from the .pth have the bits of the .onnx, where PyTorch's exporter has left them as they were.
func TestFacesHaveEqualBits(t *testing.T) {
	folder, m, sess := faces(t)
	file, err := transfer.Open(filepath.Join(folder, "version-RFB-320.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plan, err := transfer.Map(file, m.Variables(), "net", transfer.Torchvision())
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Matched) != len(m.Variables()) {
		t.Errorf("%d of %d variables are in the ONNX model", len(plan.Matched), len(m.Variables()))
	}
	for _, match := range plan.Matched {
		want, err := match.Tensor.ReadAs(tensor.Float32)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sess.Value(match.Variable)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got.Data().([]float32), want.Data().([]float32), func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			t.Errorf("%s differs", match.Name)
		}
	}
}

// A photo of faces, decoded and resized as the entry says, has them where the outputs that are known have them.
func TestFacesInAPhoto(t *testing.T) {
	folder, m, sess := faces(t)
	photo, err := image.Open(filepath.Join(folder, "23.jpg"), m.entry.Input)
	if err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{m.Input: tensor.New(tensor.WithShape(1, 240, 320, 3), tensor.WithBacking(photo.Pix))}, m.Output, m.Endpoint("locations"))
	if err != nil {
		t.Fatal(err)
	}
	const threshold, overlap = 0.7, 0.3
	all, err := UltraLightRFBHead().Boxes(out.Tensor(0), out.Tensor(1), 240, 320, threshold)
	if err != nil {
		t.Fatal(err)
	}
	scores, _ := expected(t, filepath.Join(folder, "expected.npz"), "RFB-320__scores")
	corners, _ := expected(t, filepath.Join(folder, "expected.npz"), "RFB-320__boxes")
	var known []boxes.Box
	for i := range len(scores) / 2 {
		if c := corners[4*i:]; scores[2*i+1] > threshold {
			known = append(known, boxes.Box{Left: c[0], Top: c[1], Right: c[2], Bottom: c[3], Class: 1, Probability: scores[2*i+1]})
		}
	}
	got, want := boxes.Suppress(all[0], overlap), boxes.Suppress(known, overlap)
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%d faces; want %d", len(got), len(want))
	}
	for _, w := range want {
		i := slices.IndexFunc(got, func(b boxes.Box) bool { return boxes.IoU(b, w) > 0.8 })
		if i < 0 {
			t.Errorf("the face %+v is not found", w)
			continue
		}
		if got[i].Class != 1 || math.Abs(got[i].Probability-w.Probability) > 0.05 { // the decoders of JPEG round differently
			t.Errorf("a face is %+v; want %+v", got[i], w)
		}
	}
	t.Logf("%d faces", len(got))
}
