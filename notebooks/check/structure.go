package main

import (
	"fmt"
	"go/format"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits of a committed notebook.
const (
	maxBytes   = 768 << 10
	maxLines   = 30  // of a code cell
	maxColumns = 108 // of a line of code with tabs of 8, as a page shows without scrolling
)

// kernelName is that of the kernelspec in committed notebooks.
const kernelName = "plexaura"

var (
	fileName    = regexp.MustCompile(`^(\d\d)-[a-z0-9-]+\.ipynb$`)
	cellID      = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	machinePath = regexp.MustCompile(`(?:^|[\s"'(=:,])(/(?:tmp|work|home|root|usr|var|private|Users)/[^\s"']*|[A-Z]:\\(?:Users|Temp|Windows)[^\s"']*)`)
)

// sections are the headings that every notebook has, in order.
var sections = []string{"## What you will learn", "## What we saw", "## Try yourself", "## References"}

// structural says what is wrong with a notebook as a document, whether committed or just executed.
func (n *notebook) structural(path string) (problems []string) {
	wrong := func(format string, args ...interface{}) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if n.Format != 4 || n.FormatMinor < 5 {
		wrong("nbformat: wanted 4.5 or later, where cells have ids, came %d.%d", n.Format, n.FormatMinor)
	}
	if len(n.Cells) == 0 {
		wrong("there are no cells")
		return problems
	}
	var prose strings.Builder
	seen := map[string]bool{}
	for i, c := range n.Cells {
		for _, p := range c.malformed() {
			wrong("%s: %s", c.label(i), p)
		}
		if seen[c.ID] {
			wrong("%s: another cell has this id", c.label(i))
		}
		seen[c.ID] = true
		if c.Type == "markdown" {
			prose.WriteString(string(c.Source) + "\n")
		}
	}
	if m := fileName.FindStringSubmatch(filepath.Base(path)); m == nil {
		wrong("file name: wanted NN-name.ipynb in lower case")
	} else if title := "# " + strings.TrimPrefix(m[1], "0") + ". "; n.Cells[0].Type != "markdown" ||
		!strings.HasPrefix(string(n.Cells[0].Source), title) {
		wrong("the first cell: wanted a title that begins with %q", title)
	}
	at := 0
	for _, heading := range sections {
		i := strings.Index(prose.String()[at:], heading+"\n")
		if i < 0 {
			wrong("there is no %q, or it is out of order: wanted %s", heading, strings.Join(sections, ", "))
			continue
		}
		at += i
	}
	return problems
}

// malformed says what is wrong with the source of a cell and its id.
func (c cell) malformed() (problems []string) {
	wrong := func(format string, args ...interface{}) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if !cellID.MatchString(c.ID) {
		wrong("id: wanted 1 to 40 of a-z, 0-9 and -, came %q", c.ID)
	}
	source := string(c.Source)
	if strings.TrimSpace(source) == "" {
		wrong("the cell is empty")
	}
	if m := machinePath.FindStringSubmatch(source); m != nil {
		wrong("the path %s is of one machine", m[1])
	}
	if c.Type != "code" {
		return problems
	}
	lines := strings.Split(source, "\n")
	if len(lines) > maxLines {
		wrong("%d lines of code; wanted %d at most", len(lines), maxLines)
	}
	for k, line := range lines {
		if n := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "        ")); n > maxColumns {
			wrong("line %d has %d columns; wanted %d at most", k+1, n, maxColumns)
		}
	}
	// What mixes declarations and statements is no Go for gofmt, though it is for the kernel.
	if formatted, err := format.Source([]byte(source)); err == nil && string(formatted) != source {
		wrong("the code is not as gofmt has it:\n%s", formatted)
	}
	return problems
}

// committed says what is wrong with the outer form of a committed notebook: its size, its metadata.
func (n *notebook) committed(bytes int) (problems []string) {
	wrong := func(format string, args ...interface{}) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if bytes > maxBytes {
		wrong("the file has %d bytes; wanted %d at most: draw fewer points, or smaller pictures", bytes, maxBytes)
	}
	if k := n.Metadata.Kernelspec; k.Name != kernelName || k.Language != "go" {
		wrong(`kernelspec: wanted the name %q and the language "go", came %q and %q`, kernelName, k.Name, k.Language)
	}
	if l := n.Metadata.LanguageInfo.Name; l != "go" {
		wrong(`language_info: wanted the name "go", came %q`, l)
	}
	return problems
}
