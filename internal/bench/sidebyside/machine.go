package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/plexaura/plexaura/internal/kernel"
)

// machine describes what the figures hold for.
func machine(t *torch, ort *ort) []string {
	lines := []string{
		fmt.Sprintf("%s, %d cores, %s/%s, %s, our kernels on %v", processor(), runtime.GOMAXPROCS(0), runtime.GOOS, runtime.GOARCH, runtime.Version(), kernel.Active()),
	}
	if t != nil {
		lines = append(lines, fmt.Sprintf("PyTorch %s; its 1024³ product on one core: %.0f GFLOP/s", t.shipped.about, t.gflops))
	}
	if ort != nil {
		lines = append(lines, "ONNX Runtime "+ort.about)
	}
	return lines
}

// processor is the name that Linux knows, with its family and model, for a
// virtual machine may name it by another one.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	first, _, _ := strings.Cut(string(text), "\n\n")
	field := map[string]string{}
	for _, line := range strings.Split(first, "\n") {
		key, value, _ := strings.Cut(line, ":")
		field[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	if field["model name"] == "" {
		return "unknown processor"
	}
	return fmt.Sprintf("%s (family %s, model %s)", field["model name"], field["cpu family"], field["model"])
}
