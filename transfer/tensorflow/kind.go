package tensorflow

import (
	"regexp"

	"google.golang.org/protobuf/encoding/protowire"
)

// GraphKind tells by the first bytes of a file, of which 1024 suffice, which message with a graph it is, binary or text: "GraphDef",
// "MetaGraphDef" or "SavedModel"; "" for what is none of them.
func GraphKind(head []byte) string {
	if m := firstName.FindSubmatch(head); m != nil {
		return kindsByField[string(m[1])]
	}
	first, rest := fieldOf(head)
	inner, others := fieldOf(first.content)
	switch {
	case first.number == 1 && first.kind == protowire.VarintType:
		// The version of a SavedModel, then a graph: an ONNX model has a name there, or its own graph elsewhere.
		second, _ := fieldOf(rest)
		if inner, _ := fieldOf(second.content); second.is(2) && (inner.number == 1 || inner.number == 2) && inner.kind == protowire.BytesType {
			return "SavedModel"
		}
	case first.number == 1 && first.kind == protowire.BytesType && len(first.content) == 0: // empty information
		if second, _ := fieldOf(rest); second.is(2) {
			return "MetaGraphDef"
		}
	case first.is(2) && inner.is(1): // a graph with a node
		return "MetaGraphDef"
	case first.is(1) && (inner.is(2) || inner.is(4) || inner.is(5)): // who wrote it, without a version
		return "MetaGraphDef"
	case first.is(1) && inner.is(1): // a node with a name and an op, or a version and a list of ops
		second, _ := fieldOf(others)
		if op := second.content; second.is(2) && len(op) > 0 && op[0] == '\n' {
			return "MetaGraphDef"
		} else if second.is(2) && opName.Match(op) {
			return "GraphDef"
		}
	}
	return ""
}

// firstName is the first field of a text, after comments.
var firstName = regexp.MustCompile(`^(?:\s|#[^\n]*\n)*([a-z_]+)\s*[:{<]`)

var kindsByField = map[string]string{
	"node": "GraphDef", "library": "GraphDef", "versions": "GraphDef", "meta_info_def": "MetaGraphDef", "graph_def": "MetaGraphDef", "saver_def": "MetaGraphDef",
	"collection_def": "MetaGraphDef", "signature_def": "MetaGraphDef", "saved_model_schema_version": "SavedModel", "meta_graphs": "SavedModel",
}

var opName = regexp.MustCompile(`^[A-Za-z_>][A-Za-z0-9_>./-]*$`)

// field is the beginning of a field of a message.
type field struct {
	number  protowire.Number
	kind    protowire.Type
	content []byte // of a message or text, as far as it is there
}

// is tells whether f is a message or text, and has that number.
func (f field) is(number protowire.Number) bool {
	return f.number == number && f.kind == protowire.BytesType && len(f.content) > 0
}

// fieldOf returns the first field in b, which may end within it, and what follows.
func fieldOf(b []byte) (f field, rest []byte) {
	number, kind, n := protowire.ConsumeTag(b)
	if n < 0 {
		return f, nil
	}
	size, m := protowire.ConsumeVarint(b[n:])
	if m < 0 {
		return f, nil
	}
	f.number, f.kind, rest = number, kind, b[n+m:]
	if kind == protowire.BytesType {
		size := int(min(size, uint64(len(rest))))
		f.content, rest = rest[:size], rest[size:]
	}
	return f, rest
}
