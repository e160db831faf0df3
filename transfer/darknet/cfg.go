package darknet

import (
	"bufio"
	"io"
	"os"
	"strings"

	"github.com/pkg/errors"
)

// Network is a .cfg file.
type Network struct {
	Net    Section   // [net]: the size of the input, and how to train
	Layers []Section // in their order
}

// Section is a section of a .cfg file.
type Section struct {
	Name    string // without brackets, such as "convolutional"
	Line    int    // of the file, counted from 1
	Options []Option
}

// Option is a line "key=value". Darknet takes all spaces away.
type Option struct {
	Key, Value string
	Line       int
}

// Open reads the .cfg file at path; see Parse.
func Open(path string) (*Network, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.WithMessage(err, "darknet: Open")
	}
	defer f.Close()
	n, err := Parse(f)
	return n, errors.WithMessage(err, path)
}

const (
	maxCfg     = 4 << 20 // bytes of a .cfg; the largest ones that are known have 50 kB
	maxLayers  = 10000
	maxOptions = 1 << 17 // a line of four bytes takes more than a hundred in memory
)

// Parse reads a .cfg: sections in brackets, with lines "key=value" below; empty lines and those that begin with # or ;
// are comments. What the lines mean is found out by Network.Check and Network.Build.
func Parse(r io.Reader) (*Network, error) {
	n, err := parse(r)
	return n, errors.WithMessage(err, "darknet: Parse")
}

func parse(r io.Reader) (*Network, error) {
	if r == nil {
		return nil, errors.New("wanted a reader, came nil")
	}
	limited := &io.LimitedReader{R: r, N: maxCfg + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, maxCfg+1)
	var sections []Section
	number, options := 0, 0
	for lines.Scan() {
		number++
		line := strings.Map(func(c rune) rune {
			if c == ' ' || c == '\t' || c == '\r' {
				return -1
			}
			return c
		}, strings.TrimPrefix(lines.Text(), "\ufeff"))
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[':
			name, rest, closed := strings.Cut(line[1:], "]")
			if !closed || rest != "" || name == "" {
				return nil, errors.Errorf("line %d: wanted the name of a section in brackets, came %.60q", number, line)
			}
			if len(sections) > maxLayers {
				return nil, errors.Errorf("the file has more than %d layers; is it a .cfg?", maxLayers)
			}
			sections = append(sections, Section{Name: name, Line: number})
		default:
			key, value, ok := strings.Cut(line, "=")
			switch {
			case !ok || key == "":
				return nil, errors.Errorf("line %d: wanted a section in brackets, key=value or a comment, came %.60q", number, line)
			case len(sections) == 0:
				return nil, errors.Errorf("line %d: %.60q stands before the first section; want [net]", number, line)
			}
			if options++; options > maxOptions {
				return nil, errors.Errorf("the file has more than %d options; is it a .cfg?", maxOptions)
			}
			last := &sections[len(sections)-1]
			last.Options = append(last.Options, Option{key, value, number})
		}
	}
	switch err := lines.Err(); {
	case err != nil:
		return nil, errors.Wrapf(err, "line %d", number+1)
	case limited.N == 0:
		return nil, errors.Errorf("the file is larger than %d bytes; is it a .cfg?", maxCfg)
	case len(sections) == 0:
		return nil, errors.New("the file has no section; want [net] and layers")
	case sections[0].Name != "net" && sections[0].Name != "network":
		return nil, errors.Errorf("line %d: the first section is [%s]; want [net]", sections[0].Line, sections[0].Name)
	case len(sections) == 1:
		return nil, errors.New("the file has no layer below [net]")
	}
	return &Network{Net: sections[0], Layers: sections[1:]}, nil
}
