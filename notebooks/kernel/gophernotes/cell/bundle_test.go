package cell

import (
	"encoding/json"
	"math"
	"testing"
)

// unencodable panics when it is encoded.
type unencodable struct{ A int }

func (unencodable) MarshalJSON() ([]byte, error) { panic("it does not encode") }

func TestBundle(t *testing.T) {
	self := map[string]interface{}{}
	self["self"] = self
	type b = map[string]interface{}
	for _, test := range []struct {
		what   string
		bundle b
		want   string // as JSON
	}{
		{"nothing", nil, `{}`},
		{"what is empty", b{"text/plain": "x", "image/png": "", "image/svg+xml": nil}, `{"text/plain":"x"}`},
		{"bytes", b{"image/png": []byte{1, 2, 3}, "text/plain": []byte("x")}, `{"image/png":"AQID","text/plain":"x"}`},
		{"JSON", b{"application/json": b{"a": []int{1}}, "text/plain": "x"}, `{"application/json":{"a":[1]},"text/plain":"x"}`},
		{"text that is none", b{"text/plain": 3, "text/html": []int{1, 2}}, `{"text/html":"[1 2]","text/plain":"3"}`},
		{"NaN", b{"application/json": b{"loss": math.NaN()}}, `{"text/plain":"map[loss:NaN]"}`},
		{"NaN beside a text", b{"application/json": math.Inf(1), "text/plain": "infinite"}, `{"text/plain":"infinite"}`},
		{"an infinity as text", b{"text/plain": math.Inf(-1), "application/json": math.NaN()}, `{"text/plain":"-Inf"}`},
		{"two that cannot be", b{"b/b": math.NaN(), "a/a": complex(1, 2)}, `{"text/plain":"(1+2i)"}`},
		{"a map in itself", b{"application/json": self}, `{"text/plain":"map[string]interface {}, too large to print"}`},
		{"a method that panics", b{"application/json": unencodable{7}}, `{"text/plain":"{7}"}`},
	} {
		got, err := json.Marshal(Bundle(test.bundle))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %s, %v; want %s", test.what, got, err, test.want)
		}
	}
	for what, v := range map[string]interface{}{"a channel": make(chan int), "a function": func() {}, "a map by anything": map[interface{}]int{1: 2}} {
		sent := Bundle(b{"application/json": v})
		if text, _ := sent["text/plain"].(string); len(sent) != 1 || text != Text(v) || text == "" {
			t.Errorf("%s is sent as %v", what, sent)
		}
	}
	bundle := b{"text/plain": 1, "image/png": ""}
	if Bundle(bundle); len(bundle) != 2 || bundle["text/plain"] != 1 {
		t.Errorf("the bundle itself was changed: %v", bundle)
	}
}

func TestMetadata(t *testing.T) {
	type b = map[string]interface{}
	got, err := json.Marshal(Metadata(b{"image/png": b{"width": 3}, "bad": make(chan int), "worse": unencodable{}}))
	if err != nil || string(got) != `{"image/png":{"width":3}}` {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := json.Marshal(Metadata(nil)); err != nil || string(got) != "{}" {
		t.Errorf("none is sent as %s, %v", got, err)
	}
}
