package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// process is a peer under one setting: a child that answers a line with a line
// and waits on its standard input in between.
type process struct {
	setting string
	oneCore bool // it has one thread
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// startProcess starts a peer with env in place of what the environment has
// under the same names; an empty value unsets.
func startProcess(setting string, oneCore bool, env map[string]string, name string, args ...string) (*process, error) {
	cmd := exec.Command(name, args...)
	for _, kv := range os.Environ() {
		if key, _, _ := strings.Cut(kv, "="); !has(env, key) {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	for key, value := range env {
		if value != "" {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
	}
	var said strings.Builder // shown when it fails to start
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{setting: setting, oneCore: oneCore, cmd: cmd, in: in, out: bufio.NewReader(out)}
	if _, err := p.ask("about"); err != nil {
		p.stop()
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		return nil, fmt.Errorf("%s does not start: %s", name, lines[len(lines)-1])
	}
	return p, nil
}

func has(m map[string]string, key string) bool { _, ok := m[key]; return ok }

// ask sends a request and returns the answer.
func (p *process) ask(request ...string) (string, error) {
	if _, err := fmt.Fprintln(p.in, strings.Join(request, " ")); err != nil {
		return "", err
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimSpace(line)
	if text, failed := strings.CutPrefix(line, "error: "); failed {
		return "", errors.New(text)
	}
	return line, nil
}

// time asks for the median time of one call of a work, in seconds, and waits
// until the process sleeps again.
func (p *process) time(slice time.Duration, work string) (float64, error) {
	answer, err := p.ask("time", strconv.FormatFloat(slice.Seconds(), 'g', -1, 64), work)
	if err != nil {
		return 0, err
	}
	quiet(p.cmd.Process.Pid)
	return strconv.ParseFloat(answer, 64)
}

// forget has the process give back the memory of the work that it timed last.
func (p *process) forget() error {
	_, err := p.ask("forget")
	return err
}

func (p *process) stop() {
	p.in.Close()
	p.cmd.Wait()
}

// fleet is a peer's processes, one for each setting that is tried.
type fleet struct {
	about string
	all   []*process
}

func (f *fleet) stop() {
	for _, p := range f.all {
		p.stop()
	}
}

// contenders are the settings of a fleet for a work; with oneCore those of one
// thread.
func (f *fleet) contenders(request string, oneCore bool) []contender {
	var out []contender
	if f == nil {
		return nil
	}
	for _, p := range f.all {
		if p.oneCore || !oneCore {
			out = append(out, contender{
				setting: p.setting,
				time:    func(slice time.Duration) (float64, error) { return p.time(slice, request) },
				forget:  p.forget,
			})
		}
	}
	return out
}
