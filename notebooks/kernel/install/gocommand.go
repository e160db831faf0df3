package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// noVCS keeps the go command from asking git about the clone, which git refuses where that is another user's.
const noVCS = "-buildvcs=false"

// goCommand runs the go command in the kernel's module and returns what it prints. Its modules are those of the
// build's own go.mod.
func (b *builder) goCommand(args ...string) (string, error) {
	switch args[0] {
	case "build", "list", "run":
		args = append([]string{args[0], "-modfile", b.path("go.mod"), "-mod=mod", noVCS}, args[1:]...)
	case "mod":
		args = append([]string{args[0], args[1], "-modfile", b.path("go.mod")}, args[2:]...)
	}
	return b.goIn(b.module, args...)
}

// goIn runs the go command in a folder, with its temporary files, which it leaves where an interrupt comes at the wrong
// moment, among those of the build.
func (b *builder) goIn(dir string, args ...string) (string, error) {
	return runGo(b.ctx, dir, []string{"GOTMPDIR=" + b.folder}, args...)
}

// runGo runs the go command in a folder, with more of an environment. An error has what it says.
func runGo(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = dir
	command.Env = append(append(os.Environ(), "GOWORK=off"), env...)
	command.Cancel = func() error { return interrupt(command.Process) }
	command.WaitDelay = cleanUp
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return "", errors.New("interrupted")
		}
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, strings.TrimSpace(said.String()))
	}
	return out.String(), nil
}

// cleanUp is how long an interrupted go command has to remove its temporary folder, which it would leave if it was killed.
const cleanUp = 10 * time.Second

// interrupt tells a program to end.
func interrupt(p *os.Process) error {
	if runtime.GOOS == "windows" { // has no such signal
		return p.Kill()
	}
	return p.Signal(os.Interrupt)
}

// findGo returns the version of the go command, as it is in the clone.
func findGo(ctx context.Context, root string) (string, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return "", errors.New("the go command was not found, and the kernel is built with it; get it at https://go.dev/dl and " +
			"put its folder bin on the PATH")
	}
	version, err := runGo(ctx, root, nil, "version")
	return strings.TrimSpace(version), err
}

// commit describes the clone's commit; "" where git does not know.
func commit(ctx context.Context, root string) string {
	git := func(args ...string) string {
		out, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	hash := git("rev-parse", "--short=12", "HEAD")
	if hash != "" && git("status", "--porcelain") != "" {
		hash += "+"
	}
	return hash
}
