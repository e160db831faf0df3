package tffile

import (
	"bytes"
	"io"
	"math"
	"os"
	"reflect"
	"testing"
)

// eventFile is what Google's protocol buffers make of events.py's events.
const eventFile = "../golden/testdata/events.tfevents"

// TestEventFile reads every record of the event file, and writes it again from what was read: the
// same bytes.
func TestEventFile(t *testing.T) {
	file, err := os.ReadFile(eventFile)
	if err != nil {
		t.Fatal(err)
	}
	var events []Event
	var again []byte
	r := NewRecordReader(bytes.NewReader(file))
	for {
		record, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, err := DecodeEvent(record)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Encode(); !bytes.Equal(got, record) {
			t.Errorf("event %d, %+v, encodes to\n%x\nwant\n%x", len(events), e, got, record)
		}
		events = append(events, e)
		again = AppendRecord(again, e.Encode())
	}
	if !bytes.Equal(again, file) {
		t.Error("the records differ from the file's")
	}
	if len(events) != 8 || events[0].FileVersion != EventVersion || events[0].WallTime != 1.5e9 {
		t.Fatalf("%d events, the first %+v", len(events), events[0])
	}
	g, err := DecodeGraphDef(events[1].GraphDef)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, goldenGraph) {
		t.Errorf("the graph is\n%+v\nwant\n%+v", g, goldenGraph)
	}
	if !bytes.Equal(g.Encode(), events[1].GraphDef) {
		t.Error("the graph encodes to other bytes")
	}
	if l := events[2]; l.Step != 7 || l.SessionLog == nil || *l.SessionLog != (SessionLog{Status: SessionStart}) {
		t.Errorf("the session log is %+v", l)
	}
	if s := events[3].Summary; len(s) != 1 || s[0].Tag != "loss" || s[0].Scalar == nil || *s[0].Scalar != 0 {
		t.Errorf("the first scalar is %+v", s)
	}
	if s := events[4].Summary; events[4].Step != -1 || len(s) != 2 || *s[0].Scalar != -1.5 || !math.IsInf(float64(*s[1].Scalar), 1) {
		t.Errorf("the scalars are %+v", s)
	}
	if h := events[5].Summary[0].Histogram; events[5].Step != 1<<40 || h == nil || h.Num != 106 || h.Min != float64(float32(-1e30)) {
		t.Errorf("the histogram is %+v", h)
	}
	if m := events[6].Summary[0].Image; m == nil || !reflect.DeepEqual(*m, Image{2, 300, 3, []byte("\x89PNG\x00")}) {
		t.Errorf("the image is %+v", m)
	}
	if s := events[7].Summary[0]; s.Plugin != "text" || s.Tensor == nil || s.Tensor.Strings[0] != "**über**" || len(s.Tensor.Shape) != 0 {
		t.Errorf("the text is %+v", s)
	}
}

var goldenGraph = GraphDef{Producer: GraphProducer, Nodes: []NodeDef{
	{Name: "X", Op: "Placeholder", Attrs: map[string]Attr{"dtype": {Float32}, "shape": {Shape{Sizes: []int{-1, 784}}}}},
	{Name: "hidden/kernel", Op: "VariableV2", Device: "/cpu:0", Attrs: map[string]Attr{"shape": {Shape{Sizes: []int{784, 3}}}, "container": {""}}},
	{Name: "hidden/MatMul", Op: "MatMul", Inputs: []string{"X", "hidden/kernel"}, Attrs: map[string]Attr{
		"T": {Float32}, "transpose_a": {false}, "transpose_b": {true}, "_output_shapes": {[]Shape{{Sizes: []int{-1, 3}}}}}},
	{Name: "top", Op: "TopKV2", Inputs: []string{"hidden/MatMul", "k:1", "^hidden/kernel"}, Attrs: map[string]Attr{
		"k": {int64(-3)}, "alpha": {float32(0.5)}, "i": {[]int64{1, -2}}, "f": {[]float32{1.5, 0}}, "b": {[]bool{true, false}}, "t": {[]DType{Float32, Int64}},
		"s": {[]string{"a", ""}}, "any": {Shape{Sizes: []int{}, UnknownRank: true}},
		"value": {&Tensor{DType: Int32, Shape: []int{2}, Data: []byte{1, 0, 0, 0, 255, 255, 255, 255}}}}},
}}

// TestForeignMessages holds what other writers may put into events: kinds that are passed over,
// lists that are not packed, groups of wrong types.
func TestForeignMessages(t *testing.T) {
	e, err := DecodeEvent([]byte(protoBytes(2, 5, 6, protoBytes(1, 1), 9, "x", 10, protoBytes(1, "y"))))
	if err != nil || !reflect.DeepEqual(e, Event{Step: 5}) {
		t.Errorf("%+v, %v", e, err)
	}
	a, err := (&decoder{}).attr([]byte(protoBytes(1, protoBytes(3, 7, 3, 8))), 0)
	if err != nil || !reflect.DeepEqual(a.Value, []int64{7, 8}) {
		t.Errorf("a list that is not packed: %+v, %v", a, err)
	}
	for name, b := range map[string]string{
		"step as bytes":          protoBytes(2, "x"),
		"summary as number":      protoBytes(5, 1),
		"value as number":        protoBytes(5, protoBytes(1, 1)),
		"tag as number":          protoBytes(5, protoBytes(1, protoBytes(1, 1))),
		"image of negative size": protoBytes(5, protoBytes(1, protoBytes(4, protoBytes(1, -1)))),
		"histogram of 3 bytes":   protoBytes(5, protoBytes(1, protoBytes(5, protoBytes(6, "abc")))),
		"limits without counts":  protoBytes(5, protoBytes(1, protoBytes(5, protoBytes(6, "12345678")))),
		"tensor of one string":   protoBytes(5, protoBytes(1, protoBytes(8, protoBytes(1, 7, 2, protoBytes(2, protoBytes(1, 2)), 8, "a")))),
		"two floats of a scalar": protoBytes(5, protoBytes(1, protoBytes(8, protoBytes(1, 1, 5, uint32(7), 5, uint32(7))))),
		"cut off":                protoBytes(5, "abc")[:3],
	} {
		if e, err := DecodeEvent([]byte(b)); err == nil {
			t.Errorf("%s: read as %+v", name, e)
		}
	}
	for name, b := range map[string]string{
		"node as number":    protoBytes(1, 1),
		"name as number":    protoBytes(1, protoBytes(1, 1)),
		"attr of two kinds": protoBytes(1, protoBytes(5, protoBytes(1, "a", 2, protoBytes(1, protoBytes(2, "s", 3, 1))))),
		"node without op":   protoBytes(1, protoBytes(1, "a")),
		"axis of -2":        protoBytes(1, protoBytes(5, protoBytes(1, "a", 2, protoBytes(7, protoBytes(2, protoBytes(1, -2)))))),
	} {
		if g, err := DecodeGraphDef([]byte(b)); err == nil {
			t.Errorf("%s: read as %+v", name, g)
		}
	}
}
