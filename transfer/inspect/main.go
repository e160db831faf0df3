// Command inspect prints what a file of weights holds:
//
//	go run ./transfer/inspect [-json] FILE
//
// FILE is whatever transfer.Open opens.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/weights"
)

func main() {
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: inspect [-json] FILE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := inspect(os.Stdout, flag.Arg(0), *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// contents is what is printed of a file.
type contents struct {
	Format   string            `json:"format"`
	Metadata map[string]string `json:"metadata,omitempty"`
	Tensors  []entry           `json:"tensors"`
	Elements int               `json:"elements"`
	Bytes    int               `json:"bytes"` // of the elements that have a size
}

type entry struct {
	Name  string `json:"name"`
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
}

func inspect(w io.Writer, path string, asJSON bool) error {
	f, err := transfer.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	c, err := list(f)
	if err != nil {
		return err
	}
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return errors.WithStack(e.Encode(c))
	}
	return c.print(w)
}

func list(f *weights.File) (contents, error) {
	c := contents{Format: f.Format(), Metadata: f.Metadata(), Tensors: []entry{}}
	for _, t := range f.Tensors() {
		n, err := t.Elements()
		if err != nil {
			return c, err
		}
		c.Tensors = append(c.Tensors, entry{t.Name, t.DType.String(), append([]int{}, t.Shape...)})
		c.Elements += n
		c.Bytes += n * t.DType.Size()
	}
	return c, nil
}

// print prints a table. Names and metadata come from the file, so they are quoted where they hold control characters.
func (c contents) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range c.Tensors {
		fmt.Fprintf(t, "%s\t%s\t%v\n", printable(e.Name), e.DType, e.Shape)
	}
	if err := t.Flush(); err != nil {
		return errors.WithStack(err)
	}
	keys := make([]string, 0, len(c.Metadata))
	for k := range c.Metadata {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		if _, err := fmt.Fprintf(w, "%s: %s\n", printable(k), printable(c.Metadata[k])); err != nil {
			return errors.WithStack(err)
		}
	}
	_, err := fmt.Fprintf(w, "%s, %d tensors of %d elements in %d bytes\n", c.Format, len(c.Tensors), c.Elements, c.Bytes)
	return errors.WithStack(err)
}

func printable(s string) string {
	if q := fmt.Sprintf("%q", s); strings.Contains(q, `\`) || s == "" {
		return q
	}
	return s
}
