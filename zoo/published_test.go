package zoo

import (
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// Published files of Keras' weights, in its own format and TensorFlow.js's, fit whole.
func TestPublishedKeras(t *testing.T) {
	for _, c := range []struct {
		folder, file string
		build        build
		cfg          Config
	}{
		{"mobilenet_v1_0.25_224_tfjs", "model.json", MobileNetV1, Config{Width: 0.25, Port: Keras}},
		{"mobilenet_v1_0.25_224_tfjs", "model.json", MobileNetV1, Config{Width: 0.25, Port: Keras, NoTop: true}},
		{"squeezenet_v1.1_notop", "*.h5", SqueezeNet11, Config{Port: Keras, NoTop: true}},
	} {
		paths, err := filepath.Glob(filepath.Join(weightstest.Published(t, "imagenet", c.folder), c.file))
		if err != nil || len(paths) != 1 {
			t.Fatalf("%s: %v, %v", c.folder, paths, err)
		}
		f, err := transfer.Open(paths[0])
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		g := graph.New(graph.Config{})
		m := c.build(g.Scope().Sub("net"), graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 224, 224, 3), c.cfg)
		mapping, err := m.Mapping(Keras)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := transfer.Map(f, m.Variables(), "net", mapping)
		if err != nil {
			t.Fatal(err)
		}
		if err := plan.Complete(); err != nil {
			t.Errorf("%s: %v", c.folder, err)
		}
	}
}
