package tffile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// textParser reads the text form of protocol buffers: fields "name: value", apart by space, comma or semicolon; # comments; strings in
// either quotes with C escapes, neighbours joined; lists in brackets; messages in braces or angle brackets. It holds what is
// left of the text.
type textParser struct {
	text string
	line int
	encoding
}

func (p *textParser) errorf(format string, args ...any) error {
	return errors.Wrapf(errors.Errorf(format, args...), "line %d", p.line)
}

// fields reads the fields of a message up to what ends it, "" for the text's end. value reads one value of the named field.
func (p *textParser) fields(end string, value func(name string) error) error {
	for {
		p.space()
		if end != "" && p.take(end[0]) || end == "" && p.text == "" {
			return nil
		}
		name, err := p.fieldName()
		if err != nil {
			return err
		}
		p.space()
		if !p.take(':') && !p.begins("{<[") { // messages need none
			return p.errorf("a colon is wanted after %s, found %q", clip(name), clip(p.text))
		}
		p.space()
		if err := p.values(name, value); err != nil {
			return err
		}
		p.space()
		if !p.take(',') {
			p.take(';')
		}
	}
}

// fieldName takes the name of a field, or in brackets that of an extension or of a message's type.
func (p *textParser) fieldName() (string, error) {
	if p.begins("[") {
		n := strings.IndexAny(p.text, "]\n")
		if n < 0 || p.text[n] != ']' {
			return "", p.errorf("a bracket is wanted at the end of the name %q", clip(p.text))
		}
		name := p.text[:n+1]
		p.text = p.text[n+1:]
		return name, nil
	}
	name := p.word()
	if name == "" {
		return "", p.errorf("a field name is wanted, found %q", clip(p.text))
	}
	return name, nil
}

// values reads a value, or a list of them in brackets.
func (p *textParser) values(name string, value func(name string) error) error {
	if !p.take('[') {
		return value(name)
	}
	p.space()
	if p.take(']') {
		return nil
	}
	for {
		p.space()
		if err := value(name); err != nil {
			return err
		}
		p.space()
		if p.take(']') {
			return nil
		}
		if !p.take(',') {
			return p.errorf("a comma or bracket is wanted in the list of %s, found %q", clip(name), clip(p.text))
		}
	}
}

// begins reports whether one of chars is next.
func (p *textParser) begins(chars string) bool {
	return p.text != "" && strings.IndexByte(chars, p.text[0]) >= 0
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
