package keras

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
	"github.com/plexaura/plexaura/transfer/weights"
)

const refused = "takes much more memory"

// peak fails the test where open takes too much, or another error than one with want comes of it, none for "".
func peak(t *testing.T, whole []byte, want string, open func(b []byte) (any, error)) {
	t.Helper()
	var err error
	budgettest.Peak(t, len(whole), func() (f any) {
		f, err = open(whole)
		return f
	})
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("got %.300v; want %q", err, want)
	}
}

func openWeights(b []byte) (any, error) { return parseBytes(b) }

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemory(t *testing.T) {
	budgettest.Lower(t)
	const size = budgettest.Small
	many := func(size int, message func(i int) []byte) (all []byte) {
		for i := 0; len(all) < size; i++ {
			all = append(all, message(i)...)
		}
		return all
	}
	numbered := func(i int) string { return fmt.Sprintf("%07d", i) }
	ones := make([]int, 254)
	for i := range ones {
		ones[i] = 1
	}
	filters := []byte{2, 32}
	for range 32 {
		filters = append(filters, 2, 0, 0, 0, 0, 0)
	}
	for name, c := range map[string]struct {
		file func(f *h5) (root []byte)
		want string
	}{
		"messages":   {func(*h5) []byte { return many(size, func(int) []byte { return h5Message(0x20) }) }, refused},
		"attributes": {func(*h5) []byte { return many(size, func(i int) []byte { return h5Attribute(numbered(i), 1, 1, 'x') }) }, refused},
		"texts": {func(*h5) []byte {
			return many(size, func(int) []byte { return h5Attribute("a", 60000, 1, bytes.Repeat([]byte("x"), 60000)...) })
		}, refused},
		"names": {func(*h5) []byte {
			return many(size/50, func(int) []byte { return h5Attribute("layer_names", 20000, 1, bytes.Repeat([]byte("x"), 20000)...) })
		}, refused},
		"a text": {func(f *h5) []byte {
			return h5Attribute("model_config", 0, 16, h5Text(size, f.add(h5Heap(make([]byte, size))), 1)...)
		}, ""},
		"one text": {func(f *h5) []byte {
			heap := f.add(h5Heap(bytes.Repeat([]byte("x"), 1000)))
			return many(size, func(i int) []byte { return h5Attribute(numbered(i), 0, 16, h5Text(1000, heap, 1)...) })
		}, refused},
		"objects": {func(f *h5) []byte {
			return h5Attribute("a", 0, 16, h5Text(1, f.add(h5Heap(make([][]byte, 1<<16-1)...)), 1)...)
		}, refused},
		"groups":   {func(f *h5) []byte { return f.members(size/42, nil) }, refused},
		"datasets": {func(f *h5) []byte { return f.members(size/87, h5Dataset(nil, h5Compact(1))) }, refused},
		"axes":     {func(f *h5) []byte { return f.members(size/2200, h5Dataset(ones, h5Compact(1))) }, ""},
		"filters": {func(f *h5) []byte {
			return f.members(size/280, h5Dataset(nil, h5Message(0x0b, filters...), h5Compact(1)))
		}, refused},
		"many filters": {func(f *h5) []byte {
			return f.members(1, h5Dataset(nil, h5Message(0x0b, 2, 33), h5Compact(1)))
		}, "33 filters; want at most 32"},
		"chunks": {func(f *h5) []byte {
			const n = 30000
			tree := f.add(h5Tree(0, n, 1, 1, f.add(make([]byte, n))))
			return f.members(1, h5Dataset([]int{n}, h5Chunked(tree, 1)))
		}, ""},
		"equal chunks": {func(f *h5) []byte {
			const n = 30000
			tree := f.add(h5Tree(0, n, 1, 1, f.add(make([]byte, 40*n))))
			return f.members(1, h5Dataset([]int{n}, h5Chunked(f.add(h5Tree(1, 40, 1, 1, tree)), 1)))
		}, refused},
	} {
		t.Run(name, func(t *testing.T) {
			f := &h5{}
			peak(t, f.file(c.file(f)), c.want, openWeights)
		})
	}
}

