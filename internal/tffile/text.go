package tffile

import (
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// maxTextDepth is how deep messages may lie in each other in a text or JSON.
const maxTextDepth = 100

// ParseGraphText is DecodeGraphDef of the text form, as a .pbtxt has it. It is strict in its syntax, and an error names the line. Fields that are
// not known are passed over.
func ParseGraphText(text string) (GraphDef, error) {
	room := budget.Of(int64(len(text)))
	b, err := encodeText("GraphDef", text, room)
	if err != nil {
		return GraphDef{}, err
	}
	d := &decoder{room: room}
	g, err := d.graphDef(b)
	return g, d.finish(err)
}

// ParseMetaGraphText is DecodeMetaGraph of the text form, which tf.train.export_meta_graph(as_text=True) writes. It is as strict as
// ParseGraphText.
func ParseMetaGraphText(text string) (MetaGraph, error) {
	room := budget.Of(int64(len(text)))
	b, err := encodeText("MetaGraphDef", text, room)
	if err != nil {
		return MetaGraph{}, err
	}
	d := &decoder{room: room}
	m, err := d.metaGraph(b)
	return m, d.finish(err)
}

// ParseSavedModelText is DecodeSavedModel of the text form, a saved_model.pbtxt. It is as strict as ParseGraphText.
func ParseSavedModelText(text string) ([]MetaGraph, error) {
	room := budget.Of(int64(len(text)))
	b, err := encodeText("SavedModel", text, room)
	if err != nil {
		return nil, err
	}
	return (&decoder{room: room}).savedModel(b)
}

// IsText reports whether the beginning of a file with one of these messages is that of the text form: the wire format has
// control characters in its tags and lengths, text none but white space.
func IsText(head []byte) bool {
	for _, c := range head {
		if c < ' ' && (c < '\t' || c > '\r') || c == 0x7f {
			return false
		}
	}
	return len(head) > 0
}

// encodeText turns the text form of a message into the wire format, and takes memory for it and for the text.
func encodeText(message, text string, room *budget.Budget) ([]byte, error) {
	if err := room.Take(int64(len(text))); err != nil {
		return nil, err
	}
	p := textParser{text: text, line: 1, encoding: encoding{room}}
	b, err := p.encode(nil, message, "", 0)
	p.finish(len(b))
	return b, errors.Wrapf(err, "text of a %s", message)
}

// encode appends the fields of a message, or of a map's entry, that lies so deep in others, up to what ends it.
func (p *textParser) encode(b []byte, name, end string, depth int) (_ []byte, err error) {
	if depth > maxTextDepth {
		return nil, p.errorf("messages lie deeper than %d in each other", maxTextDepth)
	}
	fields := fieldsOf(name)
	err = p.fields(end, func(field string) (err error) {
		if f, known := fields[field]; known {
			b, err = p.value(b, f, depth)
			return err
		}
		return p.pass(depth)
	})
	return b, err
}

// value appends one value of a field.
func (p *textParser) value(b []byte, f schemaField, depth int) ([]byte, error) {
	switch f.kind {
	case "string", "bytes":
		s, err := p.string()
		if err == nil {
			err = p.room.Take(stringTimes * int64(len(s)))
		}
		if err != nil {
			return nil, err
		}
		defer p.room.Give(stringTimes * int64(len(s)))
		return p.scalar(f.appendBytes(b, s), len(b), nil)
	case "float", "double":
		v, err := p.number()
		return p.scalar(f.appendFloat(b, v), len(b), err)
	case "int":
		v, err := p.integer()
		return p.scalar(f.appendInt(b, v), len(b), err)
	case "bool":
		v, err := p.bool()
		return p.scalar(f.appendInt(b, v), len(b), err)
	case "DataType", "CheckpointFormatVersion":
		v, err := p.enum(f.kind)
		return p.scalar(f.appendInt(b, v), len(b), err)
	}
	end, err := p.open()
	if err != nil {
		return nil, err
	}
	return p.message(b, f, func(b []byte) ([]byte, error) { return p.encode(b, f.kind, end, depth+1) })
}

// open takes what begins a message, and returns what ends it.
func (p *textParser) open() (end string, err error) {
	switch {
	case p.take('{'):
		return "}", nil
	case p.take('<'):
		return ">", nil
	}
	return "", p.errorf("a message in braces is wanted, found %q", clip(p.text))
}

// pass passes over a value of any type.
func (p *textParser) pass(depth int) error {
	switch {
	case p.begins(`"'`):
		_, err := p.string()
		return err
	case p.begins("{<"):
		end, err := p.open()
		if err == nil {
			_, err = p.encode(nil, "", end, depth+1) // knows no field
		}
		return err
	case p.word() == "":
		return p.errorf("a value is wanted, found %q", clip(p.text))
	}
	return nil
}

// integer takes an integer of up to 64 bits, signed or not: decimal, hexadecimal (0x) or octal (0).
func (p *textParser) integer() (uint64, error) {
	w := p.word()
	if v, err := strconv.ParseInt(w, 0, 64); err == nil && !strings.HasPrefix(w, "+") {
		return uint64(v), nil
	}
	v, err := strconv.ParseUint(w, 0, 64)
	if err != nil {
		return 0, p.errorf("an integer is wanted, found %q", clip(w+p.text))
	}
	return v, nil
}

func (p *textParser) bool() (uint64, error) {
	switch w := p.word(); w {
	case "true", "True", "t", "1":
		return 1, nil
	case "false", "False", "f", "0":
		return 0, nil
	default:
		return 0, p.errorf("true or false is wanted, found %q", clip(w+p.text))
	}
}

// enum takes the name of an enum's value, or its number.
func (p *textParser) enum(kind string) (uint64, error) {
	if p.begins("-0123456789") {
		return p.integer()
	}
	w := p.word()
	v, ok := enumValue(kind, w)
	if !ok {
		return 0, p.errorf("a value of %s is wanted, found %q", kind, clip(w+p.text))
	}
	return v, nil
}
