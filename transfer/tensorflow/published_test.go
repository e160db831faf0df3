package tensorflow

import (
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// Every variable has the bits that TensorFlow printed for it.
func TestPublishedCheckpoints(t *testing.T) {
	models, variables := map[string]bool{}, 0
	err := filepath.WalkDir(weightstest.Published(t, "tf1-checkpoints"), func(path string, d fs.DirEntry, err error) error {
		name, expects := strings.CutSuffix(path, "expected_variables.npz")
		if err != nil || !expects {
			return err
		}
		index := name + "ckpt.index" // of NAME.expected_variables.npz, or of the only checkpoint of the folder
		if strings.HasSuffix(name, string(filepath.Separator)) {
			found, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.index"))
			index = found[0]
		}
		want, err := npz.Open(path)
		if err != nil {
			return err
		}
		defer want.Close()
		got, err := Open(index)
		if err != nil {
			return err
		}
		defer got.Close()
		for _, variable := range want.Names() {
			w, err := want.Read(variable)
			if err != nil {
				return err
			}
			g, err := got.Read(variable)
			if err != nil {
				return err
			}
			if !reflect.DeepEqual(g.Data(), w.Data()) || !g.Shape().Eq(w.Shape()) {
				t.Errorf("%s: %s differs", index, variable)
			}
			variables++
		}
		m := got.Metadata()
		if m["checkpoint"] != "V2" || m["producer"] != "1" || !strings.HasPrefix(m["tensorflow_version"], "1.") {
			t.Errorf("%s: metadata %v", index, m)
		}
		models[filepath.Dir(path)] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d variables of %d models", variables, len(models))
	if len(models) < 13 || variables < 100 {
		t.Errorf("only %d variables of %d models were compared", variables, len(models))
	}
}

// A folder is its newest checkpoint, or a SavedModel's variables.
func TestPublishedFolders(t *testing.T) {
	for folder, c := range map[string]struct {
		variable, version string
		shape             []int
	}{
		"tf1-checkpoints/cnn-lenet5":  {"conv5/kernel/Momentum", "1.14.0", []int{5, 5, 16, 32}},
		"keras/mnist-cnn/saved_model": {"layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE", "2.0.0", []int{3, 3, 1, 32}},
	} {
		f, err := Open(weightstest.Published(t, folder))
		if err != nil {
			t.Error(err)
			continue
		}
		defer f.Close()
		x, _ := f.Lookup(c.variable)
		if !slices.Equal(x.Shape, c.shape) || f.Metadata()["tensorflow_version"] != c.version {
			t.Errorf("%s: %s has the shape %v, metadata %v; want %v", folder, c.variable, x.Shape, f.Metadata(), c)
		}
		for _, name := range f.Names() {
			if _, err := f.Read(name); err != nil && name != "_CHECKPOINTABLE_OBJECT_GRAPH" {
				t.Error(err)
			}
		}
	}
}
