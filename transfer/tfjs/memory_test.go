package tfjs

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

const refused = "takes much more memory"

// peak fails the test where open takes too much, or another error than one with want comes of it, none for "".
func peak(t *testing.T, fsys fstest.MapFS, want string, open func() (any, error)) {
	size := 0
	for _, f := range fsys {
		size += len(f.Data)
	}
	var err error
	budgettest.Peak(t, size, func() (f any) {
		f, err = open()
		return f
	})
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("got %.300v; want %q", err, want)
	}
}

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemory(t *testing.T) {
	budgettest.Lower(t)
	manifest := func(weights string) string { return `{"weightsManifest":[{"paths":[],"weights":[` + weights + `]}]}` }
	beside := func(fields string) string { return `{"weightsManifest":[],` + fields + `}` }
	for name, c := range map[string]struct{ model, want string }{
		"weights":          {manifest(`MANY({"name":"#######","dtype":"int32","shape":[0]})`), refused},
		"a list":           {`[{"weights":[MANY({"name":"#######","dtype":"int32","shape":[0]})]}]`, refused},
		"nothing":          {manifest(`MANY(0)`), refused},
		"axes":             {manifest(`{"dtype":"int32","shape":[MANY(0)]}`), refused},
		"axes of many":     {manifest(`MANY({"name":"#######","dtype":"int32","shape":[0` + strings.Repeat(",1", 250) + `]})`), refused},
		"groups":           {`[MANY({})]`, refused},
		"shards":           {`[{"paths":[MANY("#######")]}]`, refused},
		"fields":           {beside(`MANY("#######":0)`), refused},
		"empty fields":     {beside(`MANY("":0)`), refused},
		"fields of a list": {beside(`"a":[MANY(0)]`), ""},
		"topology":         {beside(`"modelTopology":{MANY("#######":0)}`), refused},
		"graph":            {beside(`"modelTopology":{"node":"LONG"}`), ""},
		"layers":           {beside(`"modelTopology":{"class_name":"Model","config":"LONG"}`), ""},
		"of Keras":         {beside(`"modelTopology":{"model_config":"LONG"}`), ""},
		"texts of Keras":   {beside(`"modelTopology":{"model_config":0,MANY("#######":"")}`), refused},
	} {
		t.Run(name, func(t *testing.T) {
			files := folder(budgettest.Text(c.model))
			peak(t, files, c.want, func() (any, error) { return Parse(files, "model.json") })
		})
	}
}

func TestMemoryOfGraphs(t *testing.T) {
	budgettest.Lower(t)
	graph := func(fields string) string { return `{"weightsManifest":[],"modelTopology":{` + fields + `}}` }
	attr := func(value string) string { return graph(`"node":[{"name":"a","op":"A","attr":{"x":` + value + `}}]`) }
	signature := func(inputs string) string {
		return `{"weightsManifest":[],"modelTopology":{},"signature":{"inputs":{` + inputs + `}}}`
	}
	weight := `{"paths":["s0"],"weights":[{"name":"w","dtype":"float32","shape":[` + fmt.Sprint(budgettest.Small/4) + `]}]}`
	const network = `MANY({"name":"block_#######/conv/Conv2D","op":"Conv2D","input":["block_#######/pad","block_#######/conv/ReadVariableOp"],` +
		`"attr":{"T":{"type":"DT_FLOAT"},"data_format":{"s":"TkhXQw=="},"strides":{"list":{"i":["1","1","1","1"]}},"padding":{"s":"VkFMSUQ="}}},` +
		`{"name":"block_#######/pad","op":"Placeholder"},{"name":"block_#######/conv/ReadVariableOp","op":"Const"})`
	for name, c := range map[string]struct{ model, shard, want string }{
		"nodes":            {graph(`"node":[MANY({})]`), "", refused},
		"named nodes":      {graph(`"node":[MANY({"name":"#######","op":"A"})]`), "", refused},
		"inputs":           {graph(`"node":[{"name":"a","op":"A","input":[MANY("")]}]`), "", refused},
		"attributes":       {graph(`"node":[{"name":"a","op":"A","attr":{MANY("#######":{})}}]`), "", refused},
		"integers":         {attr(`{"list":{"i":[MANY(-1)]}}`), "", refused},
		"booleans":         {attr(`{"list":{"b":[MANY(true)]}}`), "", refused},
		"texts":            {attr(`{"list":{"s":[MANY("")]}}`), "", refused},
		"bytes":            {attr(`{"s":[MANY(0)]}`), "", ""},
		"shapes":           {attr(`{"list":{"shape":[MANY({})]}}`), "", refused},
		"sizes":            {attr(`{"shape":{"dim":[MANY({})]}}`), "", refused},
		"float64":          {attr(`{"tensor":{"dtype":2,"tensor_shape":{"dim":[{"size":` + fmt.Sprint(budgettest.Small/2) + `}]},"double_val":[MANY(0)]}}`), "", refused},
		"deep functions":   {attr(strings.Repeat(`{"func":{"attr":{"x":`, 45) + `{"s":"` + strings.Repeat("QUFB", budgettest.Small/4) + `"}` + strings.Repeat(`}}}`, 45)), "", refused},
		"unknown":          {graph(`"more":[MANY(0)]`), "", ""},
		"functions":        {graph(`"library":{"function":[MANY({})]}`), "", refused},
		"signature":        {signature(`MANY("#######":{})`), "", refused},
		"function weights": {`{"weightsManifest":[` + weight + `],"modelTopology":{"library":{"function":[{"node_def":[` + strings.Repeat(`{"name":"w","op":"Const"},`, 20) + `{"name":"w","op":"Const"}]}]}}}`, "LONG", refused},
		"a network":        {`{"weightsManifest":[` + weight + `],"modelTopology":{"node":[` + network + `]}}`, "LONG", ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := folder(budgettest.Text(c.model), budgettest.Text(c.shard))
			peak(t, files, c.want, func() (any, error) { return ParseGraph(files, "model.json") })
		})
	}
}
