package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed peers/ort_peer.js
var ortPeer string

// ort is ONNX Runtime, with networks that PyTorch writes down for it.
type ort struct {
	*fleet
	torch  *torch
	models string // folder of the networks in ONNX form
}

func startORT(folder string, t *torch) (*ort, error) {
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "onnxruntime-node")); err != nil {
		return nil, fmt.Errorf("no onnxruntime-node in %s", folder)
	}
	if t == nil {
		return nil, errors.New("its networks are exported by PyTorch, which is missing")
	}
	models, err := os.MkdirTemp("", "sidebyside")
	if err != nil {
		return nil, err
	}
	o := &ort{&fleet{}, t, models}
	for _, threads := range []int{1, 2} {
		p, err := startProcess(fmt.Sprintf("%d threads", threads), threads == 1, nil, "node", "-e", ortPeer, "--", folder, strconv.Itoa(threads))
		if err != nil {
			o.stop()
			return nil, err
		}
		o.all = append(o.all, p)
	}
	if o.about, err = o.all[0].ask("about"); err != nil {
		o.stop()
		return nil, err
	}
	return o, nil
}

func (o *ort) stop() {
	o.fleet.stop()
	os.RemoveAll(o.models)
}

// model returns the path of a network, which is exported when it is first asked for.
func (o *ort) model(net string) (string, error) {
	path := filepath.Join(o.models, net+".onnx")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if _, err := o.torch.shipped.all[0].ask("export", net, path); err != nil {
		return "", fmt.Errorf("exporting %s: %w", net, err)
	}
	return path, nil
}

// rivals are ONNX Runtime's sides of an inference on an input of these sizes, none where it is not installed.
func (o *ort) rivals(net string, atLeast float64, sizes ...int) []rival {
	if o == nil {
		return nil
	}
	var contenders []contender
	for _, p := range o.all {
		contenders = append(contenders, contender{setting: p.setting, time: func(slice time.Duration) (float64, error) {
			model, err := o.model(net)
			if err != nil {
				return 0, err
			}
			return p.time(slice, fmt.Sprintf("infer %s %s", model, strings.Trim(fmt.Sprint(sizes), "[]")))
		}})
	}
	return []rival{{name: "ONNX Runtime", contenders: contenders, atLeast: atLeast}}
}
