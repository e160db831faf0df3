package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

//go:embed peers/ort_peer.js
var ortPeer string

// startORT starts ONNX Runtime, and lets PyTorch write the network down for it.
func startORT(folder string, t *torch) (f *fleet, model string, err error) {
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "onnxruntime-node")); err != nil {
		return nil, "", fmt.Errorf("no onnxruntime-node in %s", folder)
	}
	if t == nil {
		return nil, "", errors.New("the network is exported by PyTorch, which is missing")
	}
	f = &fleet{}
	for _, threads := range []int{1, 2} {
		p, err := startProcess(fmt.Sprintf("%d threads", threads), threads == 1, nil, "node", "-e", ortPeer, "--", folder, strconv.Itoa(threads))
		if err != nil {
			f.stop()
			return nil, "", err
		}
		f.all = append(f.all, p)
	}
	if f.about, err = f.all[0].ask("about"); err != nil {
		f.stop()
		return nil, "", err
	}
	file, err := os.CreateTemp("", "sidebyside-*.onnx")
	if err != nil {
		f.stop()
		return nil, "", err
	}
	file.Close()
	if _, err := t.shipped.all[0].ask("export", file.Name()); err != nil {
		f.stop()
		os.Remove(file.Name())
		return nil, "", fmt.Errorf("exporting the network: %w", err)
	}
	return f, file.Name(), nil
}

// rivals are ONNX Runtime's sides of a work, none where it is not installed.
func (s *suite) ortRivals(batch int, atLeast float64) []rival {
	if s.ort == nil {
		return nil
	}
	request := fmt.Sprintf("infer %s %d", s.model, batch)
	return []rival{{name: "ONNX Runtime", contenders: s.ort.contenders(request, false), atLeast: atLeast}}
}
