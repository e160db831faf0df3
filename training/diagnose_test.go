package training_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// dropoutNet has all kinds of state: dropout's draws, batch norm's statistics and
// Adam's slots.
func dropoutNet() patient {
	return patient{name: "dropout", data: "digits", hidden: widths(20, 2), act: elu, kernel: initializers.He(), norm: true, dropout: 0.3, opt: adam(0.01)}
}

// Diagnose leaves the session as it was, and the steps that follow are those that
// would have followed without it.
func TestDiagnoseLeavesTheSessionAlone(t *testing.T) {
	train := func(diagnose bool) []tensor.Tensor {
		sess, cfg := dropoutNet().admit(t, 1, training.DiagnoseConfig{Steps: 5})
		_, own := dropoutNet().admit(t, 1, training.DiagnoseConfig{})
		data := cfg.Data
		cfg.Data = own.Data
		var out []tensor.Tensor
		for i := 0; i < 6; i++ {
			if diagnose && i%3 == 0 {
				if _, err := training.Diagnose(context.Background(), sess, cfg); err != nil {
					t.Fatal(err)
				}
			}
			data.Next()
			feeds := graph.Feeds{cfg.X: data.X(), cfg.Y: data.Y()}
			for n, v := range cfg.Feeds {
				feeds[n] = v
			}
			run(t, sess, feeds, cfg.Step)
		}
		for _, v := range sess.Graph().Variables() {
			out = append(out, value(t, sess, v))
		}
		return out
	}
	with, without := train(true), train(false)
	if len(with) != len(without) {
		t.Fatalf("%d variables with, %d without", len(with), len(without))
	}
	for i := range with {
		if a, b := fmt.Sprint(with[i].Data()), fmt.Sprint(without[i].Data()); a != b {
			t.Errorf("variable %d is %.60s with a diagnosis, %.60s without", i, a, b)
		}
	}
}

