package dataset

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// MNIST reads the hand-written digits of LeCun, Cortes and Burges: X float32
// [n, 784], the 28 rows of 28 pixels, from 0 (paper) to 1 (ink, 255 in the file);
// Y the digit, int64 [n]. The original has 60,000 examples to train on and
// 10,000 for the test. Reshape(28, 28, 1) makes pictures of them, Split or Slice
// takes a validation set from train.
//
// The four files are train-images-idx3-ubyte, train-labels-idx1-ubyte,
// t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each packed with gzip (.gz) or
// not; '.' in place of the last '-' is accepted. They are looked for
//
//   - in dir, then dir/mnist, and nowhere else, where dir is given;
//   - else in $PLEXAURA_DATA/mnist, then $PLEXAURA_DATA;
//   - then in plexaura/mnist below the user's cache (os.UserCacheDir).
//
// The first folder that has a file of images is taken; there, a missing or damaged
// file is an error. Where no folder has one, the error says how to get them.
//
// Partial sets: images and labels must be as many. But where a folder has no
// train-images file, train10k-images-idx3-ubyte, the first 10,000 of them, stands
// in; its labels are in train10k-labels-idx1-ubyte, or else the first ones of
// train-labels-idx1-ubyte. Set.Len and Set.String tell how many came.
func MNIST(dir string) (train, test *Set, err error) {
	return mnist.load(dir)
}

// FashionMNIST reads the pictures of clothes of Xiao, Rasul and Vollgraf
// (Zalando, 2017, MIT licence), which has the sizes, the types and the file names
// of MNIST: X float32 [n, 784] from 0 to 1, Y int64 [n], 60,000 examples to train on
// and 10,000 for the test.
//
// The files are looked for as those of MNIST are, with fashion-mnist as the name of
// the folder, and last where Debian's package dataset-fashion-mnist puts them.
func FashionMNIST(dir string) (train, test *Set, err error) {
	return fashionMNIST.load(dir)
}

// mnistFamily is a data set in the four files of MNIST.
type mnistFamily struct {
	title    string
	function string
	folder   string
	classes  []string
	debian   string  // folder of a Debian package, or ""
	howTo    string  // how to get the files
	first    []uint8 // the first test labels, to tell one family from the other
}

var mnist = &mnistFamily{
	title:    "MNIST",
	function: "MNIST",
	folder:   "mnist",
	classes:  []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
	howTo:    "download the four .gz files from https://storage.googleapis.com/cvdf-datasets/mnist/",
	first:    []uint8{7, 2, 1, 0, 4, 1, 4, 9, 5, 9},
}

var fashionMNIST = &mnistFamily{
	title:    "Fashion-MNIST",
	function: "FashionMNIST",
	folder:   "fashion-mnist",
	classes: []string{
		"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
		"Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
	},
	debian: "/usr/share/datasets/fashion-mnist",
	howTo:  "apt-get install dataset-fashion-mnist, or download the four .gz files from https://github.com/zalandoresearch/fashion-mnist",
	first:  []uint8{9, 2, 1, 1, 6, 1, 4, 6, 5, 7},
}

const mnistSide = 28

func (m *mnistFamily) load(dir string) (train, test *Set, err error) {
	folder, err := m.find(dir)
	if err != nil {
		return nil, nil, errors.WithMessage(err, "dataset: "+m.function)
	}
	test, err = m.part(folder, "test", "t10k")
	if err == nil {
		train, err = m.part(folder, "train", "train")
	}
	if err != nil {
		return nil, nil, errors.WithMessage(err, "dataset: "+m.function)
	}
	return train, test, nil
}

// part reads images and labels, the files of a folder that begin with prefix.
func (m *mnistFamily) part(folder, name, prefix string) (*Set, error) {
	images, labels, partial, err := partFiles(folder, prefix)
	if err != nil {
		return nil, err
	}
	y, err := readLabels(labels, len(m.classes))
	if err != nil {
		return nil, err
	}
	if other := m.otherFamily(); prefix == "t10k" && begins(y, other.first) {
		return nil, errors.Errorf("the files in %s are those of %s; call dataset.%s, or give another folder", folder, other.title, other.function)
	}
	x, err := readImages(images)
	if err != nil {
		return nil, err
	}
	n := x.Shape()[0]
	if len(y) != n && !(partial && len(y) > n) {
		return nil, errors.Errorf("wanted as many labels as images, came %d images in %s and %d labels in %s", n, images, len(y), labels)
	}
	return &Set{
		X:       x,
		Y:       tensor.New(tensor.WithShape(n), tensor.WithBacking(y[:n:n])),
		Classes: append([]string(nil), m.classes...),
		Name:    m.folder + "/" + name,
	}, nil
}

func (m *mnistFamily) otherFamily() *mnistFamily {
	if m == mnist {
		return fashionMNIST
	}
	return mnist
}

// begins tells whether the labels of a full test set are those of first.
func begins(labels []int64, first []uint8) bool {
	if len(labels) != 10000 {
		return false
	}
	for i, l := range first {
		if labels[i] != int64(l) {
			return false
		}
	}
	return true
}

// readImages reads uint8 [n, 28, 28] as float32 [n, 784], divided by 255.
func readImages(path string) (*tensor.Dense, error) {
	t, err := openIDX(path)
	if err != nil {
		return nil, err
	}
	shape := t.Shape()
	raw, ok := t.Data().([]uint8)
	if !ok || len(shape) != 3 || shape[1] != mnistSide || shape[2] != mnistSide {
		return nil, errors.Errorf("%s: wanted images uint8 (n, %d, %d), came %v %v", path, mnistSide, mnistSide, t.Dtype(), shape)
	}
	var scaled [256]float32
	for i := range scaled {
		scaled[i] = float32(i) / 255
	}
	out := make([]float32, len(raw))
	for i, b := range raw {
		out[i] = scaled[b]
	}
	return tensor.New(tensor.WithShape(shape[0], mnistSide*mnistSide), tensor.WithBacking(out)), nil
}

// readLabels reads uint8 [n] as class ids below classes.
func readLabels(path string, classes int) ([]int64, error) {
	t, err := openIDX(path)
	if err != nil {
		return nil, err
	}
	raw, ok := t.Data().([]uint8)
	if !ok || len(t.Shape()) != 1 {
		return nil, errors.Errorf("%s: wanted labels uint8 (n), came %v %v", path, t.Dtype(), t.Shape())
	}
	out := make([]int64, len(raw))
	for i, b := range raw {
		if int(b) >= classes {
			return nil, errors.Errorf("%s: label of example %d: wanted 0 to %d, came %d", path, i, classes-1, b)
		}
		out[i] = int64(b)
	}
	return out, nil
}
