package weightstest

import (
	"os"
	"path/filepath"
	"testing"
)

// Published returns a path in the folder of files that others have published, which are not part of the
// repository: $PLEXAURA_DATA, or shared/data beside the repository. The test is skipped where it is not there.
func Published(t testing.TB, path ...string) string {
	t.Helper()
	root := os.Getenv("PLEXAURA_DATA")
	if root == "" {
		repository, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for !isRepository(repository) && repository != filepath.Dir(repository) {
			repository = filepath.Dir(repository)
		}
		root = filepath.Join(filepath.Dir(repository), "shared", "data")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the shared test data is not at %s; PLEXAURA_DATA names its folder", root)
	}
	return filepath.Join(append([]string{root}, path...)...)
}

func isRepository(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}
