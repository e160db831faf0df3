package tffile

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

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

// parseState reads the text form of CheckpointState: fields "name: value", apart by space, comma or semicolon; #
// comments; strings in either quotes with C escapes, neighbours joined; lists in brackets. An unknown field is an
// error, as in TensorFlow.
func parseState(text string) (State, error) {
	p := textParser{text: text, line: 1}
	var s State
	for p.space(); p.text != ""; p.space() {
		name := p.word()
		if name == "" {
			return s, p.errorf("a field name is wanted, found %q", clip(p.text))
		}
		p.space()
		if !p.take(':') {
			return s, p.errorf("a colon is wanted after %s, found %q", clip(name), clip(p.text))
		}
		p.space()
		list := p.take('[')
		for first := true; ; first = false {
			p.space()
			if list && first && p.take(']') {
				break
			}
			if err := p.value(name, &s); err != nil {
				return s, err
			}
			if !list {
				break
			}
			p.space()
			if p.take(']') {
				break
			}
			if !p.take(',') {
				return s, p.errorf("a comma or bracket is wanted in the list of %s, found %q", name, clip(p.text))
			}
		}
		p.space()
		if !p.take(',') {
			p.take(';')
		}
	}
	if s.Latest == "" {
		return s, errors.New("no model_checkpoint_path")
	}
	return s, nil
}

// textParser holds what is left of the text.
type textParser struct {
	text string
	line int
}

func (p *textParser) errorf(format string, args ...any) error {
	return errors.Wrapf(errors.Errorf(format, args...), "line %d", p.line)
}

// value parses one value of the named field into s.
func (p *textParser) value(name string, s *State) (err error) {
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

// space passes over white space and comments.
func (p *textParser) space() {
	for p.text != "" {
		switch p.text[0] {
		case '\n':
			p.line++
		case ' ', '\t', '\r', '\v', '\f':
		case '#':
			end := strings.IndexByte(p.text, '\n')
			if end < 0 {
				end = len(p.text)
			}
			p.text = p.text[end:]
			continue
		default:
			return
		}
		p.text = p.text[1:]
	}
}

func (p *textParser) take(c byte) bool {
	if p.text == "" || p.text[0] != c {
		return false
	}
	p.text = p.text[1:]
	return true
}

// word takes letters, digits and what occurs in numbers.
func (p *textParser) word() string {
	i := 0
	for i < len(p.text) {
		c := p.text[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '+' || c == '-') {
			break
		}
		i++
	}
	w := p.text[:i]
	p.text = p.text[i:]
	return w
}

func (p *textParser) number() (float64, error) {
	w := p.word()
	v, err := strconv.ParseFloat(strings.TrimRight(w, "fF"), 64)
	if strings.HasPrefix(strings.ToLower(strings.TrimLeft(w, "+-")), "inf") {
		v, err = strconv.ParseFloat(w, 64) // its f is no suffix
	}
	if err != nil {
		return 0, p.errorf("a number is wanted, found %q", clip(w+p.text))
	}
	return v, nil
}

// string takes one or more quoted strings.
func (p *textParser) string() (string, error) {
	var out []byte
	for n := 0; ; n++ {
		if p.text == "" || p.text[0] != '"' && p.text[0] != '\'' {
			if n == 0 {
				return "", p.errorf("a string in quotes is wanted, found %q", clip(p.text))
			}
			return string(out), nil
		}
		delimiter := p.text[0]
		p.text = p.text[1:]
		for !p.take(delimiter) {
			if p.text == "" || p.text[0] == '\n' {
				return "", p.errorf("a string does not end on its line")
			}
			if p.text[0] != '\\' {
				out = append(out, p.text[0])
				p.text = p.text[1:]
				continue
			}
			b, n := unescape(p.text[1:])
			if n == 0 {
				return "", p.errorf("unknown escape %q", clip(p.text))
			}
			out = append(out, b...)
			p.text = p.text[1+n:]
		}
		p.space()
	}
}

// unescape decodes the escape that s starts with (without its backslash) and gives the bytes it takes, 0 when it is
// none.
func unescape(s string) ([]byte, int) {
	if s == "" {
		return nil, 0
	}
	digits := func(from, most, base int) (uint64, int) {
		n := from
		for n < len(s) && n < from+most {
			if _, err := strconv.ParseUint(s[n:n+1], base, 8); err != nil {
				break
			}
			n++
		}
		v, err := strconv.ParseUint(s[from:n], base, 64)
		if err != nil {
			return 0, 0
		}
		return v, n
	}
	if i := strings.IndexByte("abfnrtv\\'\"?", s[0]); i >= 0 {
		return []byte{"\a\b\f\n\r\t\v\\'\"?"[i]}, 1
	}
	switch c := s[0]; c {
	case '0', '1', '2', '3', '4', '5', '6', '7':
		v, n := digits(0, 3, 8)
		if v > 0xff {
			return nil, 0
		}
		return []byte{byte(v)}, n
	case 'x', 'X':
		v, n := digits(1, 2, 16)
		return []byte{byte(v)}, n
	case 'u', 'U':
		width := 4
		if c == 'U' {
			width = 8
		}
		v, n := digits(1, width, 16)
		if n != 1+width || v > utf8.MaxRune || !utf8.ValidRune(rune(v)) {
			return nil, 0
		}
		return utf8.AppendRune(nil, rune(v)), n
	}
	return nil, 0
}

// clip shortens what an error quotes.
func clip(s string) string {
	const most = 40
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
