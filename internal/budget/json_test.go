package budget

import (
	"encoding/json"
	"math"
	"runtime"
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	for text, want := range map[string][3]int64{ // values and objects of depth 1, and bytes
		``:                             {1, 0, 0},
		`7`:                            {1, 0, 1},
		`[]`:                           {2, 0, 2},
		`[1,2,3]`:                      {4, 0, 7},
		`[[1,2],[3,4]]`:                {3, 0, 13},
		`{"a":1,"b":{"c":[1,2],"":0}}`: {2, 1, 28},
		`["a,b","\",[",3]`:             {4, 0, 16},
		`["a`:                          {2, 0, 3},
		`]],`:                          {2, 0, 3},
	} {
		if got := JSON([]byte(text), 1); got != jsonValue*want[0]+jsonObject*want[1]+want[2] {
			t.Errorf("%s: got %d; want %d values, %d objects and %d bytes", text, got, want[0], want[1], want[2])
		}
	}
	if got := JSON([]byte(`[[1,2],[3,4]]`), math.MaxInt); got != 7*jsonValue+13 {
		t.Errorf("got %d", got)
	}
}

// encoding/json takes no more than that, whatever the text is.
func TestJSONBounds(t *testing.T) {
	many := func(element string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(element+",", 1000), ",") + "]"
	}
	for name, text := range map[string]string{
		"numbers": many("0"), "texts": many(`"a"`), "lists": many("[]"), "objects": many("{}"), "pairs": many(`{"":0}`), "lists of one": many("[0]"),
		"eight pairs": many(`{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0}`), "nine pairs": many(`{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":0}`),
		"deep objects": many(strings.Repeat(`{"":`, 50) + "0" + strings.Repeat("}", 50)), "deep lists": many(strings.Repeat("[", 50) + strings.Repeat("]", 50)),
	} {
		var any interface{}
		var raw []map[string]json.RawMessage
		for depth, to := range map[int]interface{}{math.MaxInt: &any, 2: &raw} {
			before := allocated()
			_ = json.Unmarshal([]byte(text), to) // lists are no maps
			if got, most := allocated()-before, JSON([]byte(text), depth)+int64(len(text)); got > 2*most {
				t.Errorf("%s: %d bytes were taken; want at most twice %d, for growing lists are there twice", name, got, most)
			}
		}
	}
}

func allocated() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.TotalAlloc)
}
