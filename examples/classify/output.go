package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/plexaura/plexaura/zoo"
)

// write writes what was seen as a table, if there is a folder for it.
func (o options) write(seen []sight) error {
	if o.out == "" {
		return nil
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(o.out, "classes.csv"))
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	w.Write([]string{"photo", "rank", "class", "label", "probability"})
	for _, s := range seen {
		for i, g := range s.guesses {
			w.Write([]string{s.photo, fmt.Sprint(i + 1), fmt.Sprint(g.Class), g.Label, fmt.Sprintf("%.6f", g.Probability)})
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// list prints the networks that classify.
func list() error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, name := range zoo.List() {
		entry, err := zoo.Describe(name)
		if err != nil {
			return err
		}
		if !classifies(entry) {
			continue
		}
		network, scores := entry.Architecture, "no accuracy published"
		if network == "" {
			network = "the one in the file"
		}
		if len(entry.Scores) > 0 {
			scores = entry.Scores[0].String()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, network, scores)
	}
	return w.Flush()
}
