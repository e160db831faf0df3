package dataset

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// CSVConfig says how to read a table. The zero value reads a file separated by
// commas, without a header, with the label in the last column.
type CSVConfig struct {
	Header  bool // the first line has the names of the columns
	Comma   rune // between the fields; 0 means ','
	Comment rune // a line that begins with it is skipped; 0 means no comments

	LabelColumn int      // column of the label: 1 the first, 2 the second, -1 the last; 0 means the last
	LabelName   string   // the label's column by its name in the header; wins over LabelColumn
	NoLabels    bool     // every column is a feature, and Y is nil
	Targets     bool     // the label is a number to predict, not a class: Y is float32 [n]
	Classes     []string // names of the classes, in the order of their ids; nil finds them in the file

	Name string // of the set; "" means the path, or "csv"
}

// OpenCSV reads the table at path; see ReadCSV.
func OpenCSV(path string, cfg CSVConfig) (*Set, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.WithMessage(err, "dataset: OpenCSV")
	}
	defer f.Close()
	if cfg.Name == "" {
		cfg.Name = path
	}
	s, err := readCSV(f, cfg)
	return s, errors.WithMessagef(err, "dataset: OpenCSV %s", path)
}

// ReadCSV reads one example a line (RFC 4180, packed with gzip or not): the
// column of the label becomes Y, int64 [n], all others X, float32 [n, columns].
//
// Labels that are all whole numbers from 0 to 65535 are the class ids, and
// Classes is "0", "1", ... up to the largest. Otherwise labels are names: they
// are sorted (by value where all are whole numbers), and a class's place in that
// order, which is Classes, is its id. With CSVConfig.Classes a label is one of
// those names; use it for the second of two files, which may lack a class.
// Numbers to predict, as for regression, want CSVConfig.Targets: without it 2.5
// is the name of a class.
//
//	train, err := dataset.OpenCSV("train.csv", dataset.CSVConfig{Header: true})
//	test, err := dataset.OpenCSV("test.csv", dataset.CSVConfig{Header: true, Classes: train.Classes})
//
// Features and targets are finite decimal numbers. A field that is empty or not such a number,
// a line with more or fewer fields than the first, and an unknown class are errors
// that name line and column, both counted from 1.
func ReadCSV(r io.Reader, cfg CSVConfig) (*Set, error) {
	if cfg.Name == "" {
		cfg.Name = "csv"
	}
	s, err := readCSV(r, cfg)
	return s, errors.WithMessage(err, "dataset: ReadCSV")
}

