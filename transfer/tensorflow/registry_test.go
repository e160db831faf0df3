package tensorflow_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
)

// argument is an input or an output of an op in TensorFlow's registry.
type argument struct {
	name, kind string // kind is a dtype, or the attribute that has it
	count      string // the attribute that says how many there are; "" is one
	list       bool   // kind is an attribute with a dtype for each
	ref        bool
}

// attribute is an attribute of an op in TensorFlow's registry.
type attribute struct {
	kind     string
	optional bool
	allowed  []string
}

// registered is an op in TensorFlow's registry.
type registered struct {
	in, out []argument
	attrs   map[string]attribute
}

// registry reads testdata/ops.txt: see internal/golden/tensorflowops.py.
func registry(t testing.TB) map[string]registered {
	t.Helper()
	b, err := os.ReadFile("testdata/ops.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]registered{}
	name, op := "", registered{}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		words := strings.Fields(line)
		switch words[0] {
		case "op":
			name, op = words[1], registered{attrs: map[string]attribute{}}
		case "in", "out":
			a := argument{name: words[1], kind: words[2]}
			a.kind, a.ref = strings.CutPrefix(a.kind, "&")
			if count, kind, ok := strings.Cut(a.kind, "*"); ok {
				a.count, a.kind = count, kind
			}
			if kind, ok := strings.CutPrefix(a.kind, "["); ok {
				a.kind, a.list = strings.TrimSuffix(kind, "]"), true
			}
			if words[0] == "in" {
				op.in = append(op.in, a)
			} else {
				op.out = append(op.out, a)
			}
		case "attr":
			a := attribute{kind: words[2]}
			rest := words[3:]
			if len(rest) > 0 && rest[0] == "?" {
				a.optional, rest = true, rest[1:]
			}
			if len(rest) > 0 {
				a.allowed = rest[1:]
			}
			op.attrs[words[1]] = a
		}
		all[name] = op
	}
	return all
}

// enum are the names of the dtypes in the registry.
var enum = map[tffile.DType]string{tffile.Float32: "DT_FLOAT", tffile.Float64: "DT_DOUBLE", tffile.Int32: "DT_INT32", tffile.Int64: "DT_INT64", tffile.Uint8: "DT_UINT8",
	tffile.Bool: "DT_BOOL", tffile.String: "DT_STRING"}

// validate holds a graph against the registry: the ops that there are, the attributes that they need, with their types and values, the number
// of inputs and their dtypes.
func validate(t testing.TB, g tffile.GraphDef) {
	t.Helper()
	ops := registry(t)
	types := map[string][]tffile.DType{} // of the outputs
	refs := map[string]bool{}
	for _, n := range g.Nodes {
		if _, twice := types[n.Name]; twice {
			t.Errorf("two nodes are named %s", n.Name)
		}
		out, ref, err := outputs(ops, n)
		if err != nil {
			t.Errorf("%s (%s): %v", n.Name, n.Op, err)
		}
		types[n.Name], refs[n.Name] = out, ref
	}
	for _, n := range g.Nodes {
		if err := inputs(ops, n, types, refs); err != nil {
			t.Errorf("%s (%s): %v", n.Name, n.Op, err)
		}
	}
}

// outputs checks the attributes and returns the dtypes of the outputs.
func outputs(ops map[string]registered, n tffile.NodeDef) (out []tffile.DType, ref bool, err error) {
	op, ok := ops[n.Op]
	if !ok {
		return nil, false, errors.New("no such op")
	}
	for name, a := range op.attrs {
		v, have := n.Attrs[name]
		if !have {
			if !a.optional {
				return nil, false, errors.Errorf("the attribute %s is missing", name)
			}
			continue
		}
		if err := a.check(v.Value); err != nil {
			return nil, false, errors.Wrapf(err, "the attribute %s", name)
		}
	}
	for name := range n.Attrs {
		if _, ok := op.attrs[name]; !ok && !strings.HasPrefix(name, "_") {
			return nil, false, errors.Errorf("there is no attribute %s", name)
		}
	}
	for _, a := range op.out {
		types, err := a.types(op, n)
		if err != nil {
			return nil, false, err
		}
		out, ref = append(out, types...), ref || a.ref
	}
	return out, ref, nil
}

