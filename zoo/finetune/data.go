package finetune

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
)

// Data are pictures as the network takes them, float32 [height, width, channels], and their class ids. Folders and Arrays make some; your own want
// Labels (dataset.Labelled) and, for Config.Cache, a Fingerprint (dataset.Fingerprinted).
type Data struct {
	Train, Validation, Test dataset.Source // Test may be nil
	Classes                 []string       // names of the class ids
	Skipped                 []image.BadFile
}

// Folders lists the pictures of cfg.Train, Validation and Test, which become what the input of cfg.Network was trained with, and reads each once to see
// that it can be. Classes are the sub-folders of Train, by name.
//
// A class without pictures, one that is missing in a folder or is there only, and files that cannot be read (but for SkipUnreadable) are errors that
// name them.
func Folders(ctx context.Context, cfg Config) (*Data, error) {
	cfg, entry, err := cfg.filled()
	if err == nil && cfg.Train == "" {
		err = errors.New("Train is empty; want a folder of pictures with a sub-folder for each class, or Data")
	}
	var d *Data
	if err == nil {
		d, err = cfg.folders(ctx, cfg.input(entry))
	}
	return d, errors.WithMessage(err, "finetune: Folders")
}

func (c Config) folders(ctx context.Context, in image.Config) (*Data, error) {
	d := &Data{}
	for _, part := range []struct {
		dir string
		to  *dataset.Source
	}{{c.Train, &d.Train}, {c.Validation, &d.Validation}, {c.Test, &d.Test}} {
		if part.dir == "" {
			continue
		}
		folder, err := image.Folder(part.dir, image.FolderConfig{Image: in})
		if err != nil {
			return nil, err
		}
		if d.Classes == nil {
			d.Classes = folder.Classes
		}
		if err := sameClasses(c.Train, d.Classes, part.dir, folder.Classes); err != nil {
			return nil, err
		}
		if *part.to, err = c.readable(ctx, folder, d); err != nil {
			return nil, err
		}
	}
	return c.held(d)
}

// sameClasses compares the sub-folders of two folders.
func sameClasses(train string, classes []string, dir string, came []string) error {
	for _, class := range classes {
		if !slices.Contains(came, class) {
			return errors.Errorf("%s has the class %q, %s has no sub-folder of that name; it has %s", train, class, dir, strings.Join(came, ", "))
		}
	}
	for _, class := range came {
		if !slices.Contains(classes, class) {
			return errors.Errorf("%s has the class %q, which %s, where the network learns them, has not", dir, class, train)
		}
	}
	return nil
}

// readable is the pictures of a folder that can be read.
func (c Config) readable(ctx context.Context, folder *image.FileSource, d *Data) (dataset.Source, error) {
	bad, err := folder.Verify(ctx)
	if err != nil || len(bad) == 0 {
		return folder, err
	}
	if !c.SkipUnreadable {
		return nil, errors.Errorf("%s cannot be read, the first: %v; mend or remove them, or set SkipUnreadable", count(len(bad), "picture"), bad[0].Err)
	}
	d.Skipped = append(d.Skipped, bad...)
	var good []int
	for i := range folder.Len() {
		if !slices.ContainsFunc(bad, func(b image.BadFile) bool { return b.Index == i }) {
			good = append(good, i)
		}
	}
	if len(good) == 0 {
		return nil, errors.Errorf("no picture can be read, the first: %v", bad[0].Err)
	}
	return dataset.Subset(folder, good)
}

// held holds pictures out where there are none for validation, and checks the data.
func (c Config) held(d *Data) (*Data, error) {
	if d.Validation == nil {
		var err error
		if d.Train, d.Validation, err = dataset.Split(d.Train, dataset.SplitConfig{Fraction: c.Held, Stratified: true, Seed: c.Seed}); err != nil {
			return nil, errors.WithMessage(err, "the pictures held out for validation")
		}
	}
	return d, d.check()
}

