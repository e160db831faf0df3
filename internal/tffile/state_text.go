package tffile

import (
	"math"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// formatState is text_format.MessageToString of the state.
func formatState(s State) string {
	var b strings.Builder
	field := func(name, value string) { b.WriteString(name + ": " + value + "\n") }
	number := func(v float64) string { // Python's repr
		if a := math.Abs(v); v != 0 && !(a >= 1e-4 && a < 1e16) {
			return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(v, 'g', -1, 64), "+"))
		}
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	}
	field("model_checkpoint_path", quote(s.Latest))
	for _, p := range s.All {
		field("all_model_checkpoint_paths", quote(p))
	}
	for _, t := range s.Timestamps {
		field("all_model_checkpoint_timestamps", number(t))
	}
	if s.LastPreserved != 0 {
		field("last_preserved_timestamp", number(s.LastPreserved))
	}
	return b.String()
}

// quote is protobuf's CEscape: printable ASCII as it is, the rest in escapes of one letter or three octal digits.
func quote(s string) string {
	b := []byte{'"'}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == '"' || c == '\'' || c == '\\':
			b = append(b, '\\', c)
		case c < 0x20 || c >= 0x7f:
			b = append(b, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}

// parseState reads the text form of CheckpointState. An unknown field is an error, as in TensorFlow.
func parseState(text string) (State, error) {
	p := textParser{text: text, line: 1}
	var s State
	if err := p.fields("", func(name string) error { return p.stateValue(name, &s) }); err != nil {
		return s, err
	}
	if s.Latest == "" {
		return s, errors.New("no model_checkpoint_path")
	}
	return s, nil
}

// stateValue parses one value of the named field into s.
func (p *textParser) stateValue(name string, s *State) (err error) {
	switch name {
	case "model_checkpoint_path":
		s.Latest, err = p.string()
	case "all_model_checkpoint_paths":
		var v string
		v, err = p.string()
		s.All = append(s.All, v)
	case "all_model_checkpoint_timestamps":
		var v float64
		v, err = p.number()
		s.Timestamps = append(s.Timestamps, v)
	case "last_preserved_timestamp":
		s.LastPreserved, err = p.number()
	default:
		err = p.errorf("unknown field %s; known are model_checkpoint_path, all_model_checkpoint_paths, all_model_checkpoint_timestamps and last_preserved_timestamp", clip(name))
	}
	return err
}
