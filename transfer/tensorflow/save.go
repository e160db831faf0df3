package tensorflow

import (
	"os"
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Save writes a checkpoint by the Saver and beside it the graph, PATH.meta, as tf.train.Saver.save does, and returns the checkpoint's path. The
// graph restores the variables of the Saver, by the names that they have in the checkpoint. The graphs of checkpoints
// that the Saver deletes go with them.
//
//	tf.train.import_meta_graph(path + ".meta").restore(sess, path)
//
// goes on with it in TensorFlow.
func Save(sess *graph.Session, saver *training.Saver, path string, cfg ExportConfig) (string, error) {
	if saver == nil {
		return path, errors.New("tensorflow: the Saver is nil")
	}
	before := saver.Checkpoints()
	path, err := saver.Save(sess, path)
	if err != nil {
		return path, errors.WithMessage(err, "tensorflow")
	}
	saved, err := saver.Variables(sess)
	if err == nil {
		err = writeMeta(path+".meta", sess.Graph(), cfg, saved)
	}
	if err != nil {
		return path, errors.Wrapf(err, "tensorflow: the checkpoint %s is written, but not its graph", path)
	}
	now := saver.Checkpoints()
	for _, old := range before {
		if slices.Contains(now, old) {
			continue
		}
		if err := os.Remove(old + ".meta"); err != nil && !os.IsNotExist(err) {
			return path, errors.Wrap(err, "tensorflow: the checkpoint is written, but the graph of an old one is not deleted")
		}
	}
	return path, nil
}
