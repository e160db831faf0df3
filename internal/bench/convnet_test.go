package bench

import (
	"fmt"
	"slices"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// convWork is what is measured of a convolutional network.
type convWork struct {
	name      string
	net       Architecture
	batch     int
	optimizer func() training.Optimizer // nil for inference
}

var convWorks = []convWork{
	{"step", TwoConv, 64, Descent},
	{"step-momentum", TwoConv, 64, Momentum},
	{"step", ResNet18, 8, Descent},
	{"inference", TinyYOLOv2, 1, nil},
	{"inference", SqueezeNet, 1, nil},
	{"inference", SqueezeNet, 32, nil},
	{"inference", MobileNet, 1, nil},
	{"inference", MobileNet, 32, nil},
}

func (w convWork) String() string { return fmt.Sprintf("%s/%s/batch=%d", w.net.Name, w.name, w.batch) }

// run returns one step or inference of a session.
func (w convWork) run(tb testing.TB, cfg graph.SessionConfig) func() {
	var opt training.Optimizer
	if w.optimizer != nil {
		opt = w.optimizer()
	}
	n, err := NewConvNet(w.net, opt)
	if err != nil {
		tb.Fatal(err)
	}
	sess, err := n.Session(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { sess.Close() })
	feeds, fetch := n.Feeds(w.batch), n.Output
	if n.Step != nil {
		fetch = n.Step
	}
	return func() {
		if _, err := sess.Run(feeds, fetch); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkConvNets times steps and inferences of the convolutional networks.
func BenchmarkConvNets(b *testing.B) {
	for _, w := range convWorks {
		b.Run(w.String(), func(b *testing.B) {
			run := w.run(b, graph.SessionConfig{})
			run()
			b.ReportAllocs()
			for b.Loop() {
				run()
			}
		})
	}
}

// BenchmarkConvTrace says where their time goes; with -v it prints the tables.
func BenchmarkConvTrace(b *testing.B) {
	for _, w := range convWorks {
		b.Run(w.String(), func(b *testing.B) {
			tracer := &graph.Tracer{}
			run := w.run(b, graph.SessionConfig{Tracer: tracer})
			run()
			tracer.Reset()
			for b.Loop() {
				run()
			}
			if testing.Verbose() {
				tracer.WriteTable(b.Output())
			}
		})
	}
}

// TestConvNets checks the sizes that were published, or that are those of torchvision.
func TestConvNets(t *testing.T) {
	for _, c := range []struct {
		net        Architecture
		parameters int
		output     []int
	}{
		{TwoConv, 421_866, []int{1, 10}},
		{ResNet18, 11_689_512, []int{1, 1000}},
		{TinyYOLOv2, 15_861_773, []int{1, 13, 13, 125}}, // 15,867,885 with the moving statistics, as its file of weights has them
		{SqueezeNet, 1_235_496, []int{1, 1000}},
		{MobileNet, 4_231_976, []int{1, 1000}},
	} {
		n, err := NewConvNet(c.net, nil)
		if err != nil {
			t.Fatal(err)
		}
		parameters := 0
		for _, v := range n.Graph.Trainable() {
			parameters += v.Shape().TotalSize()
		}
		if parameters != c.parameters {
			t.Errorf("%s has %d parameters; want %d", c.net.Name, parameters, c.parameters)
		}
		if testing.Short() {
			continue
		}
		sess, err := n.Session(graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		out, err := sess.Run(n.Feeds(1), n.Output)
		if err != nil {
			t.Fatal(err)
		}
		if shape := out[0].Shape(); !slices.Equal(shape, c.output) {
			t.Errorf("%s gives %v; want %v", c.net.Name, shape, c.output)
		}
		if err := sess.Close(); err != nil {
			t.Error(err)
		}
	}
}