func (a attribute) check(v interface{}) error {
	kind := map[string]bool{}
	word := ""
	switch v := v.(type) {
	case tffile.DType:
		kind["type"], word = true, enum[v]
	case int64:
		kind["int"] = true
	case float32:
		kind["float"] = true
	case bool:
		kind["bool"] = true
	case string:
		kind["string"], word = true, v
	case tffile.Shape:
		kind["shape"] = true
	case *tffile.Tensor:
		kind["tensor"] = true
	case []int64:
		kind["list(int)"] = true
	case []tffile.DType:
		kind["list(type)"] = true
	case nil: // an empty list
		kind["list(int)"], kind["list(type)"] = true, true
	}
	if !kind[a.kind] {
		return errors.Errorf("is %T; want %s", v, a.kind)
	}
	if len(a.allowed) > 0 && !slices.Contains(a.allowed, word) {
		return errors.Errorf("is %v; want one of %v", word, a.allowed)
	}
	return nil
}

// types are the dtypes of an argument of a node.
func (a argument) types(op registered, n tffile.NodeDef) ([]tffile.DType, error) {
	if a.list {
		list, _ := n.Attrs[a.kind].Value.([]tffile.DType)
		return list, nil
	}
	var one tffile.DType
	for d, name := range enum {
		if name == a.kind {
			one = d
		}
	}
	if one == tffile.Invalid {
		d, ok := n.Attrs[a.kind].Value.(tffile.DType)
		if !ok {
			return nil, errors.Errorf("%s has the dtype %s, which it does not say", a.name, a.kind)
		}
		one = d
	}
	count := 1
	if a.count != "" {
		n, ok := n.Attrs[a.count].Value.(int64)
		if !ok {
			return nil, errors.Errorf("there are %s of %s, which it does not say", a.count, a.name)
		}
		count = int(n)
	}
	return slices.Repeat([]tffile.DType{one}, count), nil
}

// inputs checks the number of inputs and their dtypes.
func inputs(ops map[string]registered, n tffile.NodeDef, types map[string][]tffile.DType, refs map[string]bool) error {
	var want []tffile.DType
	var ref []bool
	op := ops[n.Op]
	for _, a := range op.in {
		list, err := a.types(op, n)
		if err != nil {
			return err
		}
		want = append(want, list...)
		for range list {
			ref = append(ref, a.ref)
		}
	}
	k := 0
	for _, in := range n.Inputs {
		if name, control := strings.CutPrefix(in, "^"); control {
			if _, ok := types[name]; !ok || strings.Contains(name, ":") {
				return errors.Errorf("it waits for %s, which is no node", name)
			}
			continue
		}
		name, _, _ := strings.Cut(in, ":")
		i := 0
		if _, after, ok := strings.Cut(in, ":"); ok {
			i = int(after[0] - '0')
			for _, d := range after[1:] {
				i = 10*i + int(d-'0')
			}
		}
		have, ok := types[name]
		switch {
		case !ok || i >= len(have):
			return errors.Errorf("its input %s is no output of a node", in)
		case k >= len(want):
			return errors.Errorf("it has more inputs than the %d that it takes", len(want))
		case have[i] != want[k]:
			return errors.Errorf("its input %s is %v; want %v", in, have[i], want[k])
		case ref[k] && !refs[name]:
			return errors.Errorf("its input %s is no reference to a variable", in)
		}
		k++
	}
	if k != len(want) {
		return errors.Errorf("it has %d inputs; want %d", k, len(want))
	}
	return nil
}
