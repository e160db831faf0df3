package tffile

import (
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
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

// stateParser reads the text form of CheckpointState.
type stateParser struct {
	textParser
	dir  string // of the file; paths are left as they are where it is ""
	room *budget.Budget
}

// What a path takes in a list that grows, beside its bytes, and a timestamp.
const statePathBytes, timestampBytes = 64, 24

// parseState reads the text form of CheckpointState. Relative paths are joined with dir, unless that is "". An unknown field is an error, as in
// TensorFlow.
func parseState(text, dir string) (s State, err error) {
	p := stateParser{textParser{text: text, line: 1}, dir, budget.Of(int64(len(text)))}
	if err := p.room.Take(2 * int64(len(text))); err != nil { // as it was read, and as a text
		return s, err
	}
	if err := p.fields("", func(name string) error { return p.stateValue(name, &s) }); err != nil {
		return s, err
	}
	if s.Latest == "" {
		return s, errors.New("no model_checkpoint_path")
	}
	return s, nil
}

// stateValue parses one value of the named field into s.
func (p *stateParser) stateValue(name string, s *State) (err error) {
	switch name {
	case "model_checkpoint_path":
		s.Latest, err = p.path()
	case "all_model_checkpoint_paths":
		var v string
		v, err = p.path()
		s.All = append(s.All, v)
	case "all_model_checkpoint_timestamps":
		if err := p.room.Take(timestampBytes); err != nil {
			return err
		}
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

// path takes a path.
func (p *stateParser) path() (string, error) {
	path, err := p.string()
	if err != nil {
		return "", err
	}
	if path != "" && p.dir != "" && !filepath.IsAbs(path) {
		path = filepath.Join(p.dir, filepath.FromSlash(path))
	}
	return path, p.room.Take(int64(statePathBytes + len(path)))
}
