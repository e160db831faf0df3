package dataset

import (
	"path/filepath"
	"testing"
)

// onlyData makes dir the only place where data sets are looked for; Debian's package of
// Fashion-MNIST is out of a test's reach, so it counts as absent.
func onlyData(t *testing.T, dir string) {
	t.Helper()
	t.Setenv(dataEnv, dir)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	t.Setenv("LocalAppData", t.TempDir())
	debian := fashionMNIST.debian
	fashionMNIST.debian = filepath.Join(t.TempDir(), "absent")
	t.Cleanup(func() { fashionMNIST.debian = debian })
}

func wantNames(t *testing.T, cfg AnyImagesConfig, name string, pixels int, sizes ...int) {
	t.Helper()
	train, validation, test, err := AnyImages(cfg)
	if err != nil {
		t.Errorf("%+v: %v", cfg, err)
		return
	}
	for i, s := range []*Set{train, validation, test} {
		if folder := filepath.Dir(s.Name); folder != name || s.Len() != sizes[i] || s.X.Shape()[1] != pixels || len(s.Classes) != 10 && name != "digits" {
			t.Errorf("%+v: part %d: %v, want %d of %s with %d pixels", cfg, i, s, sizes[i], name, pixels)
		}
	}
}

func TestAnyImages(t *testing.T) {
	onlyData(t, t.TempDir())
	wantNames(t, AnyImagesConfig{}, "digits", 64, 1257, 180, 360)
	wantNames(t, AnyImagesConfig{Limit: 500}, "digits", 64, 500, 100, 100)

	onlyData(t, folder(t, four("fashion-mnist", 100, 30)))
	wantNames(t, AnyImagesConfig{}, "fashion-mnist", 784, 90, 10, 30)
	wantNames(t, AnyImagesConfig{Limit: 20}, "fashion-mnist", 784, 20, 4, 4)
	wantNames(t, AnyImagesConfig{Name: "digits"}, "digits", 64, 1257, 180, 360)
	_, _, _, err := AnyImages(AnyImagesConfig{Name: "mnist"})
	wantError(t, err, "AnyImages", "no MNIST files")

	both := four("fashion-mnist", 100, 30)
	for name, file := range four("mnist", 60, 20) {
		both[name] = file
	}
	onlyData(t, folder(t, both))
	wantNames(t, AnyImagesConfig{}, "mnist", 784, 54, 6, 20)
	wantNames(t, AnyImagesConfig{Name: "fashion"}, "fashion-mnist", 784, 90, 10, 30)
}

// A file that is found and is damaged must not be passed over in silence.
func TestAnyImagesDamaged(t *testing.T) {
	files := four("mnist", 60, 20)
	for name := range files {
		if filepath.Base(name) == "t10k-images-idx3-ubyte" {
			files[name] = files[name][:1000]
		}
	}
	onlyData(t, folder(t, files))
	_, _, _, err := AnyImages(AnyImagesConfig{})
	wantError(t, err, "AnyImages", "t10k-images")
}

func TestAnyImagesBadConfig(t *testing.T) {
	_, _, _, err := AnyImages(AnyImagesConfig{Name: "imagenet"})
	wantError(t, err, "AnyImages", "imagenet", `"fashion"`)
	_, _, _, err = AnyImages(AnyImagesConfig{Limit: -1})
	wantError(t, err, "AnyImages", "Limit", "-1")
}
