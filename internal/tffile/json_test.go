package tffile

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestParseGraphJSON(t *testing.T) {
	one := func(attr string) string { return `{"node": [{"name": "a", "op": "A", "attr": {"x": ` + attr + `}}]}` }
	for attr, want := range map[string]interface{}{
		`{"s": "YWI="}`:                          "ab",
		`{"s": [97, 98]}`:                        "ab", // as converters running in Python 2 wrote it
		`{"list": {"s": ["YWI=", "Yw=="]}}`:      []string{"ab", "c"},
		`{"list": {"s": [[97, 98], [], [255]]}}`: []string{"ab", "", "\xff"},
		`{"list": {}}`:                           nil,
		`{"list": {"s": []}}`:                    nil,
		`{"i": 3}`:                               int64(3),
		`{"i": "-3"}`:                            int64(-3),
		`{"f": "Infinity"}`:                      float32(math.Inf(1)),
		`{"f": 1e-3}`:                            float32(1e-3),
		`{"b": false}`:                           false,
		`{"type": 3}`:                            Int32,
		`{"type": "DT_INT32"}`:                   Int32,
		`{"i": null, "unknown": [{"a": [1, {}]}, true]}`:                                       nil,
		`{"shape": {"dim": [{"size": "-1"}, {"size": 4, "name": "n"}], "unknownRank": false}}`: Shape{Sizes: []int{-1, 4}},
		`{"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "1"}]}, "tensor_content": "AACAPw=="}}`: &Tensor{DType: Float32, Shape: []int{1},
			Data: []byte{0, 0, 0x80, 0x3f}},
		`{"func": {"name": "f", "attr": {"T": {"type": 1}}}}`: Func{"f", map[string]Attr{"T": {Float32}}},
	} {
		g, err := ParseGraphJSON([]byte(one(attr)), nil)
		if err != nil {
			t.Errorf("%s: %v", attr, err)
		} else if got := g.Nodes[0].Attrs["x"].Value; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v; want %#v", attr, got, want)
		}
	}
	for text, want := range map[string]string{
		``:                           "EOF",
		`[]`:                         "an object is wanted",
		`{} {}`:                      "the end is wanted",
		`{"node": [{]}`:              "byte ",
		`{"node": 3}`:                `"node": an object is wanted, found "3"`,
		`{"node": {"name": 3}}`:      `"name": a string is wanted`,
		one(`{"s": "?"}`):            "base64",
		one(`{"s": [300]}`):          "a byte is wanted",
		one(`{"s": [3, "YQ=="]}`):    "a byte is wanted",
		one(`{"s": [[3, [4]]]}`):     "a byte is wanted",
		one(`{"s": [[[4]]]}`):        "a byte is wanted",
		one(`{"b": 1}`):              "true or false is wanted",
		one(`{"i": 1.5}`):            "an integer is wanted",
		one(`{"f": {}}`):             "a number is wanted",
		one(`{"type": "float32"}`):   "a value of DataType is wanted",
		`{"node": {"attr": {"x": 1}`: "an object is wanted",
		strings.Repeat(`{"library": {"function": {"signature": `, 1) + `{"name": "`: "EOF",
		`{"node": {"attr": {"x": ` + strings.Repeat(`{"func": {"attr": {"x": `, 60): "deeper than 100",
		strings.Repeat(`{"unknown": [`, 1e5):                                        "EOF",
	} {
		if g, err := ParseGraphJSON([]byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.200s: %v, read as %+v; want %s", text, err, g, want)
		}
	}
	s, err := ParseSignatureJSON([]byte(`{"inputs": {"x": {"name": "x:0", "dtype": "DT_FLOAT", "tensorShape": {}}}, "methodName": "m"}`), nil)
	want := Signature{map[string]TensorInfo{"x": {"x:0", Float32, Shape{Sizes: []int{}}}}, map[string]TensorInfo{}, "m"}
	if err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, %v; want %+v", s, err, want)
	}
}
