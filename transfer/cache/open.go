package cache

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/mapped"
)

// Open computes cfg.Nodes for every example of cfg.Source with the values that the variables have in the session, and keeps what comes out.
//
// What would not be the same in every Run is an error that says why (see the package), and so is a NaN or an infinity, which names
// the example. That one of the variables below the nodes is written meanwhile is an error too. When ctx is cancelled, the batch at work is finished, and
// the error is one for which errors.Is(err, context.Canceled) holds.
//
// With cfg.Path, what an earlier Open computed is taken from the file. Its blocks have checksums, and its name is given to it once it is
// whole, so a process that was killed, a full disk or ctx leave a part beside it (.part) that the next Open goes on with, in
// batches of any size; and of a damaged file the blocks are computed anew that are not whole.
// It belongs to the weights, the graph and the data; with others it is computed anew, and so it is where the first examples, which are
// always computed, differ from it in a bit, as with another kind of processor. Processes that open the same Path wait for each other (.lock).
func Open(ctx context.Context, sess *graph.Session, cfg Config) (*Activations, error) {
	if sess == nil {
		return nil, errors.New("cache: the session is nil")
	}
	a, err := open(ctx, sess, cfg)
	if err != nil {
		return nil, errors.WithMessage(err, "cache")
	}
	return a, nil
}

func open(ctx context.Context, sess *graph.Session, cfg Config) (*Activations, error) {
	if err := cfg.check(sess.Graph()); err != nil {
		return nil, err
	}
	w, err := needed(ctx, sess, cfg)
	if err != nil {
		return nil, err
	}
	c := &computer{ctx: ctx, sess: sess, cfg: cfg, variables: w.variables()}
	if c.versions, err = sess.Versions(c.variables...); err != nil {
		return nil, err
	}
	p, err := newProbe(ctx, sess, cfg, w)
	if err != nil {
		return nil, err
	}
	c.layout = layout{Examples: p.n, Block: min(cfg.BatchSize, p.n), Columns: p.columns}
	a, err := c.activated(w, p)
	if err != nil {
		return nil, err
	}
	if err := c.unchanged(); err != nil { // in memory, or where all was in the file
		a.Close()
		return nil, err
	}
	return a, nil
}

// activated has the activations from where the config says.
func (c *computer) activated(w *walk, p *probe) (a *Activations, err error) {
	if c.cfg.Path == "" {
		return c.inMemory()
	}
	if c.layout.Key, err = w.key(c.cfg); err != nil {
		return nil, err
	}
	a, err = c.inFile(p)
	return a, errors.WithMessage(err, c.cfg.Path)
}

// inMemory computes everything.
func (c *computer) inMemory() (*Activations, error) {
	columns, end, err := c.layout.columnsFrom(0)
	if err != nil {
		return nil, err
	}
	data := make([]byte, end)
	computed, err := c.compute(memory(data), columns)
	if err != nil {
		return nil, err
	}
	return c.activations(c.layout, data, columns, computed)
}

// inFile opens the file if it is whole, and completes it otherwise.
func (c *computer) inFile(p *probe) (*Activations, error) {
	path := c.cfg.Path
	if a, _, err := c.openWhole(p); err == nil { // it may lie where nothing can be written
		return a, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, errors.New("want a file, it is a folder")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, cannotWrite(err)
	}
	unlock, err := lock(c.ctx, path+".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()
	a, damaged, err := c.openWhole(p)
	if err == nil {
		return a, nil
	}
	if damaged {
		if err := os.Rename(path, path+partSuffix); err != nil {
			return nil, cannotWrite(err)
		}
	}
	computed, err := c.completePart(p)
	if err != nil {
		return nil, err
	}
	a, _, err = c.openWhole(p)
	if err == nil {
		a.computed = computed
	}
	return a, err
}

// completePart computes what is missing of the part, and gives it its name.
func (c *computer) completePart(p *probe) (computed int, err error) {
	s, err := openPart(c.cfg.Path, c.layout, p)
	if err != nil {
		return 0, err
	}
	defer s.f.Close()
	c.layout = s.layout
	_, columns, _, err := s.layout.places()
	if err != nil {
		return 0, err
	}
	if computed, err = c.compute(s, columns); err != nil {
		return 0, err
	}
	return computed, s.complete(c.cfg.Path)
}

// openWhole opens the file if nothing is to be computed. damaged tells that some of its blocks are wrong, and nothing else.
func (c *computer) openWhole(p *probe) (a *Activations, damaged bool, err error) {
	f, err := os.Open(c.cfg.Path)
	if err != nil {
		return nil, false, errors.WithStack(err)
	}
	defer f.Close()
	got, whole, err := inspect(f, c.layout, p)
	if err != nil {
		return nil, false, err
	}
	if i := slices.Index(whole, false); i >= 0 {
		return nil, true, errors.Errorf("block %d is damaged", i)
	}
	_, columns, end, err := got.places()
	if err != nil {
		return nil, false, err
	}
	data, release, err := mapped.Content(f, int64(end))
	if err != nil {
		return nil, false, err
	}
	if a, err = c.activations(got, data, columns, 0); err != nil {
		release()
		return nil, false, err
	}
	a.release = release
	return a, false, nil
}

// lock waits until no other process computes the same file.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	l := flock.New(path)
	if _, err := l.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		if ctx.Err() != nil {
			return nil, errors.Wrap(ctx.Err(), "waiting for another process that computes it")
		}
		return nil, cannotWrite(err)
	}
	return func() { l.Unlock() }, nil
}
