package show

import (
	"fmt"
	"sort"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Session shows the values that a session keeps, as Variables does, and the memory that it takes.
func Session(sess *graph.Session) (v *View) {
	defer guarded("a session", &v)
	if sess == nil {
		return plain("no session")
	}
	v = Variables(sess.Graph(), VariablesConfig{Session: sess})
	title := fmt.Sprintf("session, %.1f MB", float64(sess.MemoryReport().TotalBytes())/1e6)
	if n := len(sess.Uninitialized()); n > 0 {
		title += fmt.Sprintf(", %s without a value: call Init", counted(n, "variable"))
	}
	return &View{text: title + "\n" + v.text, html: fmt.Sprintf("<div><div>%s</div>%s</div>", escape(title), v.page())}
}

// Feeds shows what a Run is given: each node with the dtype and shape that it wants, and what it gets.
func Feeds(feeds graph.Feeds) (v *View) {
	defer guarded("feeds", &v)
	if len(feeds) == 0 {
		return plain("no feeds")
	}
	rows := [][]string{}
	for n, value := range feeds {
		row := []string{nodeName(n), graph.SpecOf(n).String(), fmt.Sprintf("%T", value)}
		switch value := value.(type) {
		case tensor.Tensor:
			if !isNil(value) {
				row[2] = graph.Spec{Dtype: value.Dtype(), Shape: value.Shape()}.String()
			}
		case bool, int, int32, int64, uint8, float32, float64, *gorgonia.F32, *gorgonia.F64:
			row[2] += " " + fmt.Sprint(value)
		}
		rows = append(rows, row)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0] < rows[j][0] })
	rows = append([][]string{{"node", "wants", "gets"}}, rows...)
	if len(rows) > maxNodes {
		rows = append(rows[:maxNodes], []string{fmt.Sprintf("… %s more", grouped(len(rows)-maxNodes))})
	}
	return listing(counted(len(feeds), "feed"), rows, 3)
}
