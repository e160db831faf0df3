package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// executor runs notebooks by jupyter nbconvert.
type executor struct {
	jupyter string        // the program
	kernel  string        // name of an installed kernel
	images  string        // PLEXAURA_IMAGES of the kernel; "" leaves the choice to what is found
	timeout time.Duration // of a notebook
}

// run executes a notebook from top to bottom in a fresh kernel and a folder of its own, and returns the file that
// Jupyter writes. A cell that fails does not end it: its error is among the outputs.
func (e executor) run(ctx context.Context, path string) ([]byte, error) {
	program, err := exec.LookPath(e.jupyter)
	if err != nil {
		return nil, fmt.Errorf("no %s on this machine (%w); install it: apt-get install jupyter-nbconvert python3-nbclient, "+
			"or pip install nbconvert nbclient", e.jupyter, err)
	}
	dir, err := os.MkdirTemp("", "notebook")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(path)
	if err := os.WriteFile(filepath.Join(dir, name), source, 0o666); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "nbconvert", "--to", "notebook", "--execute", "--allow-errors",
		"--ExecutePreprocessor.kernel_name="+e.kernel, fmt.Sprintf("--ExecutePreprocessor.timeout=%d", int(e.timeout.Seconds())),
		"--output", "executed.ipynb", name)
	cmd.Dir = dir
	// Interrupted, Jupyter ends the kernel; killed, it would leave it behind.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	cmd.Env = append(os.Environ(), "PLEXAURA_IMAGES="+e.images)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Run(); err != nil {
		return nil, e.explain(ctx, err, log.String())
	}
	return os.ReadFile(filepath.Join(dir, "executed.ipynb"))
}

// explain says why Jupyter failed.
func (e executor) explain(ctx context.Context, err error, log string) error {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	end := strings.Join(lines[max(0, len(lines)-15):], "\n")
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded), strings.Contains(log, "CellTimeoutError"):
		return fmt.Errorf("it took more than %v (-timeout)", e.timeout)
	case ctx.Err() != nil:
		return ctx.Err()
	case strings.Contains(log, "NoSuchKernel"):
		return fmt.Errorf("no kernel %q is installed for %s; install it: go run ./notebooks/kernel/install -name %s", e.kernel, e.jupyter, e.kernel)
	case strings.Contains(log, "DeadKernelError"):
		return fmt.Errorf("the kernel died, as it does when a goroutine of a cell panics:\n%s", end)
	}
	return fmt.Errorf("jupyter nbconvert: %w:\n%s", err, end)
}
