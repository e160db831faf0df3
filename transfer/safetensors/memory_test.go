package safetensors

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

// members is a header of members, each with its number for #######, that is so long.
func members(member string) []byte {
	var b strings.Builder
	for i := 0; b.Len() < budgettest.Small; i++ {
		b.WriteString(strings.Replace(member, "#######", fmt.Sprintf("%07d", i), 1) + ",")
	}
	return []byte(strings.TrimSuffix(b.String(), ","))
}

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemoryOfHeaders(t *testing.T) {
	budgettest.Lower(t)
	const refused = "takes much more memory"
	for what, c := range map[string]struct{ header, want string }{
		"tensors":  {`{` + string(members(`"#######":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`)) + `}`, refused},
		"nothing":  {`{` + string(members(`"#######":{}`)) + `}`, refused},
		"axes":     {`{` + string(members(`"#######":{"shape":[`+strings.Repeat("1,", 5000)+`1]}`)) + `}`, `the dtype ""`},
		"metadata": {`{"__metadata__":{` + string(members(`"#######":""`)) + `}}`, refused},
		"a list":   {`{"__metadata__":[` + string(members(`0`)) + `]}`, "want an object of texts"},
		"a text":   {`{"__metadata__":{"a":"` + strings.Repeat("x", budgettest.Small) + `"}}`, ""},
		"a tensor": {`{"a":[` + string(members(`0`)) + `]}`, "is described by"},
	} {
		t.Run(what, func(t *testing.T) {
			whole := file(c.header, "")
			var err error
			budgettest.Peak(t, len(whole), func() (f any) {
				f, err = parseBytes(whole)
				return f
			})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}
