package tffile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

// repeated is a text so often that it is long, each time with its number for #######.
func repeated(text string) string {
	var b strings.Builder
	for i := 0; b.Len() < budgettest.Small; i++ {
		b.WriteString(strings.ReplaceAll(text, "#######", fmt.Sprintf("%07d", i)))
	}
	return b.String()
}

// A graph takes four times the memory of its text, too, and a room beside, or is refused: in the wire format it is longer where it has small numbers.
func TestMemoryOfText(t *testing.T) {
	budgettest.Lower(t)
	const refused = "takes much more memory"
	const attr, jsonAttr = `node{name:"a" op:"A" attr{key:"x" value{`, `{"node":{"name":"a","op":"A","attr":{"x":`
	// The part in the middle is there again and again.
	for name, c := range map[string]struct {
		text, json [3]string
		want       string
	}{
		"nodes":       {[3]string{"", `node{}`, ""}, [3]string{`{"node":[`, `{},`, `{}]}`}, refused},
		"named nodes": {[3]string{"", `node{name:"#######" op:"A"}`, ""}, [3]string{`{"node":[`, `{"name":"#######","op":"A"},`, `{}]}`}, refused},
		"integers":    {[3]string{attr + `list{i:[`, `-1,`, `-1]}}}}`}, [3]string{jsonAttr + `{"list":{"i":[`, `-1,`, `-1]}}}}}`}, refused},
		"sizes":       {[3]string{attr + `shape{`, `dim{}`, `}}}}`}, [3]string{jsonAttr + `{"shape":{"dim":[`, `{},`, `{}]}}}}}`}, "rank over 254"},
		"float64": {[3]string{attr + `tensor{dtype:DT_DOUBLE double_val:[`, `0,`, `0]}}}}`},
			[3]string{jsonAttr + `{"tensor":{"double_val":[`, `0,`, `0]}}}}}`}, refused},
		"a text": {[3]string{attr + `s:"`, `x`, `"}}}`}, [3]string{jsonAttr + `{"s":"`, `QUFB`, `"}}}}`}, refused},
		"texts": {[3]string{attr + `list{s:[`, `"` + strings.Repeat("x", 1000) + `",`, `""]}}}}`},
			[3]string{jsonAttr + `{"list":{"s":[`, `"` + strings.Repeat("QUFB", 250) + `",`, `""]}}}}}`}, ""},
		"what is not known": {[3]string{"", `x{}`, ""}, [3]string{`{"x":[`, `{},`, `{}]}`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for form, parts := range map[string][3]string{"text": c.text, "JSON": c.json} {
				text := parts[0] + repeated(parts[1]) + parts[2]
				b := []byte(text)
				var err error
				budgettest.Peak(t, len(text), func() any {
					var g GraphDef
					if form == "text" {
						g, err = ParseGraphText(text)
					} else {
						g, err = ParseGraphJSON(b, budget.Of(int64(len(b))))
					}
					return g
				})
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
					t.Errorf("%s: got %.300v; want %q", form, err, c.want)
				}
			}
		})
	}
}
