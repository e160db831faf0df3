package training

import (
	"path/filepath"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
)

// Latest returns the path of the newest checkpoint of a folder, by the state
// file there (tf.train.latest_checkpoint). A folder that was moved is fine: a
// checkpoint that is not at the path that the state file gives is looked for
// beside it. Without a state file the error is an fs.ErrNotExist.
func Latest(dir string) (string, error) {
	st, err := tffile.ReadState(dir)
	if err != nil {
		return "", errors.Wrapf(err, "latest checkpoint of %s", dir)
	}
	path, ok := locate(dir, st.Latest)
	if !ok {
		return "", errors.Errorf("latest checkpoint of %s: the state file names %s, which does not exist", dir, st.Latest)
	}
	return path, nil
}

// locate finds a checkpoint at its path or, when the folder was moved, under
// its name in the folder.
func locate(dir, path string) (string, bool) {
	if tffile.Exists(path) {
		return path, true
	}
	moved := filepath.Join(dir, path[strings.LastIndexAny(path, `/\`)+1:])
	return moved, tffile.Exists(moved)
}
