package dataset

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
)

// dataEnv names the environment variable with the folder of data sets.
const dataEnv = "PLEXAURA_DATA"

// find returns the folder to read from: below dir where it is given, else the
// first of the known places that has a file of images.
func (m *mnistFamily) find(dir string) (string, error) {
	if dir != "" {
		for _, folder := range []string{dir, filepath.Join(dir, m.folder)} {
			if hasImages(folder) {
				return folder, nil
			}
		}
		return "", errors.Errorf("no %s in %s or its sub-folder %s (wanted train-images-idx3-ubyte.gz and three more); give their folder, or: %s", m.title, dir, m.folder, m.howTo)
	}
	var places []string
	if env := os.Getenv(dataEnv); env != "" {
		places = append(places, filepath.Join(env, m.folder))
		// The files of both families have the same names, so what lies in the
		// folder itself may be the other's.
		if !m.otherFamily().owns(env) {
			places = append(places, env)
		}
	}
	put := "a folder, and set " + dataEnv + " to it"
	if cache, err := os.UserCacheDir(); err == nil {
		put = filepath.Join(cache, "plexaura", m.folder)
		places = append(places, put)
	}
	if m.debian != "" {
		places = append(places, m.debian)
	}
	for _, folder := range places {
		if hasImages(folder) {
			return folder, nil
		}
	}
	return "", errors.Errorf("no %s files in %s; get them: %s, into %s", m.title, strings.Join(places, ", "), m.howTo, put)
}

// owns tells whether the test labels in a folder are this family's.
func (m *mnistFamily) owns(folder string) bool {
	path, ok := idxFile(folder, "t10k-labels", "idx1-ubyte")
	if !ok {
		return false
	}
	labels, err := readLabels(path, len(m.classes))
	return err == nil && begins(labels, m.first)
}

// hasImages tells whether a folder has one of the files of images.
func hasImages(folder string) bool {
	for _, stem := range []string{"train-images", "t10k-images", "train10k-images"} {
		if _, ok := idxFile(folder, stem, "idx3-ubyte"); ok {
			return true
		}
	}
	return false
}

// partFiles returns the files of images and labels that begin with prefix.
// partial is true where the images are the first ones of the set only; then the
// labels may be more.
func partFiles(folder, prefix string) (images, labels string, partial bool, err error) {
	images, ok := idxFile(folder, prefix+"-images", "idx3-ubyte")
	if !ok && prefix == "train" {
		images, partial = idxFile(folder, "train10k-images", "idx3-ubyte")
		ok = partial
	}
	if !ok {
		return "", "", false, errors.Errorf("%s has no %s-images-idx3-ubyte, with or without .gz", folder, prefix)
	}
	if partial {
		if labels, ok = idxFile(folder, "train10k-labels", "idx1-ubyte"); ok {
			return images, labels, true, nil
		}
	}
	labels, ok = idxFile(folder, prefix+"-labels", "idx1-ubyte")
	if !ok {
		return "", "", false, errors.Errorf("%s has no %s-labels-idx1-ubyte, with or without .gz", folder, prefix)
	}
	return images, labels, partial, nil
}

// idxFile looks for stem-kind and stem.kind, unpacked or with .gz.
func idxFile(folder, stem, kind string) (path string, ok bool) {
	for _, name := range []string{stem + "-" + kind, stem + "." + kind} {
		for _, end := range []string{"", ".gz"} {
			path := filepath.Join(folder, name+end)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path, true
			}
		}
	}
	return "", false
}
