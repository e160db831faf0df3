package tffile

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget"
)

// ParseGraphJSON is DecodeGraphDef of the JSON form, as the modelTopology of a TensorFlow.js model has it: protocol buffers' own, in which
// bytes are base64 and 64-bit integers strings; bytes may also be lists of numbers. Fields that are not known are passed over, and an error gives the
// byte that it is at. What it describes takes memory of room.
func ParseGraphJSON(text []byte, room *budget.Budget) (GraphDef, error) {
	b, err := encodeJSON("GraphDef", text, room)
	if err != nil {
		return GraphDef{}, err
	}
	d := &decoder{room: room}
	g, err := d.graphDef(b)
	return g, d.finish(err)
}

// ParseSignatureJSON reads a SignatureDef as ParseGraphJSON reads a GraphDef.
func ParseSignatureJSON(text []byte, room *budget.Budget) (Signature, error) {
	b, err := encodeJSON("SignatureDef", text, room)
	if err != nil {
		return Signature{}, err
	}
	d := &decoder{room: room}
	s, err := d.signature(b)
	return s, d.finish(err)
}

// encodeJSON turns the JSON form of a message into the wire format.
func encodeJSON(message string, text []byte, room *budget.Budget) ([]byte, error) {
	p := jsonParser{json.NewDecoder(bytes.NewReader(text)), &encoding{room: room}}
	p.UseNumber()
	strings := stringTimes * longestString(text)
	if err := room.Take(strings); err != nil {
		return nil, err
	}
	defer room.Give(strings)
	b, err := p.whole(message)
	p.finish(len(b))
	return b, errors.Wrapf(err, "JSON of a %s, byte %d", message, p.InputOffset())
}

// longestString returns how long the longest string of a text is at most.
func longestString(text []byte) (longest int64) {
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			if quoted {
				longest = max(longest, int64(i-start))
			}
			start, quoted = i, !quoted
		}
	}
	if quoted {
		longest = max(longest, int64(len(text)-start))
	}
	return longest
}

// whole encodes the message that the text is.
func (p jsonParser) whole(message string) ([]byte, error) {
	token, err := p.Token()
	if err != nil {
		return nil, err
	}
	if token != json.Delim('{') {
		return nil, wantedJSON("an object", token)
	}
	b, err := p.fields(nil, message, 0)
	if err != nil {
		return nil, err
	}
	if token, err = p.Token(); err != io.EOF {
		return nil, wantedJSON("the end", token)
	}
	return b, nil
}

// jsonParser encodes messages as it reads them, so that it holds no more than one value.
type jsonParser struct {
	*json.Decoder
	*encoding
}

// fields appends the object of a message that lies so deep in others. Its brace has been read.
func (p jsonParser) fields(b []byte, name string, depth int) (_ []byte, err error) {
	if depth > maxTextDepth {
		return nil, errors.Errorf("messages lie deeper than %d in each other", maxTextDepth)
	}
	err = p.object(func(key string) (err error) {
		if f, known := schema[name][snakeCase(key)]; known {
			b, err = p.values(b, f, depth)
			return err
		}
		return p.pass()
	})
	return b, err
}

// mapOf appends the entries of a map, whose brace has been read.
func (p jsonParser) mapOf(values string, b []byte, f schemaField, depth int) ([]byte, error) {
	err := p.object(func(key string) (err error) {
		b, err = p.message(b, f, func(b []byte) ([]byte, error) {
			longer, err := p.scalar(schemaField{1, "string"}.appendBytes(b, key), len(b), nil)
			if err != nil {
				return nil, err
			}
			return p.values(longer, schemaField{2, values}, depth)
		})
		return err
	})
	return b, err
}

// object calls value for every key of an object whose brace has been read; value reads what the key has.
func (p jsonParser) object(value func(key string) error) error {
	for {
		token, err := p.Token()
		if err != nil {
			return err
		}
		key, isKey := token.(string)
		if !isKey {
			return nil // the only other token that the decoder gives here is the closing brace
		}
		if err := value(key); err != nil {
			return errors.Wrapf(err, "%q", clip(key))
		}
	}
}

