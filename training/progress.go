package training

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
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

// Progress is a progress bar on one line of a terminal, with the rate of late
// and the times passed and left:
//
//	epoch 3/20  48% [===========>            ] (14/29, 93 steps/s) [1s:2s]  loss 0.3412
//
// On anything but a terminal it writes whole lines only. It may be used by
// several goroutines. Package progressbar makes the bar's text; the line is
// written here, since an output that is a file or a notebook wants no escapes.
type Progress struct {
	mu    sync.Mutex
	cfg   ProgressConfig
	bar   *progressbar.ProgressBar // of this round; nil before its first Update
	now   func() time.Time
	drawn int       // characters on the terminal's line
	last  time.Time // when it was drawn

	asked    io.Writer // what terminal is known of: asking takes longer than all else in a step
	terminal bool
}

// redraw is how often the bar is drawn at most, as of tqdm (mininterval).
const redraw = 100 * time.Millisecond

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
	p.bar, p.last = p.newBar(), time.Time{}
}

// newBar begins the bar of a round, whose clock runs from now.
func (p *Progress) newBar() *progressbar.ProgressBar {
	total := p.cfg.Total
	if total <= 0 {
		total = -1 // unknown
	}
	bar := progressbar.NewOptions(total,
		progressbar.OptionSetWriter(io.Discard),
		progressbar.OptionSetWidth(p.cfg.Width),
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "=", SaucerHead: ">", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("steps"),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionSetSpinnerChangeInterval(0), // else it starts a goroutine
		progressbar.OptionSpinnerCustom([]string{""}),
	)
	bar.StartWithoutRender()
	return bar
}

// Update shows that so many steps are done, followed by a formatted text. It
// draws ten times a second at most, and always at the last step.
func (p *Progress) Update(done int, format string, args ...interface{}) {
	p.UpdateFunc(done, func() string {
		if format == "" {
			return ""
		}
		return fmt.Sprintf(format, args...)
	})
}

// UpdateFunc is Update with a text that is made only if it is drawn.
func (p *Progress) UpdateFunc(done int, text func() string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.out()
	if !p.cfg.Draw && !p.isTerminal(out) {
		return
	}
	if p.bar == nil {
		p.bar = p.newBar()
	}
	now := p.now()
	if !p.last.IsZero() && now.Sub(p.last) < redraw && done != p.cfg.Total {
		return
	}
	p.last = now
	line := p.text(done)
	if t := text(); t != "" {
		line += "  " + t
	}
	line = strings.ReplaceAll(line, "\n", " ")
	n := utf8.RuneCountInString(line)
	fmt.Fprint(out, "\r", line, strings.Repeat(" ", max(0, p.drawn-n)))
	p.drawn = n
}

// text formats label and bar.
func (p *Progress) text(done int) string {
	done = max(done, 0)
	if p.cfg.Total > 0 {
		done = min(done, p.cfg.Total)
	}
	_ = p.bar.Set(done) // it writes to io.Discard, and done is in range
	bar := strings.TrimSpace(p.bar.String())
	if p.cfg.Label == "" {
		return bar
	}
	return p.cfg.Label + "  " + bar
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
func (p *Progress) isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	if p.asked != w {
		info, err := f.Stat()
		p.asked, p.terminal = w, err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p.terminal
}