// Arrays makes pictures in memory, such as those of dataset.FashionMNIST with values 0..1, into what the input of cfg.Network was trained with, as
// image.Prepare does: [28, 28] grey becomes [224, 224, 3]. validation and test may be nil, for Held of train and none.
//
// Classes are those that train names, else the numbers of its labels.
func Arrays(cfg Config, train, validation, test *dataset.Set) (*Data, error) {
	cfg, entry, err := cfg.filled()
	if err == nil && train == nil {
		err = errors.New("train is nil; want a set of pictures")
	}
	if err != nil {
		return nil, errors.WithMessage(err, "finetune: Arrays")
	}
	d := &Data{Classes: train.Classes}
	if d.Classes == nil {
		counts, err := train.ClassCounts()
		if err != nil {
			return nil, errors.WithMessage(err, "finetune: Arrays")
		}
		for i := range counts {
			d.Classes = append(d.Classes, fmt.Sprint(i))
		}
	}
	in := cfg.input(entry)
	for _, part := range []struct {
		set *dataset.Set
		to  *dataset.Source
	}{{train, &d.Train}, {validation, &d.Validation}, {test, &d.Test}} {
		if part.set != nil {
			*part.to = &arrays{part.set, in, image.Prepare(in)}
		}
	}
	d, err = cfg.held(d)
	return d, errors.WithMessage(err, "finetune: Arrays")
}

// arrays are the examples of a set, prepared.
type arrays struct {
	*dataset.Set
	input   image.Config
	prepare dataset.Transform
}

func (a *arrays) Read(e *dataset.Example) error {
	if err := a.Set.Read(e); err != nil {
		return err
	}
	return a.prepare(e)
}

// Fingerprint writes the set's and what is done to it.
func (a *arrays) Fingerprint(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "prepared %+v\n", a.input); err != nil {
		return err
	}
	return a.Set.Fingerprint(w)
}

// parts are the data by name, those that there are.
func (d *Data) parts() []part {
	all := []part{{"Train", d.Train}, {"Validation", d.Validation}, {"Test", d.Test}}
	if d.Test == nil {
		all = all[:2]
	}
	return all
}

type part struct {
	name   string
	source dataset.Source
}

// check returns an error unless each part has examples of each class and no others.
func (d *Data) check() error {
	if len(d.Classes) < 2 {
		return errors.Errorf("there is %s, %q; want two or more to tell apart", count(len(d.Classes), "class"), d.Classes)
	}
	for _, p := range d.parts() {
		if p.source == nil {
			return errors.Errorf("Data.%s is nil; want pictures", p.name)
		}
		counts, err := p.counts(len(d.Classes))
		if err != nil {
			return err
		}
		for class, n := range counts {
			if n == 0 {
				return errors.Errorf("class %q has no pictures that can be read in Data.%s; want one or more of each class", d.Classes[class], p.name)
			}
		}
	}
	return nil
}

// counts is how many examples a part has of each class.
func (p part) counts(classes int) ([]int, error) {
	labelled, ok := p.source.(dataset.Labelled)
	var labels []int64
	if ok {
		labels = labelled.Labels()
	}
	if labels == nil {
		return nil, errors.Errorf("Data.%s, a %T, has no labels; want those of a dataset.Labelled", p.name, p.source)
	}
	counts := make([]int, classes)
	for i, l := range labels {
		if l < 0 || l >= int64(classes) {
			return nil, errors.Errorf("Data.%s: example %d has the label %d; want 0 to %d", p.name, i, l, classes-1)
		}
		counts[l]++
	}
	return counts, nil
}

// inMemory keeps pictures that are read again and again, if they are not too many.
func inMemory(src dataset.Source, pixels int) dataset.Source {
	const most = 1 << 27 // values: 512 MiB
	if _, set := src.(*dataset.Set); set || src.Len() > most/max(pixels, 1) {
		return src
	}
	return dataset.Cache(src)
}

// checkShape returns an error unless the pictures have a shape; it reads one.
func (p part) checkShape(shape []int) error {
	var e dataset.Example
	if err := p.source.Read(&e); err != nil {
		return errors.WithMessagef(err, "Data.%s", p.name)
	}
	if !slices.Equal(e.Shape, shape) {
		return errors.Errorf("Data.%s has pictures of %v; want %v, as Folders and Arrays make them", p.name, e.Shape, shape)
	}
	return nil
}

// count is as in "1 picture" and "2 pictures".
func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "s"):
		return fmt.Sprintf("%d %ses", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
