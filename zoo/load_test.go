package zoo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// namesOf returns the names and shapes of a published file, whose width is 0 where it is the whole network's.
func namesOf(t testing.TB, port Port, network string, width float64) listed {
	t.Helper()
	files := publishedFiles(t)
	i := slices.IndexFunc(files, func(l listed) bool { return l.port == port && l.network == network && l.width == width })
	if i < 0 {
		t.Fatalf("there is no list of %v's %s", port, network)
	}
	return files[i]
}

// random draws the values of tensor number i, from 0 to 1, as variances must not be negative.
func random(i int, shape []int) []float32 {
	r := rand.New(rand.NewSource(int64(i)))
	values := make([]float32, tensor.Shape(shape).TotalSize())
	for k := range values {
		values[k] = r.Float32()
	}
	return values
}

// pretrainedNet is a network in a graph with a session, all variables initialised.
type pretrainedNet struct {
	*Model
	sess   *graph.Session
	before map[string][]float32
}

// begin builds an entry of which a server has content as the file, with the checksum of that.
func begin(t *testing.T, name string, cfg Config, content []byte) pretrainedNet {
	t.Helper()
	entry, err := Describe(name)
	if err != nil {
		t.Fatal(err)
	}
	return beginFiles(t, name, cfg, []served{{entry.Files[0].Name, content}})
}

// beginFiles builds an entry whose files are those of a server, with their checksums.
func beginFiles(t *testing.T, name string, cfg Config, files []served) pretrainedNet {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := slices.IndexFunc(files, func(f served) bool { return "/"+f.name == r.URL.Path })
		if i < 0 {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(files[i].content))
	}))
	t.Cleanup(server.Close)
	if cfg.Fetch.Cache == "" {
		cfg.Fetch.Cache = t.TempDir()
	}
	var published []fetch.File
	for _, f := range files {
		published = append(published, fetch.File{Name: f.name, URLs: []string{server.URL + "/" + f.name}, SHA256: sumOf(f.content)})
	}
	n, err := newPretrainedNet(name, cfg, published)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.sess.Close() })
	n.before = n.values(t)
	return n
}

// newPretrainedNet builds an entry whose files are others than the published ones, and initialises its variables.
func newPretrainedNet(name string, cfg Config, files []fetch.File) (pretrainedNet, error) {
	cfg.Fetch.Tries = 1
	if cfg.Fetch.Mirrors == nil {
		cfg.Fetch.Mirrors = []string{}
	}
	g := graph.New(graph.Config{Seed: 1})
	m := Build(g.Scope().Sub("net"), name, graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 224, 224, 3), cfg)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return pretrainedNet{}, err
	}
	files[0].Members = m.entry.Files[0].Members
	m.entry.Files = files
	return pretrainedNet{Model: m, sess: sess}, sess.Init()
}

// sumOf is the SHA-256 of a file.
func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// values returns those of all variables by name.
func (n pretrainedNet) values(t *testing.T) map[string][]float32 {
	t.Helper()
	all := map[string][]float32{}
	for name, v := range n.byName() {
		x, err := n.sess.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = slices.Clone(x.Data().([]float32))
	}
	return all
}

// pretrainedName is the smallest network of torchvision's.
const pretrainedName = "torchvision/squeezenet1_1"

// A state dict as PyTorch writes it is fetched and read: with the classifier, with a new one, and without.
func TestLoadTorchvision(t *testing.T) {
	l := namesOf(t, Torchvision, "SqueezeNet 1.1", 0)
	content := stateDict(t, l, random)
	for _, cfg := range []Config{{}, {Classes: 5}, {NoTop: true}} {
		n := begin(t, pretrainedName, cfg, content)
		if err := n.Load(context.Background(), n.sess); err != nil {
			t.Fatalf("%+v: %v", cfg, err)
		}
		after := n.values(t)
		if want := map[bool]int{false: 52, true: 50}[cfg.NoTop]; len(after) != want {
			t.Errorf("%+v: %d variables; want %d", cfg, len(after), want)
		}
		for name, values := range after {
			kept := reflect.DeepEqual(values, n.before[name])
			if head := strings.HasPrefix(name, "conv10/"); kept != (head && cfg.Classes == 5) {
				t.Errorf("%+v: %s keeps its value: %v", cfg, name, kept)
			}
		}
		stored := random(0, l.tensors[0].Shape) // OIHW
		kernel := after["conv1/kernel"]         // HWIO
		for o := range 64 {
			for i := range 27 { // (channel*3 + row)*3 + column
				if got, want := kernel[(i%9*3+i/9)*64+o], stored[o*27+i]; got != want {
					t.Fatalf("%+v: conv1/kernel has %v where %v is stored", cfg, got, want)
				}
			}
		}
	}
}

