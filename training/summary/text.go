package summary

import (
	"fmt"
	"sort"
	"strings"

	"github.com/plexaura/plexaura/internal/tffile"
)

// Text writes a text in Markdown under a tag (tf.summary.text). TensorBoard shows it as HTML,
// without scripts or styles.
func (w *Writer) Text(tag string, step int64, markdown string) error {
	t, err := tffile.NewStrings("", nil, []string{strings.ToValidUTF8(markdown, "\uFFFD")})
	if err != nil {
		return err
	}
	return w.summary(step, tffile.Summary{Tag: tag, Plugin: "text", Tensor: &t})
}

// HyperParameters writes the settings of a run as a table of names and values, in the order of the
// names, at step 0 under the tag "hyperparameters".
func (w *Writer) HyperParameters(values map[string]interface{}) error {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString("| name | value |\n|---|---|\n")
	for _, name := range names {
		fmt.Fprintf(&b, "| %s | %s |\n", cell(name), cell(fmt.Sprint(values[name])))
	}
	return w.Text("hyperparameters", 0, b.String())
}

// cell makes a text one cell of a table in Markdown.
func cell(s string) string { return strings.NewReplacer("|", `\|`, "\r", " ", "\n", " ").Replace(s) }