// archive is a .keras archive with these members and one of weights.
func archive(t testing.TB, members map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	members["model.weights.h5"] = string(load(t, "weights.h5"))
	for name, content := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name})
		if err == nil {
			_, err = w.Write([]byte(budgettest.Text(content)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMemoryOfArchives(t *testing.T) {
	budgettest.Lower(t)
	named := map[string]string{}
	for i := range budgettest.Small / 100 {
		named[fmt.Sprintf("%07d", i)] = ""
	}
	for name, c := range map[string]struct {
		members map[string]string
		want    string
	}{
		"members":       {named, ""},
		"config":        {map[string]string{"config.json": "LONG"}, ""},
		"metadata":      {map[string]string{"metadata.json": `{MANY("#######":0)}`}, refused},
		"deep metadata": {map[string]string{"metadata.json": `{MANY("#":` + strings.Repeat(`{"":`, 50) + "0" + strings.Repeat("}", 50) + ")}"}, refused},
	} {
		t.Run(name, func(t *testing.T) { peak(t, archive(t, c.members), c.want, openWeights) })
	}
}

// The description of a network is read into what its archive leaves.
func TestMemoryOfModels(t *testing.T) {
	budgettest.Lower(t)
	open := func(b []byte) (any, error) {
		f, err := parseBytes(b)
		if err != nil {
			return nil, err
		}
		return FromFile(f)
	}
	flatten := func(options string) string {
		return sequential("2.4.0", []int{2}, layerOf("Flatten", "f", options))
	}
	dense := func(options string) string { return sequential("2.4.0", []int{2}, layerOf("Dense", "f", options)) }
	called := func(inbound string) string {
		return functional(inputOf("x")+`, {"class_name": "Add", "name": "l", "config": {"name": "l"}, "inbound_nodes": `+inbound+`}`, `[["x", 0, 0]]`, `[["l", 0, 0]]`)
	}
	// Models in models, of which each copies the text of what is in it.
	deep := strings.Repeat(`{"class_name":"Sequential","config":{"name":"m","layers":[`, mostNesting) + layerOf("Flatten", "f", `"a":"LONG"`) +
		strings.Repeat(`]}}`, mostNesting)
	regularized := `MANY({"class_name":"Flatten","config":{"name":"#######","activity_regularizer":"l1"}})`
	lists := func(text string) string { return strings.Repeat("[", 30) + text + strings.Repeat("]", 30) }
	for name, c := range map[string]struct{ config, want string }{
		"layers":      {`{"class_name":"Sequential","config":[MANY({"class_name":"A","config":{"name":"#######"}})]}`, refused},
		"nothing":     {`{"class_name":"Sequential","config":[MANY(0)]}`, refused},
		"options":     {flatten(`MANY("#######":0)`), refused},
		"outermost":   {`{"class_name":"Sequential",MANY("":0)}`, refused},
		"deep models": {deep, refused},
		"long class":  {sequential("2.4.0", []int{2}, layerOf("LONG", "f", "")), refused},
		"long option": {flatten(`"function":"LONG"`), refused},
		"text":        {flatten(`"function":"` + strings.Repeat("x", budgettest.Small/8) + `"`), ""},
		"ignored":     {`{"class_name":"Sequential","config":[{"class_name":"Sequential","config":{"name":"` + strings.Repeat("x", 900) + `","layers":[` + regularized + `]}}]}`, refused},
		"calls":       {called(`[MANY([["x",0,0]])]`), refused},
		"inputs":      {called(`[[MANY(["x",0,0])]]`), refused},
		"objects":     {called(`[[MANY({"":["x",0,0]})]]`), refused},
		"keywords":    {called(`[[MANY(["x",0,0,{"":0}])]]`), refused},
		"arguments":   {called(`[[["x",0,0,{MANY("#######":0)}]]]`), refused},
		"deep inputs": {called(lists(`MANY(0)`)), refused},
		"deep text":   {called(lists(`"LONG"`)), refused},
		"outputs":     {functional(inputOf("x"), `[["x", 0, 0]]`, `[MANY(["x",0,0])]`), refused},
		"numbers":     {sequential("2.4.0", []int{2}, layerOf("Normalization", "n", `"mean":[MANY(0)],"variance":0`)), refused},
		"sizes":       {sequential("2.4.0", []int{2}, layerOf("Reshape", "r", `"target_shape":[MANY(1)]`)), refused},
		"activation":  {dense(`"units":1,"activation":{"class_name":"ReLU","config":{MANY("#######":0)}}`), refused},
		"initializer": {dense(`"units":1,"kernel_initializer":{"class_name":"Zeros","config":{MANY("#######":0)}}`), refused},
		"regularizer": {dense(`"units":1,"kernel_regularizer":{"class_name":"L2","config":{MANY("#######":0)}}`), refused},
		"wrapped":     {sequential("2.4.0", []int{2}, layerOf("TimeDistributed", "t", `"layer":{"class_name":"Dense","config":{"units":1,MANY("#######":0)}}`)), refused},
	} {
		t.Run(name, func(t *testing.T) { peak(t, archive(t, map[string]string{"config.json": c.config}), c.want, open) })
	}
}

// The description of a network of more layers than published ones have is none that is refused.
func TestLargeModel(t *testing.T) {
	var layers []string
	for i := range 1500 {
		layers = append(layers, layerOf("Conv2D", fmt.Sprintf("block_%d_conv", i), conv3))
	}
	config := sequential("3.5.0", []int{8, 8, 3}, layers...)
	var m *Model
	budgettest.Peak(t, len(config), func() any {
		var err error
		if m, err = ParseModel([]byte(config), (*weights.File)(nil)); err != nil {
			t.Fatal(err)
		}
		return m
	})
	if n := len(m.Nodes()); n != 1501 {
		t.Errorf("%d calls; want 1501", n)
	}
}

// conv3 are the options that Keras 3 writes.
const conv3 = `"trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null},
	"filters": 3, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "activation": "linear",
	"use_bias": true, "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}, "registered_name": null},
	"bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null}, "kernel_regularizer": null, "bias_regularizer": null,
	"activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null`