// values appends a value, or a list of them.
func (p jsonParser) values(b []byte, f schemaField, depth int) ([]byte, error) {
	token, err := p.Token()
	if err != nil {
		return nil, err
	}
	if token != json.Delim('[') {
		return p.value(b, f, token, depth)
	}
	if f.kind == "bytes" {
		return p.bytes(b, f, nil)
	}
	for {
		token, err := p.Token()
		if err != nil {
			return nil, err
		}
		if token == json.Delim(']') {
			return b, nil
		}
		if b, err = p.value(b, f, token, depth); err != nil {
			return nil, err
		}
	}
}

// bytes appends what a list holds for a field of bytes, whose bracket has been read: strings in base64, lists of numbers, or the
// numbers of one string. one is nil, or empty in a list of lists.
func (p jsonParser) bytes(b []byte, f schemaField, one []byte) ([]byte, error) {
	for {
		token, err := p.Token()
		if err != nil {
			return nil, err
		}
		number, isNumber := token.(json.Number)
		switch {
		case isNumber:
			c, err := strconv.ParseUint(number.String(), 10, 8)
			if err != nil {
				return nil, wantedJSON("a byte", token)
			}
			one = append(one, byte(c))
		case token == json.Delim(']') && one != nil:
			return p.scalar(f.appendBytes(b, string(one)), len(b), nil)
		case token == json.Delim(']'):
			return b, nil
		case one != nil:
			return nil, wantedJSON("a byte", token)
		case token == json.Delim('['):
			b, err = p.bytes(b, f, []byte{})
		default:
			b, err = p.one(b, f, token)
		}
		if err != nil {
			return nil, err
		}
	}
}

// value appends one value, of which token is the first or only one.
func (p jsonParser) value(b []byte, f schemaField, token json.Token, depth int) ([]byte, error) {
	values, isMap := strings.CutPrefix(f.kind, "map ")
	_, isMessage := schema[f.kind]
	switch {
	case token == nil: // null is no value
		return b, nil
	case !isMap && !isMessage:
		return p.one(b, f, token)
	case token != json.Delim('{'):
		return nil, wantedJSON("an object", token)
	case isMap:
		return p.mapOf(values, b, f, depth)
	}
	return p.message(b, f, func(b []byte) ([]byte, error) { return p.fields(b, f.kind, depth+1) })
}

// one appends a string, number or bool.
func (p jsonParser) one(b []byte, f schemaField, token json.Token) ([]byte, error) {
	longer, err := jsonScalar(b, f, token)
	return p.scalar(longer, len(b), err)
}

// jsonScalar appends a string, number or bool. Numbers may be strings.
func jsonScalar(b []byte, f schemaField, token json.Token) ([]byte, error) {
	boolean, isBool := token.(bool)
	text, isString := token.(string)
	number := text
	if n, isNumber := token.(json.Number); isNumber {
		number = n.String()
	}
	switch f.kind {
	case "string":
		if isString {
			return f.appendBytes(b, text), nil
		}
		return nil, wantedJSON("a string", token)
	case "bytes":
		if s, err := base64.StdEncoding.DecodeString(text); isString && err == nil {
			return f.appendBytes(b, string(s)), nil
		}
		return nil, wantedJSON("a string in base64", token)
	case "bool":
		if isBool {
			return f.appendInt(b, protowire.EncodeBool(boolean)), nil
		}
		return nil, wantedJSON("true or false", token)
	case "float", "double":
		if v, err := strconv.ParseFloat(number, 64); err == nil {
			return f.appendFloat(b, v), nil
		}
		return nil, wantedJSON("a number", token)
	}
	if v, err := strconv.ParseInt(number, 10, 64); err == nil {
		return f.appendInt(b, uint64(v)), nil
	}
	if v, err := strconv.ParseUint(number, 10, 64); err == nil {
		return f.appendInt(b, v), nil
	}
	if f.kind == "int" {
		return nil, wantedJSON("an integer", token)
	}
	if v, ok := enumValue(f.kind, text); ok {
		return f.appendInt(b, v), nil
	}
	return nil, wantedJSON("a value of "+f.kind, token)
}

// pass passes over a value of any type.
func (p jsonParser) pass() error {
	for depth := 0; ; {
		token, err := p.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// wantedJSON is the error for a token that is not what is wanted.
func wantedJSON(want string, found json.Token) error {
	return errors.Errorf("%s is wanted, found %s", want, clip(fmt.Sprintf("%q", fmt.Sprint(found))))
}

// snakeCase is the name that a .proto has for a field which JSON calls so: tensor_shape for tensorShape.
func snakeCase(name string) string {
	var b strings.Builder
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}
