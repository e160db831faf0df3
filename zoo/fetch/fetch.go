package fetch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
	"github.com/pkg/errors"
)

// Fetch returns a folder that holds the files, with the right checksums: a mirror's, or the folder of that name in the
// cache, into which what is missing is downloaded. name is a path such as "torchvision/resnet18".
//
// An error says what was tried, and leaves what was downloaded so far for the next time. What cannot be had offline leaves the disk as it was.
func Fetch(ctx context.Context, name string, files []File, cfg Config) (folder string, err error) {
	defer func() { err = errors.Wrapf(err, "fetch %s", name) }()
	cfg, err = cfg.withDefaults()
	if err != nil {
		return "", err
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) || len(files) == 0 {
		return "", errors.New("want a relative path, and files")
	}
	for _, f := range files {
		if err := f.check(cfg.Unchecked); err != nil {
			return "", err
		}
	}
	g := &getter{ctx: ctx, cfg: cfg, name: filepath.FromSlash(name), count: len(files)}
	for _, mirror := range cfg.Mirrors {
		if info, err := os.Stat(mirror); err != nil || !info.IsDir() {
			g.seen = append(g.seen, "the mirror "+mirror+" is no folder")
			continue
		}
		for _, folder := range []string{filepath.Join(mirror, g.name), mirror} {
			if g.holds(folder, files) {
				return folder, ctx.Err()
			}
		}
	}
	folder = filepath.Join(cfg.Cache, g.name)
	if g.holds(folder, files) {
		return folder, ctx.Err()
	}
	if err := g.obtainable(folder, files); err != nil {
		return "", err // and the disk is as it was
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", cannotWrite(err)
	}
	unlock, err := lock(ctx, filepath.Join(folder, ".lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	for _, f := range files {
		if err := g.get(folder, f); err != nil {
			return "", err
		}
	}
	return folder, nil
}

// getter fetches the files of one set.
type getter struct {
	ctx   context.Context
	cfg   Config
	name  string
	count int      // of the files
	seen  []string // files that were found, and are not what they should be, and mirrors that are no folders
}

// holds tells whether a folder has all files.
func (g *getter) holds(folder string, files []File) bool {
	for _, f := range files {
		if !g.has(folder, f) {
			return false
		}
	}
	return true
}

// has tells whether a folder has a file, or the members of an archive.
func (g *getter) has(folder string, f File) bool {
	if len(f.Members) > 0 {
		return unpacked(g.ctx, folder, f)
	}
	return g.good(filepath.Join(folder, f.Name), f)
}

// obtainable returns an error for the first file that the folder lacks and that may not be downloaded. It only looks.
func (g *getter) obtainable(folder string, files []File) error {
	for _, f := range files {
		why := g.barred(f)
		if why == "" || g.has(folder, f) || len(f.Members) > 0 && g.archive(folder, f) != "" {
			continue
		}
		if err := g.ctx.Err(); err != nil { // looking has ended, and found nothing
			return errors.WithStack(err)
		}
		return g.notFound(f, why)
	}
	return errors.WithStack(g.ctx.Err())
}

// barred says why a file may not be downloaded, nothing where it may.
func (g *getter) barred(f File) string {
	switch {
	case g.cfg.Offline:
		return "nothing is downloaded offline"
	case len(f.URLs) == 0:
		return "no URL of it is known"
	}
	return ""
}

// good tells whether the file at path is there and right, and takes note of one that is not.
func (g *getter) good(path string, f File) bool {
	err := verify(g.ctx, path, f)
	if err != nil && !errors.Is(err, os.ErrNotExist) && !slices.Contains(g.seen, err.Error()) { // it is looked at again under the lock
		g.seen = append(g.seen, err.Error())
	}
	return err == nil
}

// get brings a file into the folder, which is locked.
func (g *getter) get(folder string, f File) error {
	if g.has(folder, f) {
		return nil
	}
	path := filepath.Join(folder, f.Name)
	if len(f.Members) == 0 {
		return g.download(path, f)
	}
	archive := g.archive(folder, f)
	if archive == "" {
		if err := g.download(path, f); err != nil {
			return err
		}
		archive = path
	}
	return unpack(g.ctx, archive, folder, f, g.cfg.Limit)
}

// archive finds an archive in a mirror or in the folder, and is empty where there is none.
func (g *getter) archive(folder string, f File) string {
	var paths []string
	for _, mirror := range g.cfg.Mirrors {
		paths = append(paths, filepath.Join(mirror, g.name, f.Name), filepath.Join(mirror, f.Name))
	}
	for _, path := range append(paths, filepath.Join(folder, f.Name)) {
		if g.good(path, f) {
			return path
		}
	}
	return ""
}

// lock waits until no other process fetches into the folder.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	l := flock.New(path)
	if _, err := l.TryLockContext(ctx, lockPoll); err != nil {
		if ctx.Err() != nil {
			return nil, errors.Wrap(ctx.Err(), "waiting for another process that fetches it")
		}
		return nil, cannotWrite(err)
	}
	return func() { l.Unlock() }, nil
}

func cannotWrite(err error) error {
	return errors.Wrap(err, "the cache cannot be written (PLEXAURA_CACHE names another, PLEXAURA_MIRRORS folders that have the files)")
}

// notFound is the error where nothing may be downloaded.
func (g *getter) notFound(f File, why string) error {
	list := strings.Join(append([]string{filepath.Join(g.cfg.Cache, g.name)}, g.cfg.Mirrors...), ", ")
	if len(g.seen) > 0 {
		list += " (" + strings.Join(g.seen, "; ") + ")"
	}
	what, from := f.Name+" is not in", ""
	if g.count > 1 { // a mirror may have this one, but not all
		what = fmt.Sprintf("%s and %d more are not all in one of", f.Name, g.count-1)
	}
	if len(f.URLs) > 0 {
		from = ", from " + f.URLs[0]
	}
	return errors.Errorf("%s %s, and %s; put what is missing there%s, or name a folder that has it in PLEXAURA_MIRRORS", what, list, why, from)
}
