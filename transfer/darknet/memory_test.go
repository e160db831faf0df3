package darknet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemoryOfCfg(t *testing.T) {
	budgettest.Lower(t)
	const refused = "takes much more memory"
	many := func(line string) string { return strings.Repeat(line, budgettest.Small/len(line)) }
	var distinct strings.Builder
	for i := range 400 {
		fmt.Fprintf(&distinct, "[conv]\nactivation=a%d\n", i)
	}
	for name, c := range map[string]struct{ layers, want string }{
		"options":      {"[max]\n" + many("a=\n"), refused},
		"sections":     {strings.Repeat("[max]\n", 5000), refused},
		"spaces":       {"[max]\n" + many("a =                    1\n"), refused},
		"numbers":      {"[route]\nlayers=" + many("0,"), refused},
		"anchors":      {strings.Repeat("[yolo]\nnum=9999\n", 500), "; and 400 more"},
		"unsupported":  {strings.Repeat("[x]\n", 1000), "not supported: 1000 x [x]"},
		"distinct":     {distinct.String(), "; and 300 more"},
		"invalid":      {strings.Repeat("[conv]\nfilters=x\nsize=x\nstride=x\ngroups=x\n", 500), "; and 1900 more"},
		"a long value": {"[conv]\nactivation=" + many("x") + "\n", "1 x activation=xxx"},
		"comments":     {"[max]\n" + many("#\n"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := "[net]\n" + c.layers
			var err error
			budgettest.Peak(t, len(text), func() any {
				var n *Network
				if n, err = Parse(strings.NewReader(text)); err == nil {
					err = n.Check()
				}
				return n
			})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %.300v; want %q", err, c.want)
			}
		})
	}
}

// Layers are built to learn the shapes of their variables, so that there cannot be many more of them than there is memory for a file of weights.
func TestMemoryOfWeights(t *testing.T) {
	budgettest.Lower(t)
	const whole = budgettest.Small / 2
	for name, layers := range map[string]string{
		"convolutions": strings.Repeat("[conv]\nbatch_normalize=1\nfilters=4\nsize=3\npad=1\nactivation=leaky\n", 70),
		"routes":       "[conv]\nfilters=1\n" + strings.Repeat("[route]\nlayers=0"+strings.Repeat(",0", 200)+"\n", 25),
		"reorg":        strings.Repeat("[reorg]\nstride=1\n", 60) + "[conv]\n",
	} {
		t.Run(name, func(t *testing.T) {
			n, err := Parse(strings.NewReader("[net]\nheight=8\nwidth=8\nchannels=4\n" + layers))
			if err != nil {
				t.Fatal(err)
			}
			b := make([]byte, whole)
			budgettest.Peak(t, whole, func() any {
				w, err := NewWeights(bytes.NewReader(b), whole, n)
				if err == nil || !strings.Contains(err.Error(), "the network wants") {
					t.Errorf("got %v", err)
				}
				return w
			})
			b = b[:1024]
			n.Layers = append(n.Layers, n.Layers...)
			budgettest.Peak(t, len(b), func() any {
				w, err := NewWeights(bytes.NewReader(b), int64(len(b)), n)
				if err == nil || !strings.Contains(err.Error(), "takes much more memory") {
					t.Errorf("got %v", err)
				}
				return w
			})
		})
	}
}
