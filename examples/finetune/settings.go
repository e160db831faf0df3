package main

import (
	"fmt"
	"path/filepath"

	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/zoo"
	"github.com/plexaura/plexaura/zoo/fetch"
	"github.com/plexaura/plexaura/zoo/finetune"
)

// The networks whose weights ../shared/data has.
const (
	mobileNet  = "tfjs/mobilenet_v1_0.25_224"
	squeezeNet = "keras/squeezenet_v1.1_notop"
)

// The ways to train.
const (
	frozen  = "frozen"  // a linear classifier on the features of the published network
	tuned   = "tuned"   // then the layers above settings.frozen as well, at a lower rate
	scratch = "scratch" // all layers, from initial values
)

// settings are those that -choose found best, as RESULTS.md tells; those of scratch were set beforehand. Each training goes on to its last epoch.
var settings = map[string]map[string]finetune.Config{
	mobileNet: {
		frozen:  {HeadOnly: true, Head: finetune.Phase{Epochs: 60}, L2: 1},
		tuned:   {Head: finetune.Phase{Epochs: 60}, L2: 1, Frozen: "conv_pw_11_relu", Tune: finetune.Phase{Epochs: 10, Rate: 1e-4}},
		scratch: {FromScratch: true, BatchSize: 8, Tune: finetune.Phase{Epochs: 20, Rate: 1e-3}},
	},
	squeezeNet: {
		frozen:  {HeadOnly: true, Head: finetune.Phase{Epochs: 120}, L2: 0.1},
		tuned:   {Head: finetune.Phase{Epochs: 120}, L2: 0.1, Frozen: "fire8/concat", Tune: finetune.Phase{Epochs: 10, Rate: 1e-5}},
		scratch: {FromScratch: true, BatchSize: 8, Tune: finetune.Phase{Epochs: 20, Rate: 1e-4}},
	},
}

// flips are the same picture seen from the other side; more would not be ants or bees as they are photographed.
var flips = image.AugmentConfig{FlipHorizontal: true}

// config is how a network is trained in a way.
func (o options) config(network, way string) finetune.Config {
	cfg, known := settings[network][way]
	switch {
	case known:
	case way == frozen:
		cfg = finetune.Config{HeadOnly: true}
	case way == scratch:
		cfg = finetune.Config{FromScratch: true, BatchSize: 8, Tune: finetune.Phase{Epochs: 20, Rate: 1e-3}}
	}
	cfg.Network, cfg.Train, cfg.Validation, cfg.KeepLast = network, o.train, o.validation, true
	cfg.Fetch = fetch.Config{Mirrors: filepath.SplitList(o.mirrors)}
	if way == scratch {
		cfg.Augment = flips
	}
	if o.short {
		cfg.Height, cfg.Width, cfg.Head.Epochs, cfg.Tune.Epochs = 64, 64, 5, 2
	}
	return cfg
}

// networks are those that are trained.
func (o options) networks() []string {
	if o.network != "" {
		return []string{o.network}
	}
	return []string{mobileNet, squeezeNet}
}

// ways are those in which a network is trained.
func (o options) ways(network string) []string {
	if o.way != "" {
		return []string{o.way}
	}
	if o.short && !o.published(network) {
		fmt.Printf("the weights of %s are not here, so it is trained from scratch only\n", network)
		return []string{scratch}
	}
	return []string{frozen, tuned, scratch}
}

// published tells whether the weights of a network are on this machine.
func (o options) published(network string) bool {
	entry, err := zoo.Describe(network)
	if err != nil {
		return false
	}
	for _, dir := range filepath.SplitList(o.mirrors) {
		if exists(filepath.Join(dir, entry.Files[0].Name)) {
			return true
		}
	}
	return false
}
