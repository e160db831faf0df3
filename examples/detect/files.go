package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// published are the networks in Gorgonia's module, less the ends of their names, .cfg and .weights.
var published = map[string]string{
	"v2": "tiny-yolo-v2-coco/model/yolov2-tiny",
	"v3": "tiny-yolo-v3-coco/data/yolov3-tiny",
}

// filled puts the module's files where the flags name none.
func (o options) filled() (options, error) {
	if !(o.threshold >= 0 && o.threshold <= 1 && o.overlap >= 0 && o.overlap <= 1) {
		return o, fmt.Errorf("-threshold is %v and -overlap %v; want shares from 0 to 1", o.threshold, o.overlap)
	}
	base, ok := published[o.model]
	if !ok {
		return o, fmt.Errorf("-model is %q; want v2 or v3", o.model)
	}
	if (o.cfg == "") != (o.weights == "") {
		return o, fmt.Errorf("-cfg and -weights belong together; want both or none")
	}
	if o.cfg != "" && o.picture != "" {
		return o, nil
	}
	examples, err := moduleExamples()
	if err != nil {
		return o, err
	}
	if o.cfg == "" {
		o.cfg = filepath.Join(examples, filepath.FromSlash(base+".cfg"))
		o.weights = filepath.Join(examples, filepath.FromSlash(base+".weights"))
	}
	if o.picture == "" {
		o.picture = filepath.Join(examples, "tiny-yolo-v2-coco", "data", "dog_416x416.jpg")
	}
	return o, nil
}

// moduleExamples is the folder of Gorgonia's examples in the module cache. Plexaura's go.mod requires that module, so that it is
// there once anything of Plexaura has been built.
func moduleExamples() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "gorgonia.org/gorgonia").Output()
	module := strings.TrimSpace(string(out))
	dir := filepath.Join(module, "examples")
	switch {
	case err != nil:
	case module == "":
		err = errors.New("it is not in the module cache")
	default:
		_, err = os.Stat(dir)
	}
	if err != nil {
		return "", fmt.Errorf("gorgonia.org/gorgonia, whose module has the networks, is not found (%v); run from a checkout of Plexaura after go mod download, "+
			"or give -cfg, -weights and a picture", err)
	}
	return dir, nil
}
