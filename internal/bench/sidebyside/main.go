// Sidebyside times Plexaura beside what a user would pick instead and prints one
// table of ratios, with the machine that they hold for. From the repository:
//
//	go run ./internal/bench/sidebyside [-run REGEXP] [-rounds 5] [-slice 150ms] [-ort FOLDER]
//
// The peers are PyTorch and ONNX Runtime, as child processes that wait on a pipe
// while they are not asked, and Gorgonia's TapeMachine, in this process. A peer that
// is not installed is named and left out. The README of internal/bench says what to
// install, how PyTorch is tuned, and how to read the table.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"time"
)

func main() {
	var (
		run    = flag.String("run", "", "only work whose name matches this regular expression")
		rounds = flag.Int("rounds", 5, "how often each side is measured")
		slice  = flag.Duration("slice", 150*time.Millisecond, "how long each measurement takes")
		python = flag.String("python", "", "Python that has torch; default: the first of python3 and /usr/bin/python3 that has")
		ort    = flag.String("ort", ".", "folder in which onnxruntime-node was installed by npm")
		memory = flag.Int("memory", 0, "train with batches of this size, print this process's resident memory, and end")
	)
	flag.Parse()
	err := func() error {
		if *memory > 0 {
			return printMemory(*memory)
		}
		only, err := regexp.Compile(*run)
		if err != nil {
			return err
		}
		s := &suite{only: only, rounds: max(1, *rounds), slice: *slice}
		return s.run(*python, *ort)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sidebyside:", err)
		os.Exit(1)
	}
}

// suite is one run of the program.
type suite struct {
	only   *regexp.Regexp
	rounds int
	slice  time.Duration
	torch  *torch
	ort    *ort
	table  table
}

func (s *suite) run(python, ortFolder string) error {
	var missing []string
	var err error
	if s.torch, err = startTorch(python); err != nil {
		missing = append(missing, "PyTorch is left out: "+err.Error())
	} else {
		defer s.torch.stop()
	}
	if s.ort, err = startORT(ortFolder, s.torch); err != nil {
		missing = append(missing, "ONNX Runtime is left out: "+err.Error())
	} else {
		defer s.ort.stop()
	}
	failed := s.measure() // what was measured before is printed nevertheless: it took minutes
	for _, line := range append(machine(s.torch, s.ort), missing...) {
		fmt.Println("-", line)
	}
	fmt.Printf("- medians of %d interleaved rounds of %v a side\n\n", s.rounds, s.slice)
	return errors.Join(s.table.write(os.Stdout), failed)
}

// measure fills the table with what is asked for, up to the first that fails.
func (s *suite) measure() error {
	for _, work := range s.works() {
		err := s.add(work.name, func() ([]row, error) { return work.compare(s.rounds, s.slice) })
		if err != nil {
			return err
		}
	}
	for _, m := range s.measurements() {
		if err := s.add(m.name, m.measure); err != nil {
			return err
		}
	}
	return nil
}

// add adds the rows of a measurement if it is asked for.
func (s *suite) add(name string, measure func() ([]row, error)) error {
	if !s.only.MatchString(name) {
		return nil
	}
	fmt.Fprintln(os.Stderr, name)
	rows, err := measure()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s.table = append(s.table, rows...)
	return nil
}

// works is all that is compared, in the order of the table.
func (s *suite) works() []*work {
	var all []*work
	for _, group := range [][]*work{
		s.training(), s.convTraining(), s.inference(), s.convInference(), s.products(), s.functions(), s.batchNorm(), s.convOps(), s.adam(), s.rbm(),
	} {
		all = append(all, group...)
	}
	return all
}

// measurement is a figure that is not a comparison of times.
type measurement struct {
	name    string
	measure func() ([]row, error)
}

func (s *suite) measurements() []measurement {
	return append(s.overheads(), s.memory()...)
}
