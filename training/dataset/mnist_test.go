package dataset

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gorgonia.org/tensor"
)

// sharedData is the folder with the real files, beside the repository.
const sharedData = "../../../shared/data"

func TestRealMNIST(t *testing.T) {
	dir := ""
	for _, d := range []string{filepath.Join(sharedData, "mnist"), filepath.Join(os.Getenv(dataEnv), "mnist"), os.Getenv(dataEnv)} {
		if hasImages(d) && !fashionMNIST.owns(d) {
			dir = d
			break
		}
	}
	if dir == "" {
		t.Skipf("no MNIST files in %s/mnist or $%s: the real files are not tested", sharedData, dataEnv)
	}
	train, test, err := MNIST(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v; %v", train, test)
	wantReal(t, train, 5, 0, 4, 1, 9, 2, 1, 3, 1, 4)
	wantReal(t, test, 7, 2, 1, 0, 4, 1, 4, 9, 5, 9)
	counts, _ := test.ClassCounts()
	if want := []int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}; !reflect.DeepEqual(counts, want) {
		t.Errorf("test digits %v, want %v", counts, want)
	}
	mean := 0.0
	for _, v := range test.X.Data().([]float32) {
		mean += float64(v)
	}
	// Published mean pixel of the test images: 0.1325.
	if mean /= 7840000; mean < 0.13245 || mean > 0.13255 {
		t.Errorf("mean pixel of the test images %v, want 0.1325", mean)
	}
	if _, _, err = FashionMNIST(dir); err == nil {
		t.Error("FashionMNIST accepted the files of MNIST")
	}
}

func TestRealFashionMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: 70,000 pictures take seconds to unpack")
	}
	dir := ""
	for _, d := range []string{fashionMNIST.debian, filepath.Join(os.Getenv(dataEnv), "fashion-mnist")} {
		if hasImages(d) {
			dir = d
			break
		}
	}
	if dir == "" {
		t.Skipf("no Fashion-MNIST in %s or $%s/fashion-mnist: the real files are not tested", fashionMNIST.debian, dataEnv)
	}
	_, _, err := MNIST(dir)
	wantError(t, err, "Fashion-MNIST", "dataset.FashionMNIST")
	train, test, err := FashionMNIST(dir)
	if err != nil {
		t.Fatal(err)
	}
	wantReal(t, train, 9, 0, 0, 3, 0, 2, 7, 2, 5, 5)
	wantReal(t, test, 9, 2, 1, 1, 6, 1, 4, 6, 5, 7)
	if train.Len() != 60000 || test.Len() != 10000 || train.Classes[9] != "Ankle boot" {
		t.Errorf("%v; %v", train, test)
	}
	counts, _ := train.ClassCounts()
	if want := []int{6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000}; !reflect.DeepEqual(counts, want) {
		t.Errorf("train classes %v", counts)
	}
}

// wantReal checks types, scale and the first labels of a loaded set.
func wantReal(t *testing.T, s *Set, first ...int64) {
	t.Helper()
	if s.X.Dtype() != tensor.Float32 || s.X.Shape()[1] != 784 || s.Y.Shape()[0] != s.Len() || len(s.Classes) != 10 {
		t.Errorf("%v", s)
	}
	if got := s.Y.Data().([]int64)[:len(first)]; !reflect.DeepEqual(got, first) {
		t.Errorf("%s: first labels %v, want %v", s.Name, got, first)
	}
	low, high := float32(1), float32(0)
	for _, v := range s.X.Data().([]float32) {
		low, high = min(low, v), max(high, v)
	}
	if low != 0 || high != 1 {
		t.Errorf("%s: pixels from %v to %v, want 0 to 1", s.Name, low, high)
	}
}

// images is a file of n images of which every pixel of image i is i; labels one
// of n labels i % 10.
func images(n int) []byte {
	data := make([]byte, n*784)
	for i := range data {
		data[i] = byte(i / 784)
	}
	return idxBytes(0x08, []uint32{uint32(n), 28, 28}, data...)
}

func labels(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i % 10)
	}
	return idxBytes(0x08, []uint32{uint32(n)}, data...)
}

// folder writes files into a new folder.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, path, data)
	}
	return dir
}

// four is a complete set of files below a sub-folder ("" for none).
func four(sub string, train, test int) map[string][]byte {
	return map[string][]byte{
		filepath.Join(sub, "train-images-idx3-ubyte.gz"): gzipped(images(train)),
		filepath.Join(sub, "train-labels-idx1-ubyte.gz"): gzipped(labels(train)),
		filepath.Join(sub, "t10k-images-idx3-ubyte"):     images(test),
		filepath.Join(sub, "t10k-labels.idx1-ubyte"):     labels(test),
	}
}

func TestMNISTFolders(t *testing.T) {
	cache := func(t *testing.T, dir string) { t.Setenv("XDG_CACHE_HOME", dir) }
	env := func(t *testing.T, dir string) { t.Setenv(dataEnv, dir) }
	for name, tt := range map[string]struct {
		files map[string][]byte
		place func(t *testing.T, dir string)
		given bool // dir is the argument
	}{
		"given":           {four("", 3, 2), nil, true},
		"given sub":       {four("mnist", 3, 2), nil, true},
		"environment":     {four("", 3, 2), env, false},
		"environment sub": {four("mnist", 3, 2), env, false},
		"cache":           {four("plexaura/mnist", 3, 2), cache, false},
	} {
		t.Run(name, func(t *testing.T) {
			env(t, "")
			cache(t, t.TempDir())
			dir := folder(t, tt.files)
			arg := ""
			if tt.given {
				arg = dir
			} else {
				tt.place(t, dir)
			}
			if name == "cache" {
				if c, err := os.UserCacheDir(); err != nil || c != dir {
					t.Skipf("this system's cache folder is not set by XDG_CACHE_HOME: %s, %v", c, err)
				}
			}
			train, test, err := MNIST(arg)
			if err != nil {
				t.Fatal(err)
			}
			if train.Name != "mnist/train" || test.Name != "mnist/test" || train.Len() != 3 || test.Len() != 2 {
				t.Errorf("%v; %v", train, test)
			}
			if x := train.X.Data().([]float32); x[0] != 0 || x[784] != float32(1)/255 || x[3*784-1] != float32(2)/255 {
				t.Errorf("pixels %v %v", x[784], x[3*784-1])
			}
			if y := train.Y.Data(); !reflect.DeepEqual(y, []int64{0, 1, 2}) {
				t.Errorf("labels %v", y)
			}
		})
	}
}

