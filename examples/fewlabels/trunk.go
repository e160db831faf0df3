package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/cache"
	"github.com/plexaura/plexaura/zoo"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// feature is what stands for an image.
type feature struct {
	name, recorded string // recorded is what others measured of it, with 5 and 20 labels
	inShort        bool
	node           *gorgonia.Node
}

// trunk computes features of images.
type trunk struct {
	sess     *graph.Session
	x        *gorgonia.Node
	features []feature
}

// newTrunk builds Tiny-YOLO v2 without its classifier on images of so many pixels a side, which it sees resized to 64, and loads its weights.
// Features are the pixels and the outputs of pools, each averaged over windows of 2 x 2.
func newTrunk(ctx context.Context, pixels int, weights string) (*trunk, error) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, pixels, pixels, 1)
	grey := ops.ResizeBilinear(s, x, 64, 64, ops.ResizeConfig{HalfPixelCenters: true})
	net := zoo.Build(s.Sub("trunk"), "darknet/yolov2-tiny", ops.Concat(s, 3, grey, grey, grey), zoo.Config{
		NoTop: true, Fetch: fetch.Config{Mirrors: mirrors(weights), Progress: progress},
	})
	pooled := func(h *gorgonia.Node) *gorgonia.Node {
		return ops.Flatten(s, ops.AvgPool2D(s, h, ops.AvgPool2DConfig{}))
	}
	t := &trunk{x: x, features: []feature{
		{"pixels", ".62 / .75", true, pooled(x)},
		{"layers 0 to 1", "", false, pooled(net.Endpoint("maxpool1"))},
		{"layers 0 to 3", "", false, pooled(net.Endpoint("maxpool3"))},
		{"layers 0 to 5", "", false, pooled(net.Endpoint("maxpool5"))},
		{"layers 0 to 7", ".71 / .82", true, pooled(net.Endpoint("maxpool7"))},
		{"layers 0 to 9", "", false, pooled(net.Endpoint("maxpool9"))},
		{"layers 0 to 11", "", false, pooled(net.Endpoint("maxpool11"))},
		{"layers 0 to 13", ".67 / .77", false, pooled(net.Endpoint("conv13"))},
	}}
	var err error
	if t.sess, err = graph.NewSession(g, graph.SessionConfig{}); err != nil {
		return nil, err
	}
	if err := net.Load(ctx, t.sess); err != nil {
		t.sess.Close()
		return nil, fmt.Errorf("%w; run from a checkout of Plexaura after go mod download, or give the folder of the file as -weights", err)
	}
	return t, nil
}

func (t *trunk) close() { t.sess.Close() }

// compute computes a feature of all images, once.
func (t *trunk) compute(ctx context.Context, f feature, data *images) (pool, test *dataset.Set, err error) {
	once := func(set *dataset.Set) (*dataset.Set, error) {
		a, err := cache.Open(ctx, t.sess, cache.Config{Nodes: gorgonia.Nodes{f.node}, X: t.x, Source: set})
		if err != nil {
			return nil, err
		}
		defer a.Close()
		return a.Set()
	}
	if pool, err = once(data.pool); err == nil {
		test, err = once(data.test)
	}
	return pool, test, err
}

// mirrors are folders where the weights may lie: the one that -weights names, or that of Gorgonia's module in the module cache. Plexaura's go.mod
// requires that module, so that it is there once anything of Plexaura has been built.
func mirrors(weights string) []string {
	if weights != "" {
		return []string{weights}
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "gorgonia.org/gorgonia").Output()
	if err != nil {
		return nil
	}
	return []string{filepath.Join(strings.TrimSpace(string(dir)), "examples", "tiny-yolo-v2-coco", "model")}
}

// progress tells of a download.
func progress(name string, done, total int64) {
	if done == total {
		fmt.Printf("%s: %d bytes\n", name, total)
	}
}
