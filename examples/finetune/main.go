// Finetune tells ants from bees by networks that others have trained on ImageNet: as they are, with a linear classifier on top; fine-tuned; and, for
// comparison, trained from scratch.
//
//	go run ./examples/finetune
//	go run ./examples/finetune -train photos/train -validation photos/val -network torchvision/resnet18 -out pets
//	go run ./examples/finetune -choose
//
// The settings were chosen by cross-validation on the training pictures alone, which -choose does again; RESULTS.md has its tables and the results.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/zoo/finetune"
)

// options are what the flags set.
type options struct {
	train, validation string
	mirrors           string
	network, way      string
	seeds             int
	choose, short     bool
	out               string
	made              string // a folder of generated pictures
}

func main() {
	var o options
	flag.StringVar(&o.train, "train", "", "folder of pictures, one sub-folder a class (default: the ants and bees of ../shared/data)")
	flag.StringVar(&o.validation, "validation", "", "folder of pictures of the same classes, on which accuracies are measured")
	flag.StringVar(&o.mirrors, "mirrors", "", "folders with files of published weights, separated as in PATH (default: those of ../shared/data)")
	flag.StringVar(&o.network, "network", "", "a network of zoo.List (default: MobileNet v1 0.25 and SqueezeNet 1.1)")
	flag.StringVar(&o.way, "way", "", "frozen, tuned or scratch (default: all three)")
	flag.IntVar(&o.seeds, "seeds", 1, "number of trainings, of which the mean and the standard deviation are printed")
	flag.BoolVar(&o.choose, "choose", false, "choose settings by cross-validation on the training pictures; the others are not looked at")
	flag.BoolVar(&o.short, "short", false, "generated pictures, small, and few epochs, to see that it runs")
	flag.StringVar(&o.out, "out", "", "folder for the networks that were trained (default: none are saved)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "finetune:", strings.TrimPrefix(err.Error(), "finetune: ")) // as the package of that name begins, too
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("%q is not a flag; finetune -h lists them", flag.Arg(0))
	}
	o, err := o.filled()
	if err != nil {
		return err
	}
	defer o.clean()
	for _, network := range o.networks() {
		if o.choose {
			err = o.chooseSettings(ctx, network)
		} else {
			err = o.compare(ctx, network)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// compare trains a network in each way and prints what that gave.
func (o options) compare(ctx context.Context, network string) error {
	pictures, err := finetune.Folders(ctx, o.config(network, frozen))
	if err != nil {
		return err
	}
	pictures.Train, pictures.Validation = dataset.Cache(pictures.Train), dataset.Cache(pictures.Validation)
	for _, way := range o.ways(network) {
		var results summary
		for seed := range o.seeds {
			cfg := o.config(network, way)
			cfg.Seed, cfg.Data = int64(seed), pictures
			if o.out != "" && seed == 0 {
				cfg.Out = filepath.Join(o.out, strings.ReplaceAll(network, "/", "-")+"-"+way)
			}
			report, err := finetune.Run(ctx, cfg)
			if err != nil {
				return err
			}
			results.add(report)
			if seed == 0 {
				fmt.Println(report)
			}
		}
		fmt.Printf("%s, %s: %v\n\n", network, way, results)
	}
	return nil
}