func TestMNISTGivenFolderIsTheOnlyOne(t *testing.T) {
	t.Setenv(dataEnv, folder(t, four("mnist", 3, 2)))
	_, _, err := MNIST(t.TempDir())
	wantError(t, err, "dataset: MNIST", "no MNIST in", "https://")
}

func TestMNISTNowhere(t *testing.T) {
	t.Setenv(dataEnv, t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	_, _, err := MNIST("")
	wantError(t, err, os.Getenv(dataEnv), "plexaura", "get them: download", "https://")
	saved := fashionMNIST.debian
	fashionMNIST.debian = filepath.Join(t.TempDir(), "none")
	defer func() { fashionMNIST.debian = saved }()
	_, _, err = FashionMNIST("")
	wantError(t, err, fashionMNIST.debian, "apt-get install dataset-fashion-mnist")
}

// The two families share their file names: what lies in $PLEXAURA_DATA itself must
// not be taken for the other one.
func TestMNISTFamiliesAreToldApart(t *testing.T) {
	y := labels(10000)
	copy(y[8:], fashionMNIST.first)
	files := four("", 3, 2)
	files["t10k-images-idx3-ubyte"] = images(10000)
	files["t10k-labels.idx1-ubyte"] = y
	fashion := folder(t, files)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv(dataEnv, fashion)
	if train, _, err := FashionMNIST(""); err != nil || train.Name != "fashion-mnist/train" {
		t.Errorf("%v, %v", train, err)
	}
	_, _, err := MNIST("")
	wantError(t, err, "no MNIST files")
	_, _, err = MNIST(fashion)
	wantError(t, err, "those of Fashion-MNIST", "call dataset.FashionMNIST")
}

func TestMNISTPartialTraining(t *testing.T) {
	without := func(drop string, add map[string][]byte) map[string][]byte {
		files := four("", 5, 2)
		delete(files, "train-images-idx3-ubyte.gz")
		delete(files, drop)
		for n, d := range add {
			files[n] = d
		}
		return files
	}
	ten, tenLabels := "train10k-images-idx3-ubyte", "train10k-labels-idx1-ubyte"
	for name, tt := range map[string]struct {
		files map[string][]byte
		want  string // of the error
	}{
		"own labels":         {without("", map[string][]byte{ten: images(3), tenLabels: labels(3)}), ""},
		"only own labels":    {without("train-labels-idx1-ubyte.gz", map[string][]byte{ten: images(3), tenLabels: labels(3)}), ""},
		"first of all":       {without("", map[string][]byte{ten: images(3)}), ""},
		"too few labels":     {without("", map[string][]byte{ten: images(3), tenLabels: labels(2)}), "3 images"},
		"no labels":          {without("train-labels-idx1-ubyte.gz", map[string][]byte{ten: images(3)}), "train-labels-idx1-ubyte"},
		"no training images": {without("", nil), "train-images-idx3-ubyte"},
	} {
		t.Run(name, func(t *testing.T) {
			train, _, err := MNIST(folder(t, tt.files))
			if tt.want != "" {
				wantError(t, err, tt.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if train.Len() != 3 || !reflect.DeepEqual(train.Y.Data(), []int64{0, 1, 2}) {
				t.Errorf("%v with labels %v", train, train.Y.Data())
			}
		})
	}
}

func TestMNISTDamagedFiles(t *testing.T) {
	wide := images(3)
	binary.BigEndian.PutUint32(wide[12:], 14)
	binary.BigEndian.PutUint32(wide[8:], 56)
	eleven := labels(3)
	eleven[9] = 11
	for name, tt := range map[string]struct {
		file string
		data []byte
		want []string
	}{
		"fewer labels": {"train-labels-idx1-ubyte.gz", labels(2), []string{"3 images", "2 labels"}},
		"more labels":  {"train-labels-idx1-ubyte.gz", labels(4), []string{"3 images", "4 labels"}},
		"label":        {"train-labels-idx1-ubyte.gz", eleven, []string{"example 1", "0 to 9", "came 11"}},
		"sides":        {"train-images-idx3-ubyte.gz", wide, []string{"(n, 28, 28)", "(3, 56, 14)"}},
		"swapped":      {"train-labels-idx1-ubyte.gz", images(3), []string{"labels uint8 (n)", "(3, 28, 28)"}},
		"page":         {"t10k-images-idx3-ubyte", []byte("<html>404</html>"), []string{"t10k-images", "not an IDX file"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := four("", 3, 2)
			files[tt.file] = tt.data
			train, test, err := MNIST(folder(t, files))
			wantError(t, err, append(tt.want, "dataset: MNIST", filepath.Base(tt.file))...)
			if train != nil || test != nil {
				t.Error("sets beside the error")
			}
		})
	}
}
