package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// howToGetJupyter is said where there is none; the kernel is found once there is.
const howToGetJupyter = `Jupyter was not found. To open notebooks, get it with one of
    pip install jupyterlab                                      (any system with Python; then: jupyter lab)
    apt-get install jupyter-notebook                            (Debian, Ubuntu)
    apt-get install jupyter-nbconvert python3-nbclient          (to execute notebooks without a browser)
or open them in Visual Studio Code with its Jupyter extension.`

// jupyter is what is known of Jupyter on this machine.
type jupyter struct {
	missing bool
	data    string // the user's data folder, in whose kernels/ Jupyter looks
}

// findJupyter asks Jupyter for its data folder, and follows Jupyter's rules itself where there is none to ask.
func findJupyter(ctx context.Context) (jupyter, error) {
	out, err := exec.CommandContext(ctx, "jupyter", "--data-dir").Output()
	if dir := strings.TrimSpace(string(out)); err == nil && dir != "" {
		return jupyter{data: dir}, nil
	}
	dir, err := dataFolder(runtime.GOOS, os.UserHomeDir, os.Getenv)
	return jupyter{missing: true, data: dir}, err
}

// dataFolder is Jupyter's data folder by the rules of jupyter_core.paths.jupyter_data_dir.
// An error is home's.
func dataFolder(system string, home func() (string, error), env func(string) string) (string, error) {
	if dir := env("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	inHome := filepath.Join(".local", "share", "jupyter")
	switch system {
	case "darwin":
		inHome = filepath.Join("Library", "Jupyter")
	case "windows":
		if dir := env("APPDATA"); dir != "" {
			return filepath.Join(dir, "jupyter"), nil
		}
		if dir := env("JUPYTER_CONFIG_DIR"); dir != "" {
			return filepath.Join(dir, "data"), nil
		}
		inHome = filepath.Join(".jupyter", "data")
	default:
		if dir := env("XDG_DATA_HOME"); dir != "" {
			return filepath.Join(dir, "jupyter"), nil
		}
	}
	dir, err := home()
	if err != nil {
		return "", fmt.Errorf("no data folder of Jupyter: %w; name a folder by -data", err)
	}
	return filepath.Join(dir, inHome), nil
}

var kernelName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// checkName refuses names that Jupyter does not take for kernels.
func checkName(name string) error {
	if !kernelName.MatchString(name) {
		return fmt.Errorf("-name is %q; want a letter or digit, then letters, digits, '.', '-' and '_' only", name)
	}
	return nil
}
