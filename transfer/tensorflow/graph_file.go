package tensorflow

import (
	"os"
	"runtime/debug"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/mapped"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/weights"
)

// graphFile is a file with a graph, which it has decoded.
type graphFile struct {
	meta       tffile.MetaGraph
	savedModel bool
	file       *os.File // where large constants are read; nil where there are none
}

// openGraphFile decodes the graph of a file. The file is mapped only as long as that takes, so that nothing can point to memory that is gone; what was left in
// it is read as checkpoints are.
func openGraphFile(path string) (g *graphFile, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	defer func() {
		if err != nil || g.file == nil {
			f.Close()
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, errors.WithStack(err)
	}
	data, release, err := mapped.Content(f, info.Size())
	if err != nil {
		return nil, err
	}
	defer release()
	return decodeGraphFile(f, data)
}

// decodeGraphFile decodes the graph of a file with that content.
func decodeGraphFile(f *os.File, data []byte) (g *graphFile, err error) {
	defer mapped.Recover(debug.SetPanicOnFault(true), f.Name(), &err)
	message := &tffile.MessageFile{Message: data, File: f}
	g = &graphFile{}
	if g.meta, g.savedModel, err = parseGraph(message); err != nil {
		return nil, err
	}
	if message.Left > 0 {
		g.file = f
	}
	return g, nil
}

// graph makes a Graph, which closes the file. Its variables have their values in the checkpoint at a path, where there is one.
func (f *graphFile) graph(checkpoint string) (g *Graph, err error) {
	var values *weights.File
	defer func() {
		if err != nil {
			values.Close()
			f.file.Close() // which a nil *os.File has too, as a nil *weights.File
		}
	}()
	if checkpoint != "" {
		if values, err = Open(checkpoint); err != nil {
			return nil, err
		}
	}
	if g, err = NewGraph(f.meta, values); err != nil {
		return nil, err
	}
	g.file = f.file
	return g, nil
}
