package golden

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"testing"

	"gorgonia.org/tensor"
)

//go:embed onnxruntime.js
var onnxRuntime string

// ONNXRuntime is a process of Node.js that runs models by ONNX Runtime.
type ONNXRuntime struct {
	in  io.WriteCloser
	out *bufio.Reader
}

// StartONNXRuntime starts it; the test is skipped where Node.js does not find onnxruntime-node, which `npm install
// --ignore-scripts onnxruntime-node` puts into a folder's node_modules, for NODE_PATH to name. It ends with the test.
func StartONNXRuntime(t testing.TB) *ONNXRuntime {
	t.Helper()
	if err := FindONNXRuntime(); err != nil {
		t.Skip(err)
	}
	cmd := exec.Command("node", "-e", onnxRuntime)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var messages bytes.Buffer
	cmd.Stderr = &messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("node: %v\n%s", err, messages.String())
		}
	})
	return &ONNXRuntime{in, bufio.NewReaderSize(out, 1<<20)}
}

// FindONNXRuntime returns an error where StartONNXRuntime skips.
func FindONNXRuntime() error {
	out, err := exec.Command("node", "-e", "require('onnxruntime-node')").CombinedOutput()
	if err != nil {
		first, _, _ := bytes.Cut(bytes.TrimSpace(out), []byte("\n"))
		return fmt.Errorf("no onnxruntime-node in Node.js (%v %s): npm install --ignore-scripts onnxruntime-node, and set NODE_PATH to its node_modules", err, first)
	}
	return nil
}

// exchanged is a tensor on its way.
type exchanged struct {
	Type string `json:"type"`
	Dims []int  `json:"dims"`
	Data []byte `json:"data"`
}

// Run runs a model in a file and returns its outputs by name. int is fed as int64.
func (r *ONNXRuntime) Run(model string, inputs map[string]*tensor.Dense) (map[string]*tensor.Dense, error) {
	request := struct {
		Model  string               `json:"model"`
		Inputs map[string]exchanged `json:"inputs"`
	}{model, map[string]exchanged{}}
	for name, x := range inputs {
		kind, data, err := bytesOf(x)
		if err != nil {
			return nil, err
		}
		request.Inputs[name] = exchanged{kind, append([]int{}, x.Shape()...), data}
	}
	line, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	if _, err := r.in.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	answer, err := r.out.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var got struct {
		Outputs map[string]exchanged `json:"outputs"`
		Error   string               `json:"error"`
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, err
	}
	if got.Error != "" {
		return nil, errors.New(got.Error)
	}
	outputs := map[string]*tensor.Dense{}
	for name, t := range got.Outputs {
		if outputs[name], err = t.tensor(); err != nil {
			return nil, err
		}
	}
	return outputs, nil
}
