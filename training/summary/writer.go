package summary

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
)

// WriterConfig configures a Writer. The zero value is good.
type WriterConfig struct {
	// Suffix ends the file's name, as ".validation". TensorBoard reads any.
	Suffix string
	// FlushEvery is how long an event may wait in memory, default 10 s. A negative duration writes
	// every event at once. TensorFlow's FileWriter waits for up to 120 s.
	FlushEvery time.Duration
	// BufferBytes is how many bytes may wait, default 64 KiB.
	BufferBytes int
}

// Writer writes one event file, as tf.summary.FileWriter does. Its methods may be called by several
// goroutines. When the disk fails, that call or a later one says so, at the latest Close; what
// follows is not written any more.
type Writer struct {
	path  string
	every time.Duration
	now   func() time.Time

	mu     sync.Mutex
	file   *os.File
	buffer *bufio.Writer
	timer  *time.Timer // runs while events wait
	closed bool
	err    error // the first one of the disk
}

// NewWriter makes the folder, if it is not there, and in it a new file
// events.out.tfevents.SECONDS.HOST, with its first event. A folder that cannot be written is an
// error.
func NewWriter(dir string, cfg WriterConfig) (*Writer, error) {
	return newWriter(dir, cfg, time.Now)
}

func newWriter(dir string, cfg WriterConfig, now func() time.Time) (*Writer, error) {
	if dir == "" {
		return nil, errors.New("summary: the folder's name is empty; give the folder for the events of this run, such as logs/run1")
	}
	if strings.ContainsAny(cfg.Suffix, `/\`) {
		return nil, errors.Errorf("summary: the Suffix %q has a separator of folders; it ends the name of a file", cfg.Suffix)
	}
	if cfg.BufferBytes < 0 {
		return nil, errors.Errorf("summary: BufferBytes is %d; it must not be negative", cfg.BufferBytes)
	}
	if cfg.BufferBytes == 0 {
		cfg.BufferBytes = 64 << 10
	}
	if cfg.FlushEvery == 0 {
		cfg.FlushEvery = 10 * time.Second
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, errors.Wrap(err, "summary: making the folder of events")
	}
	w := &Writer{every: cfg.FlushEvery, now: now}
	var err error
	if w.file, err = create(dir, cfg.Suffix, now()); err != nil {
		return nil, errors.Wrap(err, "summary: making the file of events")
	}
	w.path = w.file.Name()
	w.buffer = bufio.NewWriterSize(w.file, cfg.BufferBytes)
	if err := w.add(tffile.Event{FileVersion: tffile.EventVersion}); err != nil {
		return nil, w.abandon(err)
	}
	if err := w.Flush(); err != nil {
		return nil, w.abandon(err)
	}
	return w, nil
}

// abandon closes and removes a file whose first event could not be written.
func (w *Writer) abandon(err error) error {
	w.Close()
	os.Remove(w.path)
	return err
}

// create makes a file that is not there yet: two writers may begin in one second.
func create(dir, suffix string, now time.Time) (*os.File, error) {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	name := fmt.Sprintf("events.out.tfevents.%010d.%s", now.Unix(), strings.ReplaceAll(host, "/", "_"))
	for i := 0; ; i++ {
		number := ""
		if i > 0 {
			number = fmt.Sprintf(".%d", i)
		}
		f, err := os.OpenFile(filepath.Join(dir, name+number+suffix), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !os.IsExist(err) || i == 1000 {
			return f, err
		}
	}
}

// Path is the name of the file.
func (w *Writer) Path() string { return w.path }

// add writes an event with the time of now.
func (w *Writer) add(e tffile.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errors.Errorf("summary: %s is closed; nothing can be written to it", w.path)
	}
	if w.err != nil {
		return w.err
	}
	e.WallTime = float64(w.now().UnixMicro()) / 1e6
	if _, err := w.buffer.Write(tffile.AppendRecord(nil, e.Encode())); err != nil {
		return w.fail(err)
	}
	switch {
	case w.every < 0:
		return w.flush()
	case w.timer == nil && w.buffer.Buffered() > 0:
		w.timer = time.AfterFunc(w.every, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			if !w.closed {
				w.flush() // the error is kept
			}
		})
	}
	return nil
}

// Flush writes what waits in memory to the file.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	return w.flush()
}

// flush is Flush for the holder of mu.
func (w *Writer) flush() error {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	if w.err != nil {
		return w.err
	}
	if err := w.buffer.Flush(); err != nil {
		return w.fail(err)
	}
	return nil
}

// fail keeps the first error of the disk.
func (w *Writer) fail(err error) error {
	w.err = errors.Wrapf(err, "summary: writing %s", w.path)
	return w.err
}

// Close writes what waits and closes the file. It returns the first error that writing met, also if
// an earlier call returned it. A second Close does nothing.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	err := w.flush()
	w.closed = true
	if closing := w.file.Close(); closing != nil && err == nil {
		err = errors.Wrapf(closing, "summary: closing %s", w.path)
	}
	return err
}
