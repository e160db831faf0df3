package tfjs

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// folder makes a folder of a model.json and shards s0, s1, ...
func folder(model string, data ...string) fstest.MapFS {
	fsys := fstest.MapFS{"model.json": {Data: []byte(model)}}
	for i, d := range data {
		fsys[fmt.Sprint("s", i)] = &fstest.MapFile{Data: []byte(d)}
	}
	return fsys
}

// one makes a model of one weight, in the shard s0.
func one(weight string) string {
	return `{"weightsManifest": [{"paths": ["s0"], "weights": [` + weight + `]}]}`
}

// What TensorFlow.js makes of quantised weights is in decodeWeights of tfjs-core/src/io/io_utils.ts: stored*scale + min for
// float32, Math.round of it for int32.
func TestValues(t *testing.T) {
	for name, c := range map[string]struct {
		weight, data string
		want         interface{}
	}{
		"float32":        {`"shape": [2], "dtype": "float32"`, "\x00\x00\x80\x3f\x00\x00\x00\xc0", []float32{1, -2}},
		"int32":          {`"shape": [2], "dtype": "int32"`, "\x01\x00\x00\x00\xff\xff\xff\xff", []int32{1, -1}},
		"bool":           {`"shape": [2], "dtype": "bool"`, "\x00\x01", []bool{false, true}},
		"scalar":         {`"shape": [], "dtype": "float32"`, "\x00\x00\x80\x3f", float32(1)},
		"float16":        {`"shape": [2], "dtype": "float32", "quantization": {"dtype": "float16"}`, "\x00\x3c\x00\xc0", []float32{1, -2}},
		"uint8":          {`"shape": [3], "dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.1, "min": -1}`, "\x00\x01\xff", []float32{-1, -0.9, 24.5}},
		"uint16":         {`"shape": [2], "dtype": "float32", "quantization": {"dtype": "uint16", "scale": 0.5, "min": 2}`, "\x01\x00\x00\x01", []float32{2.5, 130}},
		"int32, uint8":   {`"shape": [3], "dtype": "int32", "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1}`, "\x00\x01\x03", []int32{-1, 0, 1}},
		"int32, uint16":  {`"shape": [2], "dtype": "int32", "quantization": {"dtype": "uint16", "scale": 2, "min": -7}`, "\x01\x00\x00\x01", []int32{-5, 505}},
		"int32, too far": {`"shape": [2], "dtype": "int32", "quantization": {"dtype": "uint8", "scale": 1e300, "min": 0}`, "\x00\x01", []int32{0, math.MaxInt32}},
	} {
		f, err := Parse(folder(one(`{"name": "w", `+c.weight+`}`), c.data), "model.json")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if v, err := f.Read("w"); err != nil || !reflect.DeepEqual(v.Data(), c.want) {
			t.Errorf("%s: got %v, %v; want %v", name, v, err, c.want)
		}
	}
}

// A weight may lie in several shards, and one that has a scale takes several reads.
func TestShards(t *testing.T) {
	const n = 5000
	fsys := folder("")
	bytes := make([]byte, 8+2*n)
	for i := range bytes {
		bytes[i] = byte(i % 251)
	}
	paths := []string{}
	for at := 0; at < len(bytes); at += 999 {
		name := fmt.Sprintf("sub/group1-shard%d", at)
		fsys[name] = &fstest.MapFile{Data: bytes[at:min(len(bytes), at+999)]}
		paths = append(paths, name)
	}
	list, err := json.Marshal(paths)
	if err != nil {
		t.Fatal(err)
	}
	fsys["model.json"] = &fstest.MapFile{Data: fmt.Appendf(nil, `{"weightsManifest": [{"paths": %s, "weights": [
		{"name": "text", "shape": [1], "dtype": "string"},
		{"name": "long", "shape": [%d], "dtype": "int32", "quantization": {"dtype": "uint16", "scale": 1, "min": 0}}]}]}`, list, n)}
	copy(bytes, "\x04\x00\x00\x00text")
	f, err := Parse(fsys, "model.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Names(); !reflect.DeepEqual(got, []string{"text", "long"}) {
		t.Errorf("names are %v", got)
	}
	for range 2 { // the second reading begins at the first byte too
		v, err := f.Read("long")
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range v.Data().([]int32) {
			if want := int32(bytes[8+2*i]) | int32(bytes[9+2*i])<<8; got != want {
				t.Fatalf("element %d is %d; want %d", i, got, want)
			}
		}
	}
	if _, err := f.Read("text"); err == nil || !strings.Contains(err.Error(), "type string") {
		t.Errorf("text: got %v", err)
	}
	fsys[paths[3]] = &fstest.MapFile{Data: bytes[:5]}
	if _, err := f.Read("long"); err == nil || !strings.Contains(err.Error(), "ends at byte 5, 994 too soon") {
		t.Errorf("a shard that was cut after the model was opened: got %v", err)
	}
}

func TestMetadata(t *testing.T) {
	for name, c := range map[string]struct {
		model string
		want  map[string]string
	}{
		"from Keras": {`{"format": "layers-model", "generatedBy": "keras v2.4.0", "weightsManifest": [],
			"modelTopology": {"keras_version": "2.4.0", "backend": "tensorflow", "model_config": {"class_name": "Model"}}}`,
			map[string]string{"format": "layers-model", "generatedBy": "keras v2.4.0", "keras_version": "2.4.0", "backend": "tensorflow", "model_config": `{"class_name": "Model"}`}},
		"own":     {`{"weightsManifest": [], "modelTopology": {"class_name": "Sequential"}}`, map[string]string{"model_config": `{"class_name": "Sequential"}`}},
		"graph":   {`{"weightsManifest": [], "convertedBy": null, "modelTopology": {"node": []}}`, map[string]string{"modelTopology": `{"node": []}`}},
		"nothing": {`{"weightsManifest": [], "modelTopology": null}`, map[string]string{}},
		"bare":    {`[]`, map[string]string{}},
	} {
		f, err := Parse(folder(c.model), "model.json")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := f.Metadata(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v; want %v", name, got, c.want)
		}
	}
}

