package fetch_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/plexaura/plexaura/zoo/fetch"
)

func ExampleFetch() {
	weights := []byte("weights")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(weights) }))
	defer server.Close()
	cache, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(cache)

	sum := sha256.Sum256(weights)
	folder, err := fetch.Fetch(context.Background(), "example/net", []fetch.File{
		{Name: "net.pth", URLs: []string{server.URL + "/net.pth"}, SHA256: hex.EncodeToString(sum[:])},
	}, fetch.Config{Cache: cache})
	if err != nil {
		panic(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "net.pth"))
	fmt.Println(string(text), err)
	// Output: weights <nil>
}
