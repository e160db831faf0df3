package tffile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

// many are fields of one number, up to a megabyte; ####### in their content is another number each.
func many(number int, content string) string {
	var b strings.Builder
	for i := 0; b.Len() < budgettest.Small; i++ {
		b.WriteString(protoBytes(number, strings.Replace(content, "#######", fmt.Sprintf("%07d", i), 1)))
	}
	return b.String()
}

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemory(t *testing.T) {
	budgettest.Lower(t)
	node := protoBytes(1, "a", 2, "b")
	value := func(attr string) string { return protoBytes(1, node+protoBytes(5, protoBytes(1, "x", 2, attr))) }
	ones := strings.Repeat("\x01", budgettest.Small)
	for name, c := range map[string]struct{ graph, want string }{
		"nodes":               {many(1, protoBytes(1, "#######", 2, "b")), refused},
		"equal nodes":         {many(1, node), refused},
		"inputs":              {protoBytes(1, node+many(3, "")), refused},
		"named inputs":        {protoBytes(1, node+many(3, "#######")), refused},
		"attributes":          {many(1, node+protoBytes(5, protoBytes(1, "#######", 2, protoBytes(3, 1)))), refused},
		"attributes of one":   {protoBytes(1, node+many(5, protoBytes(1, "#######"))), refused},
		"empty attributes":    {protoBytes(1, node+many(5, "")), refused},
		"integers":            {value(protoBytes(1, protoBytes(3, ones))), refused},
		"single integers":     {value(protoBytes(1, strings.Repeat(protoBytes(3, 1), budgettest.Small/2))), refused},
		"booleans":            {value(protoBytes(1, protoBytes(5, ones))), refused},
		"texts":               {value(protoBytes(1, many(2, ""))), refused},
		"shapes":              {value(protoBytes(1, many(7, ""))), refused},
		"axes":                {value(protoBytes(1, many(7, strings.Repeat(protoBytes(2, ""), 200)))), ""},
		"tensors":             {value(protoBytes(1, many(8, protoBytes(1, 1)))), refused},
		"functions in it":     {value(protoBytes(1, many(9, ""))), refused},
		"listed integers":     {value(protoBytes(8, protoBytes(1, 9, 2, protoBytes(2, protoBytes(1, budgettest.Small)), 10, ones))), refused},
		"listed bytes":        {value(protoBytes(8, protoBytes(1, 4, 2, protoBytes(2, protoBytes(1, budgettest.Small)), 7, ones))), ""},
		"strings of a tensor": {value(protoBytes(8, protoBytes(1, 7, 2, protoBytes(2, protoBytes(1, budgettest.Small)))+many(8, ""))), refused},
		"functions":           {protoBytes(2, many(1, "")), refused},
		"arguments":           {protoBytes(2, protoBytes(1, protoBytes(1, many(2, "")))), refused},
		"returns":             {protoBytes(2, protoBytes(1, many(4, protoBytes(1, "#######")))), refused},
	} {
		t.Run(name, func(t *testing.T) {
			for form, whole := range map[string]string{"GraphDef": c.graph, "MetaGraphDef": protoBytes(2, c.graph), "SavedModel": protoBytes(2, protoBytes(2, c.graph))} {
				b := []byte(whole)
				var err error
				budgettest.Peak(t, len(b), func() (x any) {
					switch form {
					case "GraphDef":
						x, err = DecodeGraphDef(b)
					case "MetaGraphDef":
						x, err = DecodeMetaGraph(b)
					default:
						x, err = DecodeSavedModel(b)
					}
					return x
				})
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
					t.Errorf("%s: got %v; want %q", form, err, c.want)
				}
			}
		})
	}
	for name, c := range map[string]struct{ meta, want string }{
		"names":       {protoBytes(4, protoBytes(1, "a", 2, protoBytes(1, many(1, "x")))), refused},
		"messages":    {protoBytes(4, protoBytes(1, "a", 2, protoBytes(2, many(1, "x")))), refused},
		"one name":    {protoBytes(4, protoBytes(1, "a", 2, protoBytes(1, many(1, "a name of a node")))), ""},
		"integers":    {protoBytes(4, protoBytes(1, "a", 2, protoBytes(3, protoBytes(1, ones)))), refused},
		"collections": {many(4, protoBytes(1, "#######")), refused},
		"signatures":  {many(5, protoBytes(1, "#######")), refused},
		"lists":       {protoBytes(4, protoBytes(1, "a", 2, many(1, protoBytes(1, "x")))), refused},
		"of one":      {protoBytes(5, protoBytes(1, "a", 2, many(1, protoBytes(1, "#######")))), refused},
	} {
		t.Run(name, func(t *testing.T) {
			b := []byte(c.meta)
			budgettest.Peak(t, len(b), func() any {
				m, err := DecodeMetaGraph(b)
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
					t.Errorf("got %v", err)
				}
				return m
			})
		})
	}
}