func TestBadInput(t *testing.T) {
	float := `{"name": "w", "shape": [1], "dtype": "float32"}`
	quantised := func(q string) string {
		return one(`{"name": "w", "shape": [1], "dtype": "float32", "quantization": ` + q + `}`)
	}
	at := func(path string) string {
		return `{"weightsManifest": [{"paths": ["` + path + `"], "weights": []}]}`
	}
	for name, c := range map[string]struct {
		model, data, want string
	}{
		"empty":        {"", "", "no JSON object"},
		"null":         {"null", "", "no weightsManifest"},
		"cut":          {one(float)[:40], "1234", "no JSON object"},
		"no manifest":  {`{"modelTopology": {}}`, "", "no weightsManifest"},
		"manifest":     {`{"weightsManifest": 1}`, "", "weightsManifest"},
		"deep nesting": {`{"weightsManifest": ` + strings.Repeat("[", 100000), "", "exceeded max depth"},
		"no shard":     {at("other"), "", "other: file does not exist"},
		"parent":       {at("../s0"), "", `"../s0" is not in the model's folder`},
		"root":         {at("/etc/passwd"), "", `"/etc/passwd" is not in the model's folder`},
		"hidden":       {at("a/../../s0"), "", `"../s0" is not in the model's folder`},
		"folder":       {at("."), "", `"." is no file`},
		"same shard":   {`[{"paths": ["s0", "./s0"], "weights": [` + float + `]}]`, "12", `"s0" is listed twice`},
		"short":        {one(float), "123", "needs 4 bytes, but of its shards 3 are left"},
		"long":         {one(float), "12345", "1 bytes follow the last weight"},
		"twice":        {one(float + "," + float), "12345678", `two tensors are called "w"`},
		"dtype":        {one(`{"name": "w", "shape": [1], "dtype": "complex64"}`), "12345678", `dtype "complex64"`},
		"shape":        {one(`{"name": "w", "shape": [-1], "dtype": "float32"}`), "", "negative size"},
		"overflow":     {one(`{"name": "w", "shape": [4294967296, 4294967296], "dtype": "float32"}`), "", "more than 2^36"},
		"large":        {one(`{"name": "w", "shape": [1000000000], "dtype": "float32"}`), "1234", "needs 4000000000 bytes"},
		"large text":   {one(`{"name": "w", "shape": [1000000000], "dtype": "string"}`), "\x00\x00\x00\x00", "4 bytes from the first on"},
		"long text":    {one(`{"name": "w", "shape": [1], "dtype": "string"}`), "\xff\xff\xff\xff12", "4294967295 bytes, but 2 are left"},
		"no scale":     {quantised(`{"dtype": "uint8", "min": 1}`), "1", "want its scale"},
		"zero scale":   {quantised(`{"dtype": "uint8", "scale": 0, "min": 1}`), "1", "want its scale"},
		"no min":       {quantised(`{"dtype": "uint8", "scale": 1}`), "1", "and its min"},
		"quantised as": {quantised(`{"dtype": "int8", "scale": 1, "min": 1}`), "1", `quantised as "int8"`},
		"bool":         {one(`{"name": "w", "shape": [1], "dtype": "bool", "quantization": {"dtype": "uint8", "scale": 1, "min": 1}}`), "1", "is bool and quantised"},
		"half int32":   {one(`{"name": "w", "shape": [1], "dtype": "int32", "quantization": {"dtype": "float16"}}`), "12", `int32, quantised as "float16"`},
	} {
		if _, err := Parse(folder(c.model, c.data), "model.json"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "model.json")); err == nil {
		t.Error("no error for a file that is not there")
	}
}

const damaged = `{"weightsManifest": [{"paths": ["s0"], "weights": [{"name": "a", "shape": [10, 8], "dtype": "float32"},
	{"name": "b", "shape": [80], "dtype": "int32", "quantization": {"dtype": "uint8", "scale": 0.25, "min": -8}}]}]}`

func TestDamage(t *testing.T) {
	data := strings.Repeat("12345678", 50)
	t.Run("model.json", func(t *testing.T) {
		weightstest.Damage(t, []byte(damaged), 4, func(b []byte) (*weights.File, error) { return Parse(folder(string(b), data), "model.json") })
	})
	t.Run("shard", func(t *testing.T) {
		weightstest.Damage(t, []byte(data), 4, func(b []byte) (*weights.File, error) { return Parse(folder(damaged, string(b)), "model.json") })
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(damaged), []byte(strings.Repeat("12345678", 50)))
	f.Add([]byte(one(`{"name": "w", "shape": [2], "dtype": "string"}`)), []byte("\x00\x00\x00\x00\x01\x00\x00\x001"))
	f.Add([]byte(`[{"paths": [], "weights": []}]`), []byte{})
	f.Fuzz(func(t *testing.T, model, data []byte) {
		weightstest.Fuzz(model, func(b []byte) (*weights.File, error) { return Parse(folder(string(b), string(data)), "model.json") })
	})
}
