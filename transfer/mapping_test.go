package transfer_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
)

// variables makes those of these names and shapes.
func variables(t *testing.T, shapes map[string][]int, order ...string) (*graph.Session, gorgonia.Nodes) {
	t.Helper()
	g := graph.New(graph.Config{})
	for _, name := range order {
		graph.Variable(g.Scope(), name, shapes[name], graph.VariableConfig{})
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	return sess, g.Variables()
}

// mapped maps and loads everything, and returns the values by name.
func mapped(t *testing.T, shapes map[string][]int, order []string, m transfer.Mapping, vars map[string][]int, names ...string) map[string][]float32 {
	t.Helper()
	sess, nodes := variables(t, vars, names...)
	plan, err := transfer.Map(fileOf(t, shapes, order...), nodes, "", m)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Load(sess, false); err != nil {
		t.Fatal(err)
	}
	got := map[string][]float32{}
	for _, v := range nodes {
		x, err := sess.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		got[v.Name()] = x.Data().([]float32)
	}
	return got
}

func TestSplit(t *testing.T) {
	shapes := map[string][]int{"attn.in_proj_weight": {6, 2}, "attn.in_proj_bias": {6}}
	vars := map[string][]int{}
	var names []string
	for _, part := range []string{"query", "key", "value"} {
		vars["attn/"+part+"/kernel"], vars["attn/"+part+"/bias"] = []int{2, 2}, []int{2}
		names = append(names, "attn/"+part+"/kernel", "attn/"+part+"/bias")
	}
	got := mapped(t, shapes, []string{"attn.in_proj_weight", "attn.in_proj_bias"}, transfer.Torchvision().Then(transfer.FusedAttention()), vars, names...)
	want := map[string][]float32{ // kernels are turned
		"attn/query/kernel": {0, 2, 1, 3}, "attn/key/kernel": {4, 6, 5, 7}, "attn/value/kernel": {8, 10, 9, 11},
		"attn/query/bias": {0, 1}, "attn/key/bias": {2, 3}, "attn/value/bias": {4, 5},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}

	uneven := transfer.Mapping{Splits: []transfer.Split{{Pattern: "^all$", Axis: 1, Sizes: []int{1, 2, 1}, Into: []string{"a", "", "b"}}}}
	got = mapped(t, map[string][]int{"all": {2, 4}}, []string{"all"}, uneven, map[string][]int{"a": {2, 1}, "b": {2, 1}}, "a", "b")
	if want := map[string][]float32{"a": {0, 4}, "b": {3, 7}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestJoin(t *testing.T) {
	m := transfer.Mapping{Joins: []transfer.Join{{Parts: []string{`^(.*)/q$`, `^(.*)/k$`}, Axis: 1, Into: "$1/fused"}}}
	shapes := map[string][]int{"a/k": {2, 1}, "a/q": {2, 2}, "b/k": {1, 1}, "b/q": {1, 1}, "other": {1}}
	got := mapped(t, shapes, []string{"a/k", "b/q", "other", "a/q", "b/k"}, m, map[string][]int{"a/fused": {2, 3}, "b/fused": {1, 2}, "other": {1}}, "a/fused", "b/fused", "other")
	if want := map[string][]float32{"a/fused": {0, 1, 0, 2, 3, 1}, "b/fused": {0, 0}, "other": {0}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
	_, vars := variables(t, map[string][]int{"a/fused": {2, 3}}, "a/fused")
	plan, err := transfer.Map(fileOf(t, shapes, "a/k"), vars, "", m)
	if err != nil || !reflect.DeepEqual(plan.Unused, []string{"a/k [2 1]"}) || len(plan.Missing) != 1 {
		t.Errorf("a part alone: got %v, %v", plan, err)
	}
}

func TestSplitAndJoinBadInput(t *testing.T) {
	f := fileOf(t, map[string][]int{"a": {4}, "b": {5}}, "a", "b")
	_, vars := variables(t, map[string][]int{"v": {4}}, "v")
	for name, c := range map[string]struct {
		mapping transfer.Mapping
		want    string
	}{
		"no names":      {transfer.Mapping{Splits: []transfer.Split{{Pattern: "a"}}}, "nothing in Into"},
		"pattern":       {transfer.Mapping{Splits: []transfer.Split{{Pattern: "(", Into: []string{"x"}}}}, `pattern "("`},
		"names, sizes":  {transfer.Mapping{Splits: []transfer.Split{{Pattern: "a", Into: []string{"x"}, Sizes: []int{1, 3}}}}, "2 Sizes for 1 names"},
		"negative":      {transfer.Mapping{Splits: []transfer.Split{{Pattern: "a", Into: []string{"x", "y"}, Sizes: []int{-1, 5}}}}, "want none below 0"},
		"axis":          {transfer.Mapping{Splits: []transfer.Split{{Pattern: "a", Axis: 1, Into: []string{"x"}}}}, "wants axis 1"},
		"uneven":        {transfer.Mapping{Splits: []transfer.Split{{Pattern: "a", Into: []string{"x", "y", "z"}}}}, "3 equal parts"},
		"too small":     {transfer.Mapping{Splits: []transfer.Split{{Pattern: "a", Into: []string{"x", "y"}, Sizes: []int{1, 2}}}}, "parts of [1 2]"},
		"too large":     {transfer.Mapping{Splits: []transfer.Split{{Pattern: "a", Into: []string{"x", "y"}, Sizes: []int{4, 1 << 62}}}}, "parts of [4"},
		"no parts":      {transfer.Mapping{Joins: []transfer.Join{{Into: "x"}}}, "patterns of its parts"},
		"join pattern":  {transfer.Mapping{Joins: []transfer.Join{{Parts: []string{"("}, Into: "x"}}}, `pattern "("`},
		"twice a part":  {transfer.Mapping{Joins: []transfer.Join{{Parts: []string{"a|b"}, Into: "x"}}}, `both "a" and "b" are part 0 of "x"`},
		"shapes":        {transfer.Mapping{Joins: []transfer.Join{{Parts: []string{"a", "b"}, Axis: 1, Into: "x"}}}, "no axis 1"},
		"joined, split": {transfer.Mapping{Joins: []transfer.Join{{Parts: []string{"a", "b"}, Into: "v"}}}, ""},
	} {
		plan, err := transfer.Map(f, vars, "", c.mapping)
		if c.want == "" {
			if err != nil || len(plan.Mismatched) != 1 || !strings.Contains(plan.Mismatched[0], "[9]; want [4]") {
				t.Errorf("%s: got %v, %v", name, plan, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}

// Numbers are counted from anywhere, with gaps, and compared as numbers. The shapes tell which tensor is meant for which variable.
func TestNames(t *testing.T) {
	m := transfer.Mapping{Rules: []transfer.Rule{{Pattern: `^conv2d(_\d+)?/|^net\.[\d.]+\.`, Names: []string{"first/", "second/", "third/"}}}}
	vars := map[string][]int{"first/k": {1}, "second/k": {2}, "third/k": {3}}
	for _, shapes := range []map[string][]int{
		{"conv2d/k": {1}, "conv2d_1/k": {2}, "conv2d_2/k": {3}},
		{"conv2d_9/k": {1}, "conv2d_11/k": {2}, "conv2d_98/k": {3}},
		{"net.2.9.k": {1}, "net.2.10.k": {2}, "net.10.0.k": {3}},
		{"net.0.k": {1}, "net.0.0.k": {2}, "net.00.k": {3}},
		{"net.18446744073709551615.k": {1}, "net.18446744073709551616.k": {2}, "net.99999999999999999999.k": {3}},
	} {
		order := slices.Sorted(maps.Keys(shapes)) // as strings: 11 before 9
		mapped(t, shapes, order, m, vars, "first/k", "second/k", "third/k")
	}
}

func TestFillsAndNotes(t *testing.T) {
	_, vars := variables(t, map[string][]int{"bn/gamma": {3}, "bn/beta": {3}}, "bn/gamma", "bn/beta")
	m := transfer.Mapping{
		Fills: []transfer.Fill{{Pattern: "gamma$", Value: 1}, {Pattern: "beta$", Value: 7}},
		Notes: []transfer.Note{{Pattern: "^bn/", Text: "epsilon was 0.001"}, {Pattern: "^other/", Text: "not of this file"}},
	}
	plan, err := transfer.Map(fileOf(t, map[string][]int{"bn/beta": {3}}, "bn/beta"), vars, "", m)
	if err != nil {
		t.Fatal(err)
	}
	want := "matched 2 (1 filled), missing 0, unused 0, mismatched 0\n  note: epsilon was 0.001\n"
	if plan.String() != want || plan.Complete() != nil || !reflect.DeepEqual(plan.Filled, []string{"bn/gamma"}) {
		t.Errorf("got %v; want %s", plan, want)
	}
	got := mapped(t, map[string][]int{"bn/beta": {3}}, []string{"bn/beta"}, m, map[string][]int{"bn/gamma": {3}, "bn/beta": {3}}, "bn/gamma", "bn/beta")
	if want := map[string][]float32{"bn/gamma": {1, 1, 1}, "bn/beta": {0, 1, 2}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestFlatten(t *testing.T) {
	m := transfer.Torchvision().Then(transfer.Mapping{Layouts: []transfer.Layout{transfer.Flatten("^fc/kernel$", 2, 1, 2)}})
	// Units 0 and 1; columns (channel, x) of the file become rows (x, channel).
	got := mapped(t, map[string][]int{"fc.weight": {2, 4}}, []string{"fc.weight"}, m, map[string][]int{"fc/kernel": {4, 2}}, "fc/kernel")
	if want := []float32{0, 4, 2, 6, 1, 5, 3, 7}; !reflect.DeepEqual(got["fc/kernel"], want) {
		t.Errorf("got %v; want %v", got["fc/kernel"], want)
	}
	// The same kernel as a convolution of the whole map.
	got = mapped(t, map[string][]int{"fc.weight": {2, 2, 1, 2}}, []string{"fc.weight"}, m, map[string][]int{"fc/kernel": {4, 2}}, "fc/kernel")
	if want := []float32{0, 4, 2, 6, 1, 5, 3, 7}; !reflect.DeepEqual(got["fc/kernel"], want) {
		t.Errorf("as a convolution: got %v; want %v", got["fc/kernel"], want)
	}
	_, vars := variables(t, map[string][]int{"fc/kernel": {4, 2}}, "fc/kernel")
	plan, err := transfer.Map(fileOf(t, map[string][]int{"fc.weight": {2, 5}}, "fc.weight"), vars, "", m)
	if err != nil || len(plan.Mismatched) != 1 || !strings.Contains(plan.Mismatched[0], "[2 5] cannot become [-1 2 1 2]") {
		t.Errorf("another map: got %v, %v", plan, err)
	}
}

// Of equal sizes, in whatever order, those of the most alike names are paired, each once.
func TestLikely(t *testing.T) {
	shapes := map[string][]int{
		"encoder.attn.v.weight": {5, 3}, "encoder.attn.k.weight": {5, 3}, "backbone.head.w": {1, 7, 1, 2}, "encoder.norm.scale": {3}, "decoder.norm.scale": {3}, "alone": {9, 9},
	}
	f := fileOf(t, shapes, "encoder.attn.v.weight", "encoder.attn.k.weight", "backbone.head.w", "encoder.norm.scale", "decoder.norm.scale", "alone")
	_, vars := variables(t, map[string][]int{"encoder/attn/k/kernel": {3, 5}, "encoder/attn/v/kernel": {3, 5}, "decoder/norm/gamma": {3}, "fc/kernel": {2, 7}, "none": {8}},
		"encoder/attn/k/kernel", "encoder/attn/v/kernel", "decoder/norm/gamma", "fc/kernel", "none")
	want := []string{
		"encoder/attn/k/kernel from encoder.attn.k.weight", "encoder/attn/v/kernel from encoder.attn.v.weight",
		"decoder/norm/gamma from decoder.norm.scale", "fc/kernel from backbone.head.w",
	}
	for range 3 {
		plan, err := transfer.Map(f, vars, "", transfer.Mapping{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(plan.Likely, want) {
			t.Errorf("got %q; want %q", plan.Likely, want)
		}
	}
}

// A report of hundreds of names is cut, and more so in an error; what it is made of is not.
func TestLongReport(t *testing.T) {
	shapes, vars := map[string][]int{}, map[string][]int{}
	var order, names []string
	for i := range 500 {
		name := fmt.Sprintf("file.%d", i)
		order, shapes[name] = append(order, name), []int{i + 1}
		name = fmt.Sprintf("net/%d", i)
		names, vars[name] = append(names, name), []int{i + 1}
	}
	_, nodes := variables(t, vars, names...)
	plan, err := transfer.Map(fileOf(t, shapes, order...), nodes, "", transfer.Mapping{})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Missing) != 500 || len(plan.Unused) != 500 || len(plan.Likely) != 500 {
		t.Errorf("got %d missing, %d unused, %d likely", len(plan.Missing), len(plan.Unused), len(plan.Likely))
	}
	report := plan.String()
	if lines := strings.Count(report, "\n"); lines != 1+3*21 || !strings.Contains(report, "  missing: net/19 [20]\n  missing: 480 more\n") {
		t.Errorf("%d lines:\n%s", lines, report)
	}
	err = plan.Complete()
	var mismatch *transfer.MismatchError
	if !errors.As(err, &mismatch) || mismatch.Plan != plan {
		t.Fatalf("got %v; want a MismatchError of the plan", err)
	}
	if text := err.Error(); strings.Count(text, "\n") != 2+3*4 || !strings.Contains(text, "matched 0, missing 500, unused 500, mismatched 0\n") ||
		!strings.Contains(text, "  missing: net/2 [3]\n  missing: 497 more\n") || !strings.Contains(text, "Mapping has rules") {
		t.Errorf("the error is\n%s", text)
	}
	if (&transfer.MismatchError{}).Error() == "" {
		t.Error("one without a plan says nothing")
	}
}

func TestThen(t *testing.T) {
	one := transfer.Mapping{
		Ignore: []string{"a"}, Splits: []transfer.Split{{Pattern: "a"}}, Joins: []transfer.Join{{Into: "a"}}, Rules: []transfer.Rule{{Pattern: "a"}},
		Layouts: []transfer.Layout{{Pattern: "a"}}, Fills: []transfer.Fill{{Pattern: "a"}}, Notes: []transfer.Note{{Pattern: "a"}},
	}
	two := transfer.Mapping{
		Ignore: []string{"b"}, Splits: []transfer.Split{{Pattern: "b"}}, Joins: []transfer.Join{{Into: "b"}}, Rules: []transfer.Rule{{Pattern: "b"}},
		Layouts: []transfer.Layout{{Pattern: "b"}}, Fills: []transfer.Fill{{Pattern: "b"}}, Notes: []transfer.Note{{Pattern: "b"}},
	}
	got := reflect.ValueOf(one.Then(two))
	for i := range got.NumField() {
		if got.Field(i).Len() != 2 || !strings.Contains(fmt.Sprint(got.Field(i).Index(0)), "b") {
			t.Errorf("%s is %v", got.Type().Field(i).Name, got.Field(i))
		}
	}
}