func readCSV(r io.Reader, cfg CSVConfig) (*Set, error) {
	if cfg.Targets && (cfg.NoLabels || cfg.Classes != nil) {
		return nil, errors.New("Targets excludes NoLabels and Classes: the label is a number to predict")
	}
	known, err := classIDs(cfg.Classes)
	if err != nil {
		return nil, err
	}
	r, err = gunzip(r)
	if err != nil {
		return nil, err
	}
	c := csv.NewReader(skipBOM(r))
	c.ReuseRecord = true
	c.TrimLeadingSpace = true
	c.Comment = cfg.Comment
	if cfg.Comma != 0 {
		c.Comma = cfg.Comma
	}
	var (
		label    = -1 // column of the label, from 0; -1 for none
		columns  int
		features []float32
		targets  []float32
		labels   []string
		ids      []int64
		interned = map[string]string{} // one copy of each label
		n        int
	)
	for first := true; ; first = false {
		record, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, csvError(err, len(record), c.FieldsPerRecord)
		}
		if first {
			columns = len(record)
			if label, err = cfg.label(record); err != nil {
				return nil, err
			}
			if label >= 0 && columns == 1 {
				return nil, errors.Errorf("wanted features beside the label, came one column; set NoLabels, or Comma (it is %q)", c.Comma)
			}
			if cfg.Header {
				continue
			}
		}
		for i, field := range record {
			field = strings.TrimSpace(field)
			if i != label || cfg.Targets {
				v, err := strconv.ParseFloat(field, 32)
				if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
					hint := ""
					if first {
						hint = "; set CSVConfig.Header if this line names the columns"
					}
					return nil, fieldError(c, i, "wanted a finite number in the range of float32, came %q%s", shorten(field), hint)
				}
				if i == label {
					targets = append(targets, float32(v))
				} else {
					features = append(features, float32(v))
				}
				continue
			}
			if field == "" {
				return nil, fieldError(c, i, "wanted a label, came an empty field")
			}
			if cfg.Classes != nil {
				id, ok := known[field]
				if !ok {
					return nil, fieldError(c, i, "wanted one of the classes %s, came %q", shorten(strings.Join(cfg.Classes, ", ")), shorten(field))
				}
				ids = append(ids, id)
				continue
			}
			name, ok := interned[field]
			if !ok {
				name = strings.Clone(field) // the record shares one string
				interned[name] = name
			}
			labels = append(labels, name)
		}
		n++
	}
	if n == 0 {
		return nil, errors.New("wanted one example or more, the file has none")
	}
	s := &Set{Name: cfg.Name}
	if label >= 0 {
		columns--
	}
	switch {
	case cfg.Targets:
		s.Y = tensor.New(tensor.WithShape(n), tensor.WithBacking(targets[:n:n]))
	case label >= 0:
		s.Classes = append([]string(nil), cfg.Classes...)
		if cfg.Classes == nil {
			ids, s.Classes = numberLabels(labels)
		}
		s.Y = tensor.New(tensor.WithShape(n), tensor.WithBacking(ids[:n:n]))
	}
	s.X = tensor.New(tensor.WithShape(n, columns), tensor.WithBacking(features[:len(features):len(features)]))
	return s, nil
}

// skipBOM leaves out the byte order mark that spreadsheets put before UTF-8.
func skipBOM(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if head, _ := b.Peek(3); string(head) == "\ufeff" {
		b.Discard(3)
	}
	return b
}

// label is the column of the label, from 0, given the first line; -1 for none.
func (cfg CSVConfig) label(first []string) (int, error) {
	switch {
	case cfg.NoLabels:
		if cfg.LabelColumn != 0 || cfg.LabelName != "" {
			return 0, errors.New("NoLabels excludes LabelColumn and LabelName; set one")
		}
		return -1, nil
	case cfg.LabelName != "":
		if !cfg.Header {
			return 0, errors.Errorf("LabelName %q needs a header; set Header, or LabelColumn in its place", cfg.LabelName)
		}
		for i, name := range first {
			if strings.TrimSpace(name) == cfg.LabelName {
				return i, nil
			}
		}
		return 0, errors.Errorf("LabelName: wanted a column %q, the header has %s", cfg.LabelName, shorten(strings.Join(first, ", ")))
	}
	at := cfg.LabelColumn - 1
	if cfg.LabelColumn <= 0 {
		at = len(first) + cfg.LabelColumn
		if cfg.LabelColumn == 0 {
			at = len(first) - 1
		}
	}
	if at < 0 || at >= len(first) {
		return 0, errors.Errorf("LabelColumn: wanted 1 to %d, or -1 to -%d from the end, came %d", len(first), len(first), cfg.LabelColumn)
	}
	return at, nil
}

// csvError puts encoding/csv's errors in terms of what was wanted.
func csvError(err error, came, wanted int) error {
	var p *csv.ParseError
	if errors.As(err, &p) && p.Err == csv.ErrFieldCount {
		return errors.Errorf("line %d: wanted %d fields as in the first line, came %d", p.Line, wanted, came)
	}
	return err // a *csv.ParseError names line and column itself
}

// fieldError names a field of the record just read by its line and its column in
// the table.
func fieldError(c *csv.Reader, field int, format string, args ...any) error {
	line, _ := c.FieldPos(field)
	return errors.Errorf("line %d, column %d: %s", line, field+1, fmt.Sprintf(format, args...))
}

// shorten keeps a hostile field from filling the screen.
func shorten(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
