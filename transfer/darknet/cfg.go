package darknet

import (
	"io"
	"os"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
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
	maxCfg    = 4 << 20 // bytes of a .cfg; the largest ones that are known have 50 kB
	maxLayers = 10000
)

// What a section and an option take beside their line, in lists that grow, and once they are read as a layer; and a number of a list.
const sectionBytes, optionBytes, numberBytes = 512, 112, 64

// Parse reads a .cfg: sections in brackets, with lines "key=value" below; empty lines and those that begin with # or ;
// are comments. What the lines mean is found out by Network.Check and Network.Build. A file of more than 4 MiB or 10000 layers is refused, and one that takes
// much more memory than it has bytes.
func Parse(r io.Reader) (*Network, error) {
	n, err := parse(r)
	return n, errors.WithMessage(err, "darknet: Parse")
}

func parse(r io.Reader) (*Network, error) {
	if r == nil {
		return nil, errors.New("wanted a reader, came nil")
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxCfg+1))
	switch {
	case err != nil:
		return nil, errors.WithStack(err)
	case len(raw) > maxCfg:
		return nil, errors.Errorf("the file is larger than %d bytes; is it a .cfg?", maxCfg)
	}
	room := budget.Of(int64(len(raw)))
	if err := room.Take(2 * int64(len(raw))); err != nil { // as it was read, and as lines
		return nil, err
	}
	var sections []Section
	number := 0
	for line := range strings.SplitSeq(string(raw), "\n") {
		number++
		line = strings.Map(func(c rune) rune {
			if c == ' ' || c == '\t' || c == '\r' {
				return -1
			}
			return c
		}, strings.TrimPrefix(line, "\ufeff"))
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
			if err := room.Take(int64(sectionBytes + len(line))); err != nil {
				return nil, err
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
			if err := room.Take(int64(optionBytes + len(line) + numberBytes*strings.Count(value, ","))); err != nil {
				return nil, err
			}
			last := &sections[len(sections)-1]
			last.Options = append(last.Options, Option{key, value, number})
		}
	}
	switch {
	case len(sections) == 0:
		return nil, errors.New("the file has no section; want [net] and layers")
	case sections[0].Name != "net" && sections[0].Name != "network":
		return nil, errors.Errorf("line %d: the first section is [%s]; want [net]", sections[0].Line, sections[0].Name)
	case len(sections) == 1:
		return nil, errors.New("the file has no layer below [net]")
	}
	return &Network{Net: sections[0], Layers: sections[1:]}, nil
}
