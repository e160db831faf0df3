package darknet

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// layer builds one section. x is what the section before gives.
type layer interface {
	build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
}

// kind is a kind of section.
type kind struct {
	name string // of its layers, before the number
	read func(o options) layer
}

// kinds are the sections that are known, by all of their names.
var kinds = map[string]kind{
	"convolutional": {"conv", readConvolutional},
	"conv":          {"conv", readConvolutional},
	"connected":     {"connected", readConnected},
	"conn":          {"connected", readConnected},
	"maxpool":       {"maxpool", readMaxPool},
	"max":           {"maxpool", readMaxPool},
	"avgpool":       {"avgpool", readAvgPool},
	"avg":           {"avgpool", readAvgPool},
	"route":         {"route", readRoute},
	"shortcut":      {"shortcut", readShortcut},
	"upsample":      {"upsample", readUpsample},
	"reorg":         {"reorg", readReorg},
	"activation":    {"activation", readActivation},
	"dropout":       {"dropout", readDropout},
	"softmax":       {"softmax", readSoftmax},
	"soft":          {"softmax", readSoftmax},
	"cost":          {"cost", readCost},
	"region":        {"region", readRegion},
	"yolo":          {"yolo", readYOLO},
}

// readLayers reads all sections, and notes all problems before it gives up.
func (n *Network) readLayers() ([]layer, error) {
	if n == nil || len(n.Layers) == 0 {
		return nil, errors.New("the network has no layers; Open and Parse read one")
	}
	p := &problems{}
	net := options{n.Net, p}
	for _, key := range []string{"height", "width", "channels"} {
		net.count(key, 0, 0)
	}
	layers := make([]layer, len(n.Layers))
	for i, section := range n.Layers {
		k, ok := kinds[section.Name]
		if !ok {
			p.lacks("["+section.Name+"]", section.Line)
			continue
		}
		o := options{section, p}
		o.refuse("dontload", "dontloadscales", "numload")
		layers[i] = k.read(o)
	}
	return layers, p.err()
}

// Check returns an error that lists, with their lines, all sections, options and activations that are not
// supported, or all values that are none. What depends on sizes comes to light in Build.
func (n *Network) Check() error {
	_, err := n.readLayers()
	return errors.WithMessage(err, "darknet: Check")
}

// Input is the size of the images that the network was made for; 0 where [net] does not say.
func (n *Network) Input() (height, width, channels int) {
	o := options{n.Net, &problems{}}
	return o.count("height", 0, 0), o.count("width", 0, 0), o.count("channels", 0, 0)
}

// layerName is the name of layer i.
func (n *Network) layerName(i int) string {
	return fmt.Sprintf("%s%d", kinds[n.Layers[i].Name].name, i)
}