// What cannot be loaded says why, and leaves all variables as they were.
func TestLoadBadInput(t *testing.T) {
	l := namesOf(t, Torchvision, "SqueezeNet 1.1", 0)
	good := stateDict(t, l, random)
	with := func(bad float32) []byte {
		return stateDict(t, l, func(i int, shape []int) []float32 {
			values := random(i, shape)
			if i == 7 {
				values[3] = bad
			}
			return values
		})
	}
	fewer := l
	fewer.tensors = l.tensors[:40]
	withoutHead := l
	withoutHead.tensors = l.tensors[:50]
	notAFolder := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(notAFolder, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		what    string
		content []byte
		cfg     Config
		change  func(n *pretrainedNet)
		ctx     context.Context
		want    string
	}{
		{what: "wrong checksum", content: good, change: func(n *pretrainedNet) { n.entry.Files[0].SHA256 = strings.Repeat("ab", 32) }, want: "SHA-256"},
		{what: "half file", content: good[:len(good)/2],
			change: func(n *pretrainedNet) { n.entry.Files[0].Bytes = int64(len(good)) }, want: "want " + strconv.Itoa(len(good))},
		{what: "half file with its checksum", content: good[:len(good)/2], want: "zip"},
		{what: "no network", content: good, cfg: Config{Fetch: fetch.Config{Offline: true}}, want: "nothing is downloaded offline"},
		{what: "a dead server", content: good,
			change: func(n *pretrainedNet) { n.entry.Files[0].URLs = []string{"http://127.0.0.1:1/x"} }, want: "could not be downloaded"},
		{what: "a cache that cannot be written", content: good, cfg: Config{Fetch: fetch.Config{Cache: notAFolder}}, want: "PLEXAURA_CACHE"},
		{what: "NaN", content: with(float32(math.NaN())), want: "element 3 is NaN"},
		{what: "infinity", content: with(float32(math.Inf(-1))), want: l.tensors[7].Name},
		{what: "another architecture", content: stateDict(t, namesOf(t, Torchvision, "SqueezeNet 1.0", 0), random), want: "mismatched"},
		{what: "tensors are missing", content: stateDict(t, fewer, random), want: "want 9 of them"},
		{what: "tensors are missing of what is left out", content: stateDict(t, fewer, random), cfg: Config{NoTop: true}, want: "want 9 of them"},
		{what: "the classifier is missing", content: stateDict(t, withoutHead, random), want: "missing: conv10/kernel"},
		{what: "no checksum", content: good, change: func(n *pretrainedNet) { n.entry.Files[0].SHA256 = "" }, want: "Config.Unchecked"},
		{what: "cancelled", content: good, ctx: cancelled, want: "canceled"},
	} {
		n := begin(t, pretrainedName, c.cfg, c.content)
		if c.change != nil {
			c.change(&n)
		}
		if c.ctx == nil {
			c.ctx = context.Background()
		}
		if err := n.Load(c.ctx, n.sess); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), pretrainedName) {
			t.Errorf("%s: got %v; want %s", c.what, err, c.want)
		}
		if !reflect.DeepEqual(n.values(t), n.before) {
			t.Errorf("%s: variables have changed", c.what)
		}
	}
	n, other := begin(t, pretrainedName, Config{}, good), begin(t, pretrainedName, Config{}, good)
	var none *Model
	for want, err := range map[string]error{
		"of another graph":          n.Load(context.Background(), other.sess),
		"the session is nil":        n.Load(context.Background(), nil),
		"no such file":              n.LoadFile(n.sess, filepath.Join(t.TempDir(), "none.pth")),
		"the model is nil":          none.LoadFile(n.sess, ""),
		"was not built by zoo.Buil": notBuilt(t).LoadFile(n.sess, ""),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

// A cache that has the file is only read.
func TestLoadReadOnlyCache(t *testing.T) {
	content := stateDict(t, namesOf(t, Torchvision, "SqueezeNet 1.1", 0), random)
	cache := t.TempDir()
	folder := filepath.Join(cache, pretrainedName)
	n := begin(t, pretrainedName, Config{Fetch: fetch.Config{Cache: cache, Offline: true}}, content)
	path := filepath.Join(folder, n.entry.Files[0].Name)
	err := os.MkdirAll(folder, 0o777)
	if err == nil {
		err = os.WriteFile(path, content, 0o444)
	}
	if err == nil {
		err = os.Chmod(folder, 0o555) // root may write even so
	}
	if err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(folder, 0o777)
	if err := n.Load(context.Background(), n.sess); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
		t.Errorf("the cache has %v, %v", files, err)
	}
}

// Loading ends where its context does, while the file comes; the next time goes on.
func TestLoadCancelled(t *testing.T) {
	content := stateDict(t, namesOf(t, Torchvision, "SqueezeNet 1.1", 0), random)
	ctx, cancel := context.WithCancel(context.Background())
	cfg := Config{Fetch: fetch.Config{Progress: func(name string, done, total int64) {
		if done > total/2 {
			cancel()
		}
	}}}
	n := begin(t, pretrainedName, cfg, content)
	if err := n.Load(ctx, n.sess); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v; want that it is cancelled", err)
	}
	if !reflect.DeepEqual(n.values(t), n.before) {
		t.Error("variables have changed")
	}
	if err := n.Load(context.Background(), n.sess); err != nil {
		t.Error(err)
	}
}

// notBuilt is a network that Build has not made.
func notBuilt(t *testing.T) *Model {
	t.Helper()
	g := graph.New(graph.Config{})
	return LeNet5(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 32, 32, 1), Config{})
}
