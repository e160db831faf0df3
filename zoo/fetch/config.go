package fetch

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pkg/errors"
)

// Config says where files are looked for, and how they are downloaded. The zero value has the defaults.
type Config struct {
	// Cache is the folder that files are kept in; default PLEXAURA_CACHE of the environment, or "plexaura" in the user's cache
	// folder (os.UserCacheDir).
	Cache string
	// Mirrors are folders that are only read; default those of PLEXAURA_MIRRORS, separated as in PATH. A file lies in a folder of the
	// set's name there, or directly.
	Mirrors []string
	// Offline never downloads; so does PLEXAURA_OFFLINE of the environment, if it is not empty.
	Offline bool
	// Unchecked allows files of which no checksum is known.
	Unchecked bool
	// Client makes the requests; default one that honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY. Its redirects are
	// followed within a scheme only.
	Client *http.Client
	// Limit bounds the files whose length is not known, in bytes; default 4 GiB.
	Limit int64
	// Stall is how long a server may send nothing; default 30 seconds.
	Stall time.Duration
	// Tries is how often each URL is tried when a connection breaks or the server is busy; default 4. Between them the wait
	// doubles, from half a second on.
	Tries int
	// Progress is told while a file comes how many bytes of it are there; total is 0 where that is not known.
	Progress func(name string, done, total int64)

	pause time.Duration // the first wait, for tests
}

// withDefaults fills in what is zero.
func (c Config) withDefaults() (Config, error) {
	if c.Cache == "" {
		c.Cache = os.Getenv("PLEXAURA_CACHE")
	}
	if c.Cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return c, errors.Wrap(err, "the user has no cache folder; PLEXAURA_CACHE names one")
		}
		c.Cache = filepath.Join(dir, "plexaura")
	}
	if c.Mirrors == nil {
		c.Mirrors = slices.DeleteFunc(filepath.SplitList(os.Getenv("PLEXAURA_MIRRORS")), func(folder string) bool { return folder == "" })
	}
	c.Offline = c.Offline || os.Getenv("PLEXAURA_OFFLINE") != ""
	if c.Client == nil {
		c.Client = &http.Client{}
	}
	client := *c.Client
	client.CheckRedirect = sameScheme(client.CheckRedirect)
	c.Client = &client
	if c.Limit == 0 {
		c.Limit = 4 << 30
	}
	if c.Stall == 0 {
		c.Stall = 30 * time.Second
	}
	if c.Tries == 0 {
		c.Tries = 4
	}
	if c.pause == 0 {
		c.pause = time.Second / 2
	}
	if c.Progress == nil {
		c.Progress = func(string, int64, int64) {}
	}
	if c.Limit < 0 || c.Stall < 0 || c.Tries < 0 {
		return c, errors.Errorf("Limit %d, Stall %v, Tries %d: want none negative", c.Limit, c.Stall, c.Tries)
	}
	return c, nil
}

// sameScheme refuses redirects from https to http, and to anything else, and more than ten.
func sameScheme(then func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(r *http.Request, via []*http.Request) error {
		switch {
		case r.URL.Scheme != via[0].URL.Scheme:
			return &finalError{errors.Errorf("it redirects from %s to %s", via[0].URL.Scheme, r.URL.Scheme)}
		case len(via) >= 10:
			return &finalError{errors.New("it redirects ten times")}
		case then != nil:
			return then(r, via)
		}
		return nil
	}
}
