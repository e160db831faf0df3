package weights

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

// An index that says most by the fewest bytes takes four times the memory, and a room beside, or is refused. The shard is there before.
func TestMemoryOfIndices(t *testing.T) {
	budgettest.Lower(t)
	const refused, large = "takes much more memory", "model.layers.%07d.mlp.experts.120.down_proj.weight_scale_inv"
	var tensors []Tensor
	for i := range 1 + budgettest.Small/len(large) {
		tensors = append(tensors, Tensor{Name: fmt.Sprintf(large, i), DType: Other})
	}
	shard, err := New("test", tensors, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct{ index, want string }{
		"tensors":       {`{"weight_map":{MANY("#######":"a")}}`, refused},
		"shards":        {`{"weight_map":{MANY("#######":"#######")}}`, refused},
		"large model":   {`{"weight_map":{MANY("` + strings.Replace(large, "%07d", "#######", 1) + `":"model-00001-of-000163.safetensors")}}`, ""},
		"metadata":      {`{"metadata":{MANY("#######":0)}}`, refused},
		"long metadata": {`{"metadata":{"a":"LONG"},"weight_map":{}}`, ""},
		"other things":  {`{MANY("#######":0)}`, refused},
		"a list":        {`{"a":[MANY(0)],"weight_map":{}}`, ""},
	} {
		t.Run(what, func(t *testing.T) {
			index := budgettest.Text(c.index)
			path := filepath.Join(t.TempDir(), "model.index.json")
			if err := os.WriteFile(path, []byte(index), 0o644); err != nil {
				t.Fatal(err)
			}
			var err error
			budgettest.Peak(t, len(index), func() any {
				var f *File
				f, err = OpenIndex(path, func(string) (*File, error) { return shard, nil })
				return f
			})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}
