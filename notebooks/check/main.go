// Check looks at the notebooks: whether they are sound as documents, and whether what they show is what their cells expect.
// With -execute it runs each in a fresh kernel too.
//
//	go run ./notebooks/check                          # the committed files, without Jupyter
//	go run ./notebooks/check -execute                 # runs them all, and compares
//	go run ./notebooks/check -update notebooks/03-*   # runs some, and writes what they show into the files
//
// What a cell expects of its outputs stands in its metadata:
//
//	"plexaura": {
//	  "expect": ["epoch +\\d+"],                    // regular expressions that match in the text shown, whatever the data
//	  "mime": ["image/svg+xml"],                   // types of outputs that there are
//	  "range": {"validation accuracy": [0.93, 1],  // of every number that follows the name in what is printed, or else shown; for the embedded digits
//	            "ReLU:": [[0.6, 0.7], [0.8, 0.9]]} // of a row of numbers
//	}
//
// Executed, a notebook must show outputs of the kinds that are committed, cell by cell: the same types of output with the
// same MIME types. Their values may differ.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	var o options
	flag.BoolVar(&o.execute, "execute", false, "run each notebook, and check what it shows now")
	flag.BoolVar(&o.update, "update", false, "run each notebook, and write what it shows now into its file")
	flag.StringVar(&o.kernel, "kernel", kernelName, "name of the installed kernel")
	flag.StringVar(&o.jupyter, "jupyter", "jupyter", "the program jupyter")
	flag.StringVar(&o.data, "data", "digits",
		"images that the notebooks run on: digits, mnist, fashion, or any that is found; ranges are checked for digits")
	flag.DurationVar(&o.timeout, "timeout", 3*time.Minute, "how long a notebook may take")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: check [flags] [NOTEBOOK.ipynb...]")
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}

// options are what the flags set.
type options struct {
	execute, update       bool
	kernel, jupyter, data string
	timeout               time.Duration
}

// run checks the given files; all notebooks, seen from the repository's root, where none are given.
func run(ctx context.Context, o options, files []string) (err error) {
	switch o.data {
	case "digits", "mnist", "fashion", "any":
	default:
		return fmt.Errorf("-data %q is not known; choose digits, mnist, fashion or any", o.data)
	}
	if o.update && o.data != "digits" {
		return fmt.Errorf("-update with -data %s: committed notebooks show the digits, which everybody has", o.data)
	}
	if len(files) == 0 {
		if files, err = filepath.Glob(filepath.Join("notebooks", "*.ipynb")); err != nil || len(files) == 0 {
			return errors.New("no notebooks/*.ipynb here: run it in the repository's root, or name the files")
		}
	}
	bad := 0
	for _, file := range files {
		start := time.Now()
		problems, err := check(ctx, o, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		fmt.Printf("%-50s %s\n", file, verdict(problems, o, time.Since(start)))
		for _, p := range problems {
			fmt.Println("   ", strings.ReplaceAll(p, "\n", "\n    "))
		}
		if len(problems) > 0 {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d notebooks are not sound", bad, len(files))
	}
	return nil
}

func verdict(problems []string, o options, took time.Duration) string {
	out := "sound"
	switch len(problems) {
	case 0:
	case 1:
		out = "1 problem"
	default:
		out = fmt.Sprintf("%d problems", len(problems))
	}
	if o.execute || o.update {
		out += fmt.Sprintf(" (%.1f s)", took.Seconds())
	}
	return out
}

// check says what is wrong with a notebook. An error is one of the machine or of a file that is no notebook.
func check(ctx context.Context, o options, file string) (problems []string, err error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if !o.execute && !o.update {
		return checkCommitted(file, raw)
	}
	images := o.data
	if images == "any" {
		images = ""
	}
	fresh, err := executor{jupyter: o.jupyter, kernel: o.kernel, images: images, timeout: o.timeout}.run(ctx, file)
	if err != nil {
		return nil, err
	}
	if fresh, err = clean(fresh); err != nil {
		return nil, err
	}
	if o.update {
		if err := os.WriteFile(file, fresh, 0o666); err != nil {
			return nil, err
		}
		return checkCommitted(file, fresh)
	}
	if problems, err = checkCommitted(file, raw); err != nil {
		return nil, err
	}
	committed, err := parse(raw)
	if err != nil {
		return nil, err
	}
	executed, err := parse(fresh)
	if err != nil {
		return nil, err
	}
	for _, p := range append(executed.executed(o.data == "digits"), stale(committed, executed)...) {
		problems = append(problems, "executed: "+p)
	}
	return problems, nil
}

// checkCommitted says what is wrong with a notebook as it is, or would be, in the repository. Its outputs are those of
// the digits.
func checkCommitted(file string, raw []byte) ([]string, error) {
	n, err := parse(raw)
	if err != nil {
		return nil, err
	}
	problems := append(n.structural(file), n.committed(len(raw))...)
	return append(problems, n.executed(true)...), nil
}
