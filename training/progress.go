package training

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// ProgressConfig configures a Progress.
type ProgressConfig struct {
	Out   io.Writer // default: os.Stdout as it is at each call
	Total int       // how many steps; 0 draws a count without a bar
	Label string    // in front of the bar, as "epoch 3/20"
	Width int       // of the bar in characters; default 24
	// Draw draws the bar although Out is no terminal, as in a notebook. Without
	// it, only Line and Finish write to a file or pipe.
	Draw bool
}

// Progress is a progress bar on one line of a terminal:
//
//	epoch 3/20 [===========>            ]  48%  14/29  loss 0.3412
//
// On anything but a terminal it writes whole lines only. It may be used by
// several goroutines.
type Progress struct {
	mu    sync.Mutex
	cfg   ProgressConfig
	now   func() time.Time
	drawn int       // characters on the terminal's line
	last  time.Time // when it was drawn
}

// redraw is how often the bar is drawn at most.
const redraw = 50 * time.Millisecond

// NewProgress returns a progress bar. It writes nothing until it is told to.
func NewProgress(cfg ProgressConfig) *Progress {
	if cfg.Width <= 0 {
		cfg.Width = 24
	}
	return &Progress{cfg: cfg, now: time.Now}
}

// Start begins another round, such as an epoch, with a label and a total of its
// own.
func (p *Progress) Start(label string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cfg.Label, p.cfg.Total = label, total
	p.last = time.Time{}
}

// Update shows that so many steps are done, followed by a formatted text. It
// draws twenty times a second at most, and always at the last step.
func (p *Progress) Update(done int, format string, args ...interface{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.out()
	if !p.cfg.Draw && !isTerminal(out) {
		return
	}
	now := p.now()
	if !p.last.IsZero() && now.Sub(p.last) < redraw && done != p.cfg.Total {
		return
	}
	p.last = now
	text := p.bar(done)
	if format != "" {
		text += "  " + fmt.Sprintf(format, args...)
	}
	text = strings.ReplaceAll(text, "\n", " ")
	n := utf8.RuneCountInString(text)
	fmt.Fprint(out, "\r", text, strings.Repeat(" ", max(0, p.drawn-n)))
	p.drawn = n
}

// bar formats label, bar and count.
func (p *Progress) bar(done int) string {
	var b strings.Builder
	if p.cfg.Label != "" {
		b.WriteString(p.cfg.Label + " ")
	}
	total := p.cfg.Total
	if total <= 0 {
		fmt.Fprintf(&b, "%d", done)
		return b.String()
	}
	done = min(max(done, 0), total)
	full := int(int64(done) * int64(p.cfg.Width) / int64(total))
	b.WriteString("[" + strings.Repeat("=", full))
	if full < p.cfg.Width {
		b.WriteString(">" + strings.Repeat(" ", p.cfg.Width-full-1))
	}
	digits := len(fmt.Sprint(total))
	fmt.Fprintf(&b, "] %3d%%  %*d/%d", int64(done)*100/int64(total), digits, done, total)
	return b.String()
}

// Line writes a formatted line in place of the bar.
func (p *Progress) Line(format string, args ...interface{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.out()
	text := fmt.Sprintf(format, args...)
	if p.drawn > 0 {
		fmt.Fprint(out, "\r", text, strings.Repeat(" ", max(0, p.drawn-utf8.RuneCountInString(text))), "\n")
	} else {
		fmt.Fprint(out, text, "\n")
	}
	p.drawn, p.last = 0, time.Time{}
}

// Finish ends the line that the bar stands on, if there is one.
func (p *Progress) Finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn > 0 {
		fmt.Fprintln(p.out())
	}
	p.drawn, p.last = 0, time.Time{}
}

func (p *Progress) out() io.Writer {
	if p.cfg.Out == nil {
		return os.Stdout
	}
	return p.cfg.Out
}

// isTerminal tells whether w is a character device.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
