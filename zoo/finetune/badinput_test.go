package finetune_test

import (
	"context"
	"fmt"
	stdimage "image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/zoo/fetch"
	"github.com/plexaura/plexaura/zoo/finetune"
)

// folders draws so many pictures of one colour for each folder.
func folders(t *testing.T, counts map[string]int) string {
	t.Helper()
	dir := t.TempDir()
	for name, n := range counts {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			m := stdimage.NewGray(stdimage.Rect(0, 0, 20, 18))
			shade := uint8(20 + 5*i)
			if strings.HasSuffix(name, "light") {
				shade += 120
			}
			for k := range m.Pix {
				m.Pix[k] = shade
			}
			m.SetGray(i, i, color.Gray{Y: 255})
			f, err := os.Create(filepath.Join(dir, filepath.FromSlash(name), fmt.Sprint(i, ".png")))
			if err == nil {
				err = png.Encode(f, m)
			}
			if err == nil {
				err = f.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("got no error; want %q", parts)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got %v; want %q", err, part)
		}
	}
}

func TestBadFolders(t *testing.T) {
	good := folders(t, map[string]int{"train/dark": 4, "train/light": 4, "val/dark": 1, "val/light": 1})
	run := func(cfg finetune.Config) error {
		cfg.Network, cfg.Height, cfg.Width = small.Network, 16, 16
		r, err := finetune.Run(ctx, cfg)
		if r != nil {
			t.Errorf("%v comes with a report", err)
		}
		return err
	}
	train := filepath.Join(good, "train")
	wantError(t, run(finetune.Config{}), "finetune: Folders: Train is empty", "a sub-folder for each class")
	wantError(t, run(finetune.Config{Train: filepath.Join(good, "none")}), "none", "no such file")
	wantError(t, run(finetune.Config{Train: filepath.Join(train, "dark")}), "wanted a sub-folder for each class")

	empty := folders(t, map[string]int{"train/dark": 2, "train/light": 0, "one/dark": 3, "val/dark": 2, "more/dark": 2, "more/light": 2, "more/medium": 1})
	wantError(t, run(finetune.Config{Train: filepath.Join(empty, "train")}), "class light has no pictures")
	wantError(t, run(finetune.Config{Train: filepath.Join(empty, "one")}), "1 class", "two or more")
	wantError(t, run(finetune.Config{Train: train, Validation: filepath.Join(empty, "val")}), `class "light"`, "val has no sub-folder of that name; it has dark")
	wantError(t, run(finetune.Config{Train: train, Validation: filepath.Join(empty, "more")}), `more has the class "medium"`, "has not")
	wantError(t, run(finetune.Config{Train: train, Validation: filepath.Join(good, "val"), Test: filepath.Join(empty, "train")}), "class light has no pictures")
	wantError(t, run(finetune.Config{Train: train, Held: 0.01}), "held out for validation")
	// One picture of each class is not enough to hold one out of.
	few := folders(t, map[string]int{"dark": 1, "light": 1})
	wantError(t, run(finetune.Config{Train: few, Held: 0.5}), `class "`, "has no pictures")

	for _, name := range []string{"train/dark/7.png", "val/light/7.jpg"} {
		if err := os.WriteFile(filepath.Join(good, filepath.FromSlash(name)), []byte("\x89PNG\r\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	err := run(finetune.Config{Train: train, Validation: filepath.Join(good, "val")})
	wantError(t, err, "1 picture cannot be read", "train/dark/7.png", "SkipUnreadable")
	for _, class := range []string{"dark", "light"} {
		if err := os.WriteFile(filepath.Join(good, "val", class, "0.png"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	err = run(finetune.Config{Train: train, Validation: filepath.Join(good, "val"), SkipUnreadable: true})
	wantError(t, err, "no picture can be read", "0.png")
}

func TestBadConfigs(t *testing.T) {
	data := zeroAndOne(t, small)
	for want, change := range map[string]func(c *finetune.Config){
		`no weights called "resnet"`:                        func(c *finetune.Config) { c.Network = "resnet" },
		"Held is 1; want a share":                           func(c *finetune.Config) { c.Held = 1 },
		"Dropout is NaN":                                    func(c *finetune.Config) { c.Dropout = math.NaN() },
		"Head.Epochs is -1; want a positive number":         func(c *finetune.Config) { c.Head.Epochs = -1 },
		"Tune.Rate is +Inf":                                 func(c *finetune.Config) { c.Tune.Rate = math.Inf(1) },
		"BatchSize is -3":                                   func(c *finetune.Config) { c.BatchSize = -3 },
		"Height is 100000":                                  func(c *finetune.Config) { c.Height = 100000 },
		"LayerDecay is 1.5; want a positive number up to 1": func(c *finetune.Config) { c.LayerDecay = 1.5 },
		"LayerDecay is NaN":                                 func(c *finetune.Config) { c.LayerDecay = math.NaN() },
		"L2 is -1":                                          func(c *finetune.Config) { c.L2 = -1 },
		"want one of the two":                               func(c *finetune.Config) { c.HeadOnly, c.FromScratch = true, true },
		"FromScratch trains all layers":                     func(c *finetune.Config) { c.Frozen, c.FromScratch = "layer2", true },
		`no endpoint "layer9" that all of it goes through; want one of conv1,`: func(c *finetune.Config) { c.Endpoint = "layer9" },
		`Frozen: cifar/resnet20 has no endpoint "layer9"`:                      func(c *finetune.Config) { c.Frozen = "layer9" },
		`Frozen: cifar/resnet20 has no endpoint "layer3/0"`:                    func(c *finetune.Config) { c.Endpoint, c.Frozen = "layer1", "layer3/0" },
		"Data.Train has pictures of [16 16 3]; want [8 8 3]":                   func(c *finetune.Config) { c.Height, c.Width = 8, 8 },
		"Data.Validation is nil":                                               func(c *finetune.Config) { c.Data = &finetune.Data{Train: data.Train, Classes: data.Classes} },
		"has the label 2; want 0 to 1": func(c *finetune.Config) {
			c.Data = &finetune.Data{Train: labels(0, 1, 2), Validation: data.Train, Classes: data.Classes}
		},
		"has no labels": func(c *finetune.Config) {
			c.Data = &finetune.Data{Train: dataset.Map(nil), Validation: data.Train, Classes: data.Classes}
		},
		"class \"c\" has no pictures": func(c *finetune.Config) { d := *data; d.Classes = []string{"a", "b", "c"}; c.Data = &d },
	} {
		cfg := small
		cfg.Data = data
		change(&cfg)
		k, err := finetune.New(ctx, cfg)
		if err == nil {
			k.Close()
		}
		wantError(t, err, want)
	}
	cfg := small
	cfg.Data = data
	s, err := finetune.New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.TuneAbove(ctx, "layer7")
	wantError(t, err, "finetune: TuneAbove", `no endpoint "layer7"`)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.TrainHead(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled phase ends with %v", err)
	}
	if _, err := s.Evaluate(cancelled, data.Validation); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled evaluation ends with %v", err)
	}
	if _, err := s.Evaluate(ctx, data.Validation); err != nil {
		t.Errorf("after it: %v", err)
	}
}

// TestNothingLost: what cannot be written is an error before anything is trained, weights that are not there leave what was saved, and a cancelled Run
// reports what it did.
func TestNothingLost(t *testing.T) {
	cfg := small
	cfg.Data = zeroAndOne(t, small)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	cfg.Out = file
	_, err := finetune.Run(ctx, cfg)
	wantError(t, err, "finetune: Out", "not a directory")
	cfg.Out = t.TempDir()
	saved := filepath.Join(cfg.Out, "model.safetensors")
	if err := os.WriteFile(saved, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	cfg.Fetch = fetch.Config{Cache: t.TempDir(), Mirrors: []string{}, Offline: true}
	r, err := finetune.Run(ctx, cfg)
	wantError(t, err, "finetune: zoo", "resnet20-12fca82f.th")
	if text, _ := os.ReadFile(saved); r == nil || len(r.Phases) != 0 || string(text) != "precious" {
		t.Errorf("the report is %v, and %s is %q", r, saved, text)
	}

	s, err := finetune.New(ctx, func() finetune.Config { cfg.Cache = file; return cfg }())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.TrainHead(ctx)
	wantError(t, err, "the features of Data.Train", "not a directory")

	cfg.FromScratch, cfg.Cache, cfg.Tune.Epochs = true, "", 1000
	stopping, stop := context.WithCancel(ctx)
	cfg.Log = writer(func(p []byte) {
		if strings.Contains(string(p), "epoch") {
			stop()
		}
	})
	r, err = finetune.Run(stopping, cfg)
	if !errors.Is(err, context.Canceled) || r == nil || len(r.Phases) != 1 || r.Phases[0].Epochs > 10 || r.Saved != "" {
		t.Errorf("a cancelled run gives %v and %v", r, err)
	}
	if text, _ := os.ReadFile(saved); string(text) != "precious" {
		t.Errorf("it left %q", text)
	}
}

// labels is a source of black pictures of these classes.
func labels(of ...int64) dataset.Source {
	set, err := dataset.FromFlat(make([]float32, len(of)*16*16*3), of, 16, 16, 3)
	if err != nil {
		panic(err)
	}
	return set
}

type writer func(p []byte)

func (w writer) Write(p []byte) (int, error) {
	w(p)
	return len(p), nil
}
