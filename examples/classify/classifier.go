package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/zoo"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// classifier is a network with its weights.
type classifier struct {
	*zoo.Model
	entry zoo.Pretrained
	sess  *graph.Session
}

// build builds the network, and a session on it whose variables have no values.
func build(ctx context.Context, o options) (*classifier, error) {
	entry, err := zoo.Describe(o.model)
	if err != nil {
		return nil, err
	}
	if !classifies(entry) {
		return nil, fmt.Errorf("%s does not say of what class a picture is; want one of those that -list lists", o.model)
	}
	start := time.Now()
	g := graph.New(graph.Config{})
	in := entry.Input
	channels := in.Channels
	if channels == 0 {
		channels = 3
	}
	x := graph.Placeholder(g.Scope(), "x", g.Dtype(), graph.Unknown, in.Height, in.Width, channels)
	m := zoo.BuildContext(ctx, g.Scope(), o.model, x, o.config())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil { // of a network that stands in its file, that file may be missing
		m.Close()
		return nil, fmt.Errorf("%w\n%s", err, advice(entry))
	}
	fmt.Printf("%s: %d variables, built in %s\n", o.model, len(m.Variables()), since(start))
	return &classifier{m, entry, sess}, nil
}

// classifies tells whether a network has a class for each of its outputs.
func classifies(entry zoo.Pretrained) bool {
	return entry.Task == "classification" && !entry.Config.NoTop
}

// config says where the published files are looked for, or which file takes their place.
func (o options) config() zoo.Config {
	cfg := zoo.Config{Fetch: fetch.Config{Unchecked: o.unchecked, Offline: o.short}}
	if o.weights == "" {
		return cfg
	}
	if info, err := os.Stat(o.weights); err == nil && info.IsDir() {
		cfg.Fetch.Mirrors, cfg.Fetch.Offline = []string{o.weights}, true
		return cfg
	}
	cfg.File = o.weights
	return cfg
}

// load gives the network its weights.
func (c *classifier) load(ctx context.Context, o options) error {
	start := time.Now()
	err := c.Load(ctx, c.sess)
	if err != nil && o.short && o.weights == "" {
		fmt.Printf("its weights are not here, and -short downloads nothing: they are drawn at random, and so are the classes\n")
		return c.sess.Init()
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, advice(c.entry))
	}
	fmt.Printf("weights loaded in %s\n", since(start))
	return nil
}

// close ends the session, and closes the file of the network.
func (c *classifier) close() {
	c.sess.Close()
	c.Close()
}

// advice says how to get the weights.
func advice(entry zoo.Pretrained) string {
	if f := entry.Files[0]; f.SHA256 == "" && f.MD5 == "" {
		return "No checksum of these weights was published: -unchecked takes them as they come, and -weights a file that you trust."
	}
	what := "the file"
	if len(entry.Files) > 1 {
		what = fmt.Sprintf("the %d files", len(entry.Files))
	}
	return fmt.Sprintf("Without -weights and -short the weights are downloaded, if that is possible. Or get %s of %s, and "+
		"give the folder with -weights, or the path of a file of yours.", what, entry.Source)
}

// look says what is seen in a photo, and prints it.
func (c *classifier) look(path string, top int) (sight, error) {
	start := time.Now()
	picture, err := open(path, c.entry.Input)
	if err != nil {
		return sight{}, err
	}
	read := since(start)
	x := tensor.New(tensor.WithShape(append([]int{1}, picture.Shape()...)...), tensor.WithBacking(picture.Pix))
	start = time.Now()
	out, err := c.sess.Run(graph.Feeds{c.Input: x}, c.Output)
	if err != nil {
		return sight{}, err
	}
	ran := since(start)
	guesses, err := c.entry.Top(out.Tensor(0), top)
	if err != nil {
		return sight{}, err
	}
	s := sight{name(path), guesses[0]}
	fmt.Printf("\n%s: read and resized in %s, classified in %s\n", s.photo, read, ran)
	for _, g := range s.guesses {
		fmt.Printf("  %5.1f %%  %s\n", 100*g.Probability, g.Label)
	}
	return s, nil
}

// since is a time in milliseconds.
func since(start time.Time) string {
	return fmt.Sprintf("%.1f ms", time.Since(start).Seconds()*1e3)
}
