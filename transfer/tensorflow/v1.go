package tensorflow

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/weights"
)

// v1Shard matches the path of a shard of a checkpoint of version 1: the prefix, its number, and how many there are.
var v1Shard = regexp.MustCompile(`^(.*)-(\d{5})-of-(\d{5})$`)

// v1Files lists the files of a checkpoint of version 1 with that prefix: one, or its shards in order. There are none where it is of
// version 2, or is not there.
func v1Files(prefix string) ([]string, error) {
	if exists(prefix + ".index") {
		return nil, nil
	}
	if info, err := os.Stat(prefix); err == nil && info.Mode().IsRegular() {
		return []string{prefix}, nil
	}
	entries, err := os.ReadDir(filepath.Dir(prefix))
	if err != nil {
		return nil, nil
	}
	var files []string
	for _, e := range entries { // in the order of their names
		parts := v1Shard.FindStringSubmatch(e.Name())
		if parts == nil || parts[1] != filepath.Base(prefix) {
			continue
		}
		number, _ := strconv.Atoi(parts[2]) // five digits
		count, _ := strconv.Atoi(parts[3])
		if number != len(files) || count <= number {
			return nil, errors.Errorf("the shard %s follows %d others; want all of them, and of one checkpoint", e.Name(), len(files))
		}
		if files = append(files, filepath.Join(filepath.Dir(prefix), e.Name())); len(files) == count {
			return files, nil
		}
	}
	if len(files) > 0 {
		return nil, errors.Errorf("%s is the last shard; want as many as it says", files[len(files)-1])
	}
	return nil, nil
}

// openV1 opens the files of a checkpoint of version 1, unless they could not be found.
func openV1(at place, paths []string, err error) (*weights.File, error) {
	if err != nil {
		return nil, err
	}
	var files closers
	f, err := joinV1(at, paths, &files)
	if err != nil {
		files.Close()
	}
	return f, err
}

func joinV1(at place, paths []string, files *closers) (*weights.File, error) {
	var shards []tffile.V1File
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return nil, errors.WithStack(err)
		}
		*files = append(*files, file)
		info, err := file.Stat()
		if err != nil {
			return nil, errors.WithStack(err)
		}
		shards = append(shards, tffile.V1File{Name: filepath.Base(path), ReaderAt: file, Size: info.Size()})
	}
	r, err := tffile.OpenV1(shards...)
	if err != nil {
		return nil, err
	}
	return describe(r, "V1", at, files)
}

// closers are files that are closed together.
type closers []io.Closer

func (c *closers) Close() (err error) {
	for _, file := range *c {
		if e := file.Close(); err == nil {
			err = e
		}
	}
	return err
}
