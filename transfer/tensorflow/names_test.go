package tensorflow

import (
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/tffile"
)

// The error for a name that there is not lists what may have been meant.
func TestNear(t *testing.T) {
	placeholder := func(name string) tffile.NodeDef {
		return tffile.NodeDef{Name: name, Op: "Placeholder", Attrs: map[string]tffile.Attr{"dtype": {Value: tffile.Float32}}}
	}
	file, err := NewGraph(tffile.MetaGraph{Graph: tffile.GraphDef{Producer: tffile.GraphProducer, Nodes: []tffile.NodeDef{
		placeholder("X"), placeholder("dnn/hidden1/Elu"), placeholder("dnn/hidden2/MatMul"), placeholder("dnn/hidden2/Elu"), placeholder("dnn/hidden2/deeper/Elu"),
	}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"hidden1/Elu":      "; near: dnn/hidden1/Elu, dnn/hidden2/Elu, dnn/hidden2/deeper/Elu",
		"dnn/hidden2/elu":  "; near: dnn/hidden1/Elu, dnn/hidden2/Elu, dnn/hidden2/deeper/Elu",
		"x":                "; near: X",
		"dnn/hidden2":      "; near: dnn/hidden2/MatMul, dnn/hidden2/Elu",
		"dnn/hidden2/Relu": "; near: dnn/hidden2/MatMul, dnn/hidden2/Elu",
		"dnn/hiden1/Elo":   "; near: dnn/hidden1/Elu, dnn/hidden2/Elu",
		"nothing":          "",
		"/":                "",
		"":                 "",
	} {
		if _, err := file.linked.tensor(name); err == nil || !strings.HasSuffix(err.Error(), `"`+name+`"`+want) {
			t.Errorf("%q: error %v; want it to end in %q", name, err, want)
		}
	}
}
