package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"

	"github.com/plexaura/plexaura/internal/bench"
)

// memorySteps are enough for a garbage collector to have come to rest.
const memorySteps = 200

// memory is the resident memory of a process that does nothing but train.
func (s *suite) memory() []measurement {
	return []measurement{{"peak resident memory, BN + ELU, batch 1000", func() ([]row, error) { return s.peakMemory(1000) }}}
}

// resident is a process's memory in bytes: before it built the network, with its
// imports done, and at most.
type resident struct{ before, peak float64 }

func (s *suite) peakMemory(batch int) ([]row, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := exec.Command(self, "-memory", strconv.Itoa(batch)).Output()
	if err != nil {
		return nil, err
	}
	var ours, theirs resident
	if _, err := fmt.Sscan(string(text), &ours.before, &ours.peak); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("peak resident memory, training step, BN + ELU, batch %d", batch)
	rows := []row{
		{work: name + ": the process", ours: megabytes(ours.peak)},
		{work: name + ": above its imports", ours: megabytes(ours.peak - ours.before)},
	}
	if s.torch == nil {
		return rows, nil
	}
	setting, err := s.torch.leastMemory(batch, &theirs)
	if err != nil {
		return nil, err
	}
	compare := func(r *row, ours, theirs float64) {
		r.peer, r.theirs, r.ratio = "PyTorch ("+setting+")", megabytes(theirs), fmt.Sprintf("%.2f", theirs/ours)
		r.target, r.verdict = "≥ 1", verdict(theirs >= ours)
	}
	compare(&rows[0], ours.peak, theirs.peak)
	compare(&rows[1], ours.peak-ours.before, theirs.peak-theirs.before)
	return rows, nil
}

func megabytes(bytes float64) string { return threeDigits(bytes/1e6) + " MB" }

// leastMemory starts PyTorch for each of its settings, with glibc's memory
// settings as they come and as they are fast, and returns the least it needs.
func (t *torch) leastMemory(batch int, least *resident) (setting string, err error) {
	for _, n := range torchThreads {
		for _, fast := range []bool{false, true} {
			env := torchEnv(n.omp, n.blas, "")
			name := fmt.Sprintf("OMP %d, BLAS %d", n.omp, n.blas)
			if !fast {
				name += ", malloc as it comes"
				for _, key := range []string{"MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_"} {
					env[key] = ""
				}
			}
			p, err := startProcess(name, false, env, t.python, "-u", "-c", torchPeer)
			if err != nil {
				return "", err
			}
			text, err := p.ask("memory", "step", "bn-elu", strconv.Itoa(batch), strconv.Itoa(memorySteps))
			p.stop()
			if err != nil {
				return "", err
			}
			var r resident
			if _, err := fmt.Sscan(text, &r.before, &r.peak); err != nil {
				return "", err
			}
			if setting == "" || r.peak < least.peak {
				setting, *least = name, r
			}
		}
	}
	return setting, nil
}

// printMemory trains, and prints what this process had resident before, and at
// most: the other end of peakMemory.
func printMemory(batch int) error {
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the peak counts from here; where it is refused, from the start
	before, err := status("VmRSS")
	if err != nil {
		return err
	}
	step, end, err := trainingStep(bench.MLPConfig{BatchNorm: true}, batch)
	if err != nil {
		return err
	}
	defer end()
	for range memorySteps {
		if err := step(); err != nil {
			return err
		}
	}
	peak, err := status("VmHWM")
	if err != nil {
		return err
	}
	_, err = fmt.Println(before, peak)
	return err
}

// status is a figure of /proc/self/status, in bytes.
func status(name string) (int, error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("resident memory is known on Linux only: %w", err)
	}
	for _, line := range bytes.Split(text, []byte("\n")) {
		if value, found := bytes.CutPrefix(line, []byte(name+":")); found {
			var kilobytes int
			_, err := fmt.Sscan(string(value), &kilobytes)
			return kilobytes * 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/self/status has no %s", name)
}
