package golden

import (
	_ "embed"
	"os/exec"
	"strings"
	"testing"
)

//go:embed onnxcheck.py
var onnxCheck string

// CheckONNX runs ONNX's checker and its inference of shapes over models in files. The test is skipped where Python has no
// package onnx.
func CheckONNX(t testing.TB, models ...string) {
	t.Helper()
	if err := exec.Command("/usr/bin/python3", "-c", "import onnx.checker").Run(); err != nil {
		t.Skip("ONNX's checker is not installed (Debian: apt-get install python3-onnx)")
	}
	out, err := exec.Command("/usr/bin/python3", append([]string{"-c", onnxCheck}, models...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if line != "" {
			t.Error(line)
		}
	}
}
