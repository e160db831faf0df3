package zoo

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/safetensors"
	"github.com/plexaura/plexaura/transfer/weights"
)

// served is a file that a server has.
type served struct {
	name    string
	content []byte
}

// Files of every format, of the names and shapes of the published ones, are fetched from a server, checked, and loaded: each variable
// has the values of a tensor of its own. Torchvision's networks lie in other formats as well, with the same names and shapes, as those have that are
// exported from PyTorch.
func TestLoadFormats(t *testing.T) {
	type writer func(t testing.TB, l listed, values func(i int, shape []int) []float32) []byte
	one := func(name string, write writer) func(*testing.T, listed) []served {
		return func(t *testing.T, l listed) []served { return []served{{name, write(t, l, random)}} }
	}
	for _, c := range []struct {
		format, entry string
		files         func(*testing.T, listed) []served
		large         bool
	}{
		{"PyTorch", "torchvision/squeezenet1_1", one("squeezenet1_1-b8a52dc0.pth", stateDict), false},
		{"safetensors", "torchvision/squeezenet1_1", one("model.safetensors", safetensorsFile), false},
		{"ONNX", "torchvision/squeezenet1_1", one("squeezenet1.1-7.onnx", onnxFile), false},
		{"Keras 2", "keras/mobilenet_0.25", one("mobilenet_2_5_224_tf.h5", kerasFile), false},
		{"Keras", "keras/squeezenet_v1.1_notop", one("squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5", kerasFile), false},
		{"TensorFlow.js", "tfjs/mobilenet_v1_0.25_224", tfjsFiles, false},
		{"V2 checkpoint", "slim/mobilenet_v1_1.0_224", checkpointArchive, true},
		{"V1 checkpoint", "slim/resnet_v1_50", func(t *testing.T, l listed) []served {
			return []served{{"resnet_v1_50_2016_08_23.tar.gz", packed(t, served{"resnet_v1_50.ckpt", checkpointV1(t, l, random)})}}
		}, true},
	} {
		t.Run(c.format+" of "+c.entry, func(t *testing.T) {
			if c.large && testing.Short() {
				t.Skip("writes and packs up to 100 MB")
			}
			entry, err := Describe(c.entry)
			if err != nil {
				t.Fatal(err)
			}
			l := namesOf(t, entry.Config.Port, entry.Architecture, entry.Config.Width)
			if entry.Config.NoTop {
				l.tensors = slices.DeleteFunc(slices.Clone(l.tensors), func(x weights.Tensor) bool { return strings.HasPrefix(x.Name, "conv10/") })
			}
			n := beginFiles(t, c.entry, Config{}, c.files(t, l))
			if err := n.Load(context.Background(), n.sess); err != nil {
				t.Fatal(err)
			}
			stored := map[uint64]string{}
			for i, x := range l.tensors {
				stored[fingerprint(random(i, x.Shape))] = x.Name
			}
			from := map[string]string{}
			for name, values := range n.values(t) {
				source, ok := stored[fingerprint(values)]
				if !ok || from[source] != "" {
					t.Errorf("%s has not the values of a tensor, or %s has them too", name, from[source])
				}
				from[source] = name
			}
			if len(from) < 50 {
				t.Errorf("only %d variables were loaded", len(from))
			}
		})
	}
}

// fingerprint is the same for the same numbers in any order.
func fingerprint(values []float32) uint64 {
	var f uint64
	for _, v := range values {
		b := uint64(math.Float32bits(v))
		f += b * b
	}
	return f
}

func safetensorsFile(t testing.TB, l listed, values func(i int, shape []int) []float32) []byte {
	t.Helper()
	var tensors []weights.Named
	for i, x := range l.tensors {
		tensors = append(tensors, weights.Named{Name: x.Name, Value: tensor.New(tensor.WithShape(x.Shape...), tensor.WithBacking(values(i, x.Shape)))})
	}
	path := filepath.Join(t.TempDir(), "x")
	if err := safetensors.Write(path, tensors, map[string]string{"format": "pt"}); err != nil {
		t.Fatal(err)
	}
	return readFile(t, path)
}

// onnxFile is a model of initializers; the operators, which give them their names no more than the file of a state dict does, are left out but for one.
func onnxFile(t testing.TB, l listed, values func(i int, shape []int) []float32) []byte {
	t.Helper()
	varint := func(b []byte, field protowire.Number, v uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
	}
	value := func(name string) []byte {
		return message(message(nil, 1, []byte(name)), 2, message(nil, 1, message(varint(nil, 1, 1), 2, nil)))
	}
	graph := message(nil, 1, message(message(message(nil, 1, []byte("x")), 2, []byte("y")), 4, []byte("Identity")))
	graph = message(graph, 2, []byte("torch_jit"))
	for i, x := range l.tensors {
		var b []byte
		for _, n := range x.Shape {
			b = varint(b, 1, uint64(n))
		}
		b = message(varint(b, 2, 1), 8, []byte(x.Name))
		graph = message(graph, 5, message(b, 9, raw(t, values(i, x.Shape))))
	}
	graph = message(message(graph, 11, value("x")), 12, value("y"))
	return message(message(varint(nil, 1, 6), 8, varint(nil, 2, 11)), 7, graph)
}

// tfjsFiles are a model.json and a shard for each layer.
func tfjsFiles(t *testing.T, l listed) []served {
	t.Helper()
	type entry struct {
		Name  string `json:"name"`
		Shape []int  `json:"shape"`
		DType string `json:"dtype"`
	}
	type group struct {
		Paths   []string `json:"paths"`
		Weights []entry  `json:"weights"`
	}
	var groups []group
	files := []served{{name: "model.json"}}
	last := ""
	for i, x := range l.tensors {
		if layer, _, _ := strings.Cut(x.Name, "/"); layer != last {
			last = layer
			path := fmt.Sprintf("group%d-shard1of1", len(files))
			groups, files = append(groups, group{Paths: []string{path}}), append(files, served{name: path})
		}
		g, f := &groups[len(groups)-1], &files[len(files)-1]
		g.Weights = append(g.Weights, entry{x.Name, x.Shape, "float32"})
		f.content = append(f.content, raw(t, random(i, x.Shape))...)
	}
	var err error
	files[0].content, err = json.Marshal(map[string]any{"modelTopology": nil, "weightsManifest": groups})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// checkpointArchive is a checkpoint of TensorFlow since 0.12, in an archive as TF-slim's are.
func checkpointArchive(t *testing.T, l listed) []served {
	t.Helper()
	var tensors []tffile.Tensor
	for i, x := range l.tensors {
		made, err := tffile.New(x.Name, x.Shape, random(i, x.Shape))
		if err != nil {
			t.Fatal(err)
		}
		tensors = append(tensors, made)
	}
	prefix := filepath.Join(t.TempDir(), "mobilenet_v1_1.0_224.ckpt")
	if err := tffile.Write(prefix, tensors); err != nil {
		t.Fatal(err)
	}
	var members []served
	for _, end := range []string{".index", ".data-00000-of-00001"} {
		members = append(members, served{filepath.Base(prefix) + end, readFile(t, prefix+end)})
	}
	return []served{{"mobilenet_v1_1.0_224.tgz", packed(t, members...)}}
}

// packed is an archive, not smaller than what it holds.
func packed(t *testing.T, members ...served) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewWriter(z)
	for _, m := range members {
		err := archive.WriteHeader(&tar.Header{Name: "./" + m.name, Mode: 0o644, Size: int64(len(m.content)), Typeflag: tar.TypeReg})
		if err == nil {
			_, err = archive.Write(m.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []io.Closer{archive, z} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
