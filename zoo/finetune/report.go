package finetune

import (
	"fmt"
	"html"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/plexaura/plexaura/training/dataset/image"
)

// Report says what Run did, and how well the network tells the classes apart.
type Report struct {
	Network, Endpoint string
	Classes           []string
	// Pictures has for Train, Validation and, if there is one, Test the number of pictures of each class.
	Pictures []Counts
	Skipped  []image.BadFile
	// Preparing is the time in which pictures were looked through, the network built and its weights loaded.
	Preparing time.Duration
	Phases    []*PhaseReport
	// Validation and Test are measured at the end. The validation pictures ended the phases, unless Config.KeepLast is set, which makes their accuracy a
	// little too high; that of Test is not.
	Validation, Test *Evaluation
	Saved            string // the file that Open opens; empty where none was wanted
	Took             time.Duration
}

// Counts are numbers of pictures of each class.
type Counts struct {
	Part     string // "Train", "Validation" or "Test"
	PerClass []int
}

// add enters a phase, if there was one.
func (r *Report) add(p *PhaseReport) {
	if p != nil {
		r.Phases = append(r.Phases, p)
	}
}

// String gives what was trained on, the phases, and the confusion matrices.
func (r *Report) String() string {
	if r == nil {
		return "no report\n"
	}
	var b strings.Builder
	fmt.Fprintln(&b, r.title())
	for _, table := range [][][]string{r.pictures(), r.phases()} {
		fmt.Fprintln(&b)
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, row := range table {
			fmt.Fprintln(w, strings.Join(row, "\t"))
		}
		w.Flush()
	}
	for _, e := range r.evaluations() {
		fmt.Fprintf(&b, "\n%s: %v", e.name, e.Evaluation)
	}
	if r.Saved != "" {
		fmt.Fprintf(&b, "\nsaved in %s\n", r.Saved)
	}
	return b.String()
}

// SimpleRender shows the report in a notebook.
func (r *Report) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": r.String()}
	if r == nil {
		return shown
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(r.title()))
	for _, table := range [][][]string{r.pictures(), r.phases()} {
		writeTable(&b, table)
	}
	for _, e := range r.evaluations() {
		fmt.Fprintf(&b, "<p>%s: accuracy %.4f, loss %.4f</p>%s", e.name, e.Accuracy, e.Loss, e.Confusion.HTML())
	}
	shown["text/html"] = b.String()
	return shown
}

// writeTable writes rows as HTML, the first of which is the head.
func writeTable(b *strings.Builder, rows [][]string) {
	b.WriteString("<table>")
	for i, row := range rows {
		cell := "td"
		if i == 0 {
			cell = "th"
		}
		b.WriteString("<tr>")
		for _, text := range row {
			fmt.Fprintf(b, "<%s>%s</%s>", cell, html.EscapeString(text), cell)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
}

func (r *Report) title() string {
	return fmt.Sprintf("%s up to %s, %d classes, %.1f s", r.Network, r.Endpoint, len(r.Classes), r.Took.Seconds())
}

// pictures has a row a part and a column a class, but no more than can be read.
func (r *Report) pictures() [][]string {
	const most = 20
	shown := r.Classes[:min(most, len(r.Classes))]
	head := append([]string{"pictures", "all"}, shown...)
	if len(r.Classes) > most {
		head = append(head, "...")
	}
	rows := [][]string{head}
	for _, c := range r.Pictures {
		row := []string{c.Part, ""}
		all := 0
		for class, n := range c.PerClass {
			all += n
			if class < most {
				row = append(row, fmt.Sprint(n))
			}
		}
		row[1] = fmt.Sprint(all)
		rows = append(rows, row)
	}
	if n := len(r.Skipped); n > 0 {
		rows = append(rows, []string{"unreadable", fmt.Sprint(n)})
	}
	return rows
}

// phases has a row a phase.
func (r *Report) phases() [][]string {
	rows := [][]string{{"phase", "parameters", "epochs", "seconds", "of them features", ""}, {"preparing", "", "", seconds(r.Preparing), "", ""}}
	for _, p := range r.Phases {
		remark := ""
		if p.Undone {
			remark = "no better than before: undone"
		}
		rows = append(rows, []string{p.Name, fmt.Sprint(p.Trained), fmt.Sprint(p.Epochs), seconds(p.Took()), seconds(p.Features), remark})
	}
	return rows
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()) }

type named struct {
	name string
	*Evaluation
}

// evaluations are those that there are.
func (r *Report) evaluations() []named {
	var all []named
	if r.Validation != nil {
		all = append(all, named{"validation", r.Validation})
	}
	if r.Test != nil {
		all = append(all, named{"test", r.Test})
	}
	return all
}
