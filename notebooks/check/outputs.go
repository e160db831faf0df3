package main

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// executed says what is wrong with the outputs: cells that did not run from top to bottom in a fresh kernel, failed, or
// show what their metadata does not expect. Ranges count where digits holds.
func (n *notebook) executed(digits bool) (problems []string) {
	count, pictures := 0, 0
	for i, c := range n.Cells {
		if c.Type != "code" {
			continue
		}
		count++
		if c.ExecutionCount == nil || *c.ExecutionCount != count {
			problems = append(problems, fmt.Sprintf("%s: wanted execution count %d, as from top to bottom in a fresh kernel, came %s",
				c.label(i), count, c.executionCount()))
		}
		for _, o := range c.Outputs {
			for _, p := range o.malformed() {
				problems = append(problems, c.label(i)+": "+p)
			}
			if o.Data["image/svg+xml"] != nil || o.Data["image/png"] != nil || o.Data["image/jpeg"] != nil {
				pictures++
			}
		}
		for _, p := range c.unmet(digits) {
			problems = append(problems, c.label(i)+": "+p)
		}
	}
	if pictures == 0 {
		problems = append(problems, "there is no picture among the outputs; wanted one at least")
	}
	return problems
}

func (c cell) executionCount() string {
	if c.ExecutionCount == nil {
		return "none"
	}
	return fmt.Sprint(*c.ExecutionCount)
}

// malformed says what is wrong with an output, whatever the cell.
func (o output) malformed() (problems []string) {
	wrong := func(format string, args ...interface{}) { problems = append(problems, fmt.Sprintf(format, args...)) }
	shown := string(o.Text)
	switch o.Type {
	case "error":
		wrong("the cell failed: %s: %s", o.EName, quoted(o.EVal))
	case "stream":
		if o.Name != "stdout" {
			wrong("it writes to %s: %s", o.Name, quoted(shown))
		}
	case "display_data", "execute_result":
		if strings.TrimSpace(o.datum("text/plain")) == "" {
			wrong("an output of %v has no text/plain, or an empty one, for readers without pictures", o.mimes())
		}
		for _, mime := range o.mimes() {
			value := o.datum(mime)
			if err := drawable(mime, value); err != nil {
				wrong("its %s is damaged: %v", mime, err)
			}
			if !strings.HasPrefix(mime, "image/") || mime == "image/svg+xml" {
				shown += "\n" + value
			}
		}
	default:
		wrong("the output type %q is unknown", o.Type)
	}
	if m := machinePath.FindStringSubmatch(shown); m != nil {
		wrong("its output has the path %s, which is of one machine", m[1])
	}
	return problems
}

// drawable tells whether a picture can be one.
func drawable(mime, value string) error {
	switch mime {
	case "image/svg+xml":
		d := xml.NewDecoder(strings.NewReader(value))
		for elements := 0; ; {
			t, err := d.Token()
			switch {
			case errors.Is(err, io.EOF) && elements > 0:
				return nil
			case err != nil:
				return err
			}
			if _, ok := t.(xml.StartElement); ok {
				elements++
			}
		}
	case "image/png", "image/jpeg":
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), ""))
		if err != nil {
			return err
		}
		begins := map[string]string{"image/png": "\x89PNG\r\n\x1a\n", "image/jpeg": "\xff\xd8\xff"}[mime]
		if !slices.Equal(b[:min(len(b), len(begins))], []byte(begins)) {
			return errors.New("it does not begin as such a file does")
		}
	}
	return nil
}