// The graph gains the gradients once.
func TestDiagnoseTwiceAddsNothing(t *testing.T) {
	sess, cfg := dropoutNet().admit(t, 1, training.DiagnoseConfig{Steps: 2, NoTrials: true})
	var sizes []int
	var reports []string
	for i := 0; i < 2; i++ {
		cfg.Data.Reset()
		_, fresh := dropoutNet().admit(t, 1, training.DiagnoseConfig{})
		cfg.Data = fresh.Data
		d, err := training.Diagnose(context.Background(), sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		sizes, reports = append(sizes, len(sess.Graph().Operations())), append(reports, d.String())
	}
	if sizes[0] != sizes[1] {
		t.Errorf("the graph grew from %d to %d nodes", sizes[0], sizes[1])
	}
	if reports[0] != reports[1] {
		t.Errorf("two diagnoses of one session differ:\n%s\n%s", reports[0], reports[1])
	}
}

// The measures are those that a program would take by itself.
func TestDiagnoseMeasures(t *testing.T) {
	p := patient{data: "clusters", hidden: []int{6, 5}, act: ops.Tanh, kernel: normal(0.7), opt: sgd(0.1)}
	sess, cfg := p.admit(t, 3, training.DiagnoseConfig{Steps: 1, NoTrials: true})
	_, own := p.admit(t, 3, training.DiagnoseConfig{})
	d, err := training.Diagnose(context.Background(), sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	g := sess.Graph()
	node := func(name string) *gorgonia.Node {
		n, ok := g.Lookup(name)
		if !ok {
			t.Fatalf("no node %s", name)
		}
		return n
	}
	pre, act, kernel := node("hidden1/BiasAdd"), node("hidden1/tanh"), node("hidden1/kernel")
	grads := graph.Gradients(g.Scope().NameScope("check"), gorgonia.Nodes{cfg.Loss}, gorgonia.Nodes{pre, kernel}, nil)
	own.Data.Next()
	out := run(t, sess, graph.Feeds{cfg.X: own.Data.X(), cfg.Y: own.Data.Y()}, cfg.Loss, act, grads[0], grads[1], kernel)
	y := out.Float32s(1)
	mean, square, flat := 0.0, 0.0, 0.0
	for _, v := range y {
		mean += float64(v) / float64(len(y))
		square += float64(v) * float64(v) / float64(len(y))
		if 1-float64(v)*float64(v) < 0.1 {
			flat += 1 / float64(len(y))
		}
	}
	length := func(x []float32) float64 {
		sum := 0.0
		for _, v := range x {
			sum += float64(v) * float64(v)
		}
		return math.Sqrt(sum)
	}
	l := d.Layers[0]
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"loss", d.Losses[0], out.Float(0)},
		{"mean", l.Mean, mean},
		{"std", l.Std, math.Sqrt(square - mean*mean)},
		{"saturated", l.Saturated, flat},
		{"gradient", l.Gradient, length(out.Float32s(2))},
		{"kernel's gradient", l.KernelGradient, length(out.Float32s(3))},
		{"update", l.UpdateRatio, 0.1 * length(out.Float32s(3)) / length(out.Float32s(4))},
		{"ratio", l.GradientRatio, l.Gradient / d.Layers[1].Gradient},
		{"dead", l.Dead, 0},
	} {
		if !(math.Abs(c.got-c.want) <= 1e-4*math.Abs(c.want)+1e-9) {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
	if l.Saturated == 0 || l.Units != 6 || l.Activation != "tanh" || !l.Hidden || d.Layers[2].Hidden || d.Layers[2].Activation != "" {
		t.Errorf("%+v", d.Layers)
	}
}

// A trial at a multiple of the rate is the training at that rate.
func TestDiagnoseTrialsAreOtherRates(t *testing.T) {
	for _, opt := range []func(float64) recipe{sgd, momentum, adam} {
		report := func(rate float64) []training.TrialReport {
			p := patient{name: opt(rate).name, data: "digits", hidden: widths(20, 1), act: ops.Tanh, kernel: initializers.GlorotUniform(), opt: opt(rate)}
			return p.examine(t, 1, training.DiagnoseConfig{Steps: 12}).Trials
		}
		low, high := report(0.004), report(0.04)
		find := func(trials []training.TrialReport, factor float64) float64 {
			for _, r := range trials {
				if r.Factor == factor {
					return r.Loss
				}
			}
			t.Fatalf("no trial at %v in %v", factor, trials)
			return 0
		}
		for _, c := range [][2]float64{{10, 1}, {1, 0.1}, {0.1, 0.01}, {0, 0}} {
			if a, b := find(low, c[0]), find(high, c[1]); math.Abs(a-b) > 1e-4*b {
				t.Errorf("%s: %v times the rate gives the loss %v, the rate itself %v", opt(0.004).name, c[0], a, b)
			}
		}
	}
}

// The node that makes the first NaN is named.
func TestDiagnoseNamesTheNode(t *testing.T) {
	for _, p := range append(designSet(), judgingSet()...) {
		want := map[string]string{"logarithm of 0": "loss/Log", "exponential that overflows": "loss/Exp", "root of negative numbers": "loss/Sqrt", "NaN in the data": "X"}[p.name]
		if want == "" {
			continue
		}
		d := p.examine(t, 1, training.DiagnoseConfig{})
		if len(d.Findings) == 0 || d.Findings[0].Trouble != training.NotFinite || fmt.Sprint(d.Findings[0].Layers) != "["+want+"]" {
			t.Errorf("%s: want %s in\n%v", p.name, want, d)
		}
	}
}

// Data that end before the steps do are begun again.
func TestDiagnoseFewData(t *testing.T) {
	sess, cfg := dropoutNet().admit(t, 1, training.DiagnoseConfig{Steps: 7, NoTrials: true})
	x, y, _ := examples(t, "digits", 1)
	few := &dataset.Set{X: x, Y: y}
	few, err := few.Slice(0, 20)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data = dataset.Batches(dataset.BatchesConfig{X: few.X, Y: few.Y, BatchSize: 8})
	d, err := training.Diagnose(context.Background(), sess, cfg)
	if err != nil || len(d.Losses) != 7 {
		t.Errorf("%v: %v", err, d)
	}
}

// endless is Data without a batch, or with an error.
type endless struct{ err error }

func (e endless) Next() bool       { return false }
func (e endless) X() tensor.Tensor { return nil }
func (e endless) Y() tensor.Tensor { return nil }
func (e endless) Err() error       { return e.err }
func (e endless) Reset()           {}

func TestDiagnoseBadInput(t *testing.T) {
	other := graph.New(graph.Config{})
	foreign := graph.Placeholder(other.Scope(), "x", tensor.Float32)
	for _, c := range []struct {
		name string
		with func(cfg *training.DiagnoseConfig)
		want string
	}{
		{"step", func(cfg *training.DiagnoseConfig) { cfg.Step = nil }, "Step is nil"},
		{"loss", func(cfg *training.DiagnoseConfig) { cfg.Loss = nil }, "Loss is nil"},
		{"foreign", func(cfg *training.DiagnoseConfig) { cfg.Loss = foreign }, "Loss belongs to another graph"},
		{"integer", func(cfg *training.DiagnoseConfig) { cfg.Loss = cfg.Y }, "want float32 or float64"},
		{"data", func(cfg *training.DiagnoseConfig) { cfg.Data = nil }, "Data is nil"},
		{"steps", func(cfg *training.DiagnoseConfig) { cfg.Steps = -1 }, "Steps is -1"},
		{"empty", func(cfg *training.DiagnoseConfig) { cfg.Data = endless{} }, "gives no batches"},
		{"broken", func(cfg *training.DiagnoseConfig) { cfg.Data = endless{errors.New("disk on fire")} }, "disk on fire"},
		{"pattern", func(cfg *training.DiagnoseConfig) { cfg.Layers = []string{"hiden"} }, `"hiden" of Layers matches no trainable variable`},
		{"regexp", func(cfg *training.DiagnoseConfig) { cfg.Layers = []string{"("} }, "pattern"},
		{"biases", func(cfg *training.DiagnoseConfig) { cfg.Layers = []string{".*/bias"} }, "no layers were found"},
		{"unfed", func(cfg *training.DiagnoseConfig) { cfg.X = nil }, "step 1 of 40"},
		{"panic", func(cfg *training.DiagnoseConfig) { cfg.Feed = func(training.Data) graph.Feeds { panic("oh") } }, "oh"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sess, cfg := dropoutNet().admit(t, 1, training.DiagnoseConfig{})
			c.with(&cfg)
			d, err := training.Diagnose(context.Background(), sess, cfg)
			wantError(t, err, "training.Diagnose", c.want)
			if d != nil || sess.Graph().Err() != nil {
				t.Errorf("a diagnosis came with the error, or the graph is spoilt: %v", sess.Graph().Err())
			}
		})
	}
	_, err := training.Diagnose(context.Background(), nil, training.DiagnoseConfig{})
	wantError(t, err, "the session is nil")
}

func TestDiagnoseCancelled(t *testing.T) {
	sess, cfg := dropoutNet().admit(t, 1, training.DiagnoseConfig{})
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	cfg.Feed = func(training.Data) graph.Feeds {
		if calls++; calls == 3 {
			cancel()
		}
		return nil
	}
	if _, err := training.Diagnose(ctx, sess, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

// Variables without a value are an error, not a NaN.
func TestDiagnoseUninitialised(t *testing.T) {
	sess, cfg := dropoutNet().admit(t, 1, training.DiagnoseConfig{})
	empty, err := graph.NewSession(sess.Graph(), graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = training.Diagnose(context.Background(), empty, cfg)
	wantError(t, err, "has no value", "Init()")
}

// The report fits a line, names what it found and shows itself in notebooks.
func TestDiagnosisText(t *testing.T) {
	p := patient{data: "digits", hidden: widths(40, 12), act: ops.Sigmoid, kernel: initializers.GlorotUniform(), opt: sgd(0.1)}
	d := p.examine(t, 1, training.DiagnoseConfig{Steps: 8})
	text := d.String()
	for _, line := range strings.Split(text, "\n") {
		if n := utf8.RuneCountInString(line); n > 120 {
			t.Errorf("a line has %d characters: %s", n, line)
		}
	}
	for _, want := range []string{"VANISHING GRADIENTS in hidden1, hidden2, ..., hidden6 (6 in all)", "use ELU or ReLU with He", "hidden12", "loss "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	shown := d.SimpleRender()
	if shown["text/plain"] != text || !strings.Contains(shown["text/html"].(string), "vanishing gradients") {
		t.Error(shown)
	}
	if picture, err := d.Picture(); err != nil {
		t.Error(err)
	} else if svg, err := picture.SVG(); err != nil || !strings.Contains(string(svg), "hidden12") {
		t.Errorf("the picture: %v", err)
	} else if image := `src="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString(svg); !strings.Contains(shown["text/html"].(string), image) {
		t.Errorf("the picture is not part of the table's HTML: %v", shown["text/html"])
	}
	var none *training.Diagnosis
	if none.String() == "" || none.SimpleRender()["text/plain"] == nil || none.Healthy() || none.Has(training.Saturation) {
		t.Error("a nil diagnosis")
	}
	if _, err := none.Picture(); err == nil {
		t.Error("a nil diagnosis has a picture")
	}
	if s := training.Trouble(99).String(); s != "Trouble(99)" {
		t.Error(s)
	}
}

// Dead units below the threshold of the finding are remarked on.
func TestDiagnosisRemarks(t *testing.T) {
	layer := func(dead float64, hidden bool, activation string) training.LayerReport {
		return training.LayerReport{Name: "hidden2", Activation: activation, Hidden: hidden, Dead: dead}
	}
	for _, c := range []struct {
		layer training.LayerReport
		want  bool
	}{
		{layer(0.38, true, "relu"), true},
		{layer(0.3, true, "relu"), true},
		{layer(0.29, true, "relu"), false},
		{layer(0.6, true, "relu"), false}, // a finding says it
		{layer(0.38, false, "relu"), false},
		{layer(0.38, true, ""), false},
		{layer(math.NaN(), true, "relu"), false},
	} {
		d := &training.Diagnosis{Layers: []training.LayerReport{c.layer}}
		remark := fmt.Sprintf("Remark: %.0f %% of the units of hidden2 were dead in these steps", 100*c.layer.Dead)
		html := d.SimpleRender()["text/html"].(string)
		if strings.Contains(d.String(), remark) != c.want || strings.Contains(html, remark) != c.want || !strings.Contains(d.String(), "Nothing was found wrong") {
			t.Errorf("%+v:\n%s\n%s", c.layer, d, html)
		}
	}
}
