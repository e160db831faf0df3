package keras

import (
	"encoding/json"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
)

// wrapped reads the layer in a wrapper, of a class that fits; other classes are listed as what is not supported.
func (o *options) wrapped(wrapper, key string, fits func(class string) bool) (class string, inner *options) {
	var l object
	o.value(key, "a layer", &l)
	if _, ok := readers[l.Class]; !ok || !fits(l.Class) {
		o.refuse(wrapper + " " + l.Class)
		return l.Class, nil
	}
	inner = o.within(nil)
	if err := inner.decodeFields(l.Config); err != nil {
		o.fail("the layer's config is %.100s", l.Config)
		return l.Class, nil
	}
	if !inner.flag("trainable", true) {
		o.fields["trainable"] = json.RawMessage("false")
	}
	return l.Class, inner
}

// readTimeDistributed applies a layer to each element of a sequence: to all of them at once, as if they were a batch.
func readTimeDistributed(o *options) build {
	class, inner := o.wrapped("TimeDistributed", "layer", func(class string) bool { return class != "TimeDistributed" && class != "Masking" })
	if inner == nil {
		return nil
	}
	built := readers[class](inner)
	o.takeOver(inner)
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		known, err := sizes(x)
		if err != nil {
			return nil, err
		}
		if len(known) < 2 {
			return nil, errors.Errorf("its input is %v; want a sequence", graph.SpecOf(x))
		}
		out, err := built(c, gorgonia.Nodes{ops.Reshape(c.s, x, append([]int{-1}, known[1:]...)...)})
		if err != nil {
			return nil, err
		}
		given, err := sizes(out[0])
		if err != nil {
			return nil, err
		}
		return ops.Reshape(c.s, out[0], append([]int{-1, known[0]}, given...)...), nil
	})
}

// bidirectional is two recurrent layers, of which one reads the sequence from its end (Schuster and Paliwal, 1997).
type bidirectional struct {
	forward, backward build
	states            int    // of one of them
	sequences         bool   // the outputs are sequences
	merge             string // concat, sum, ave, mul; "" gives both
}

func readBidirectional(o *options) build {
	recurrent := func(class string) bool { return class == "LSTM" || class == "GRU" || class == "SimpleRNN" }
	class, inner := o.wrapped("Bidirectional", "layer", recurrent)
	if inner == nil {
		return nil
	}
	b := &bidirectional{forward: readers[class](inner), states: 1, sequences: inner.flag("return_sequences", false), merge: o.text("merge_mode", "concat")}
	if class == "LSTM" {
		b.states = 2
	}
	if string(o.fields["merge_mode"]) == "null" && !o.js {
		b.merge = ""
	}
	switch b.merge {
	case "concat", "sum", "ave", "mul", "":
	default:
		o.fail("merge_mode is %.100q; want concat, sum, ave, mul or null", b.merge)
	}
	o.takeOver(inner)
	other := "layer"
	if o.has("backward_layer") {
		other = "backward_layer"
	}
	back, second := o.wrapped("Bidirectional", other, func(c string) bool { return c == class })
	if second == nil {
		return nil
	}
	if other == "layer" {
		second.fields["go_backwards"] = json.RawMessage("true")
		if inner.flag("go_backwards", false) {
			second.fields["go_backwards"] = json.RawMessage("false")
		}
	}
	b.backward = readers[back](second)
	o.takeOver(second)
	return b.build
}

// build takes a sequence, and with it no states or those of the forward layer and of the backward one.
func (b *bidirectional) build(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error) {
	if len(in) != 1 && len(in) != 1+2*b.states {
		return nil, errors.Errorf("it is called with %d inputs; want a sequence, and with it no states or %d", len(in), 2*b.states)
	}
	half := (len(in) - 1) / 2
	forward, err := b.forward(c.part("forward", 0), in[:1+half])
	if err != nil {
		return nil, err
	}
	backward, err := b.backward(c.part("backward", 1), append(gorgonia.Nodes{in[0]}, in[1+half:]...))
	if err != nil {
		return nil, err
	}
	y, z := forward[0], backward[0]
	if b.sequences {
		z = ops.Reverse(c.s, z, 1)
	}
	var out gorgonia.Nodes
	switch b.merge {
	case "concat":
		out = gorgonia.Nodes{ops.Concat(c.s, -1, y, z)}
	case "sum":
		out = gorgonia.Nodes{ops.Add(c.s, y, z)}
	case "ave":
		out = gorgonia.Nodes{ops.Scale(c.s, ops.Add(c.s, y, z), 0.5)}
	case "mul":
		out = gorgonia.Nodes{ops.Mul(c.s, y, z)}
	default:
		out = gorgonia.Nodes{y, z}
	}
	if b.sequences {
		for _, merged := range out {
			c.im.mask(merged, c.im.masks[in[0]])
		}
	}
	return append(append(out, forward[1:]...), backward[1:]...), nil
}

// part is the call of the first or second of two layers in this one. Their weights are stored in folders that begin with the direction, or one half after
// the other.
func (c *call) part(direction string, half int) *call {
	p := c.parts[direction]
	if p == nil {
		p = &built{name: c.name, scope: c.scope.Sub(network.ValidName(direction + "_layer")), trainable: c.trainable, dtype: c.dtype, variables: map[string]*gorgonia.Node{}}
		for _, t := range c.stored {
			if strings.Contains("/"+t.Name, "/"+direction+"_") {
				p.stored = append(p.stored, t)
			}
		}
		if n := len(c.stored) / 2; p.stored == nil {
			p.stored = c.stored[half*n:][:n]
		}
		if c.parts == nil {
			c.parts = map[string]*built{}
		}
		c.parts[direction] = p
	}
	return &call{built: p, im: c.im, s: p.scope.Reuse(), training: c.training}
}
