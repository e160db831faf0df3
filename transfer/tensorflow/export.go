package tensorflow

import (
	"io"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/internal/wholefile"
)

// ExportConfig says what WriteMeta, WriteFrozen, WriteSavedModel and Save write of a graph. The zero value is all of it but the
// training: gradients, the updates of optimizers, summaries and what follows from them are left out.
type ExportConfig struct {
	// Outputs are the nodes that are wanted: they are written with what they need, whatever that is.
	Outputs gorgonia.Nodes
	// Constants are the values of placeholders that are not fed any more, such as {training: false}, by the node: Go
	// numbers, bools, slices or tensors of the placeholder's dtype. Branches that they decide are cut.
	Constants map[*gorgonia.Node]interface{}
}

// WriteMeta writes a graph as TensorFlow's MetaGraphDef, which tf.train.Saver puts beside a checkpoint as PREFIX.meta and
// tf.train.import_meta_graph reads (tf.compat.v1 in TensorFlow 2). The ops are TensorFlow 1.15's, which 2.x has too. It holds no values: Save writes them as well.
//
// Each node keeps its name; an op that takes several of TensorFlow's has the others beneath its name, as "hidden1/mish/Tanh". A
// variable is VariableV2 with NAME/Assign, NAME/read and NAME/Initializer/..., as tf.get_variable makes it: it begins with the same
// distribution, or constant; with zeros where TensorFlow has no op for it, such as an orthogonal matrix or a file's
// weights. Collections keep their keys; SaverDef and the ops beneath "save/" restore all variables by their names, and "init" initialises them.
// int is int64. Random ops draw other numbers than here. BatchNorm and Dropout with a training flag are Switch and Merge, as tf.cond makes them.
//
// Ops that TensorFlow has no form for are one error that lists them all with counts. Without Outputs those that only serve the
// training are left out first. README.md lists the ops that can be written.
func WriteMeta(path string, g *graph.Graph, cfg ExportConfig) error {
	if g == nil {
		return errors.New("tensorflow: the graph is nil")
	}
	return errors.Wrapf(writeMeta(path, g, cfg, byName(g.Variables(), g)), "tensorflow: write %s", path)
}

func writeMeta(path string, g *graph.Graph, cfg ExportConfig, saved map[string]*gorgonia.Node) error {
	e, err := newExporter(g, cfg)
	if err != nil {
		return err
	}
	if err := e.write(); err != nil {
		return err
	}
	return writeMessage(path, e.metaGraph(saved).Encode())
}

// WriteFrozen writes a graph for inference as a binary GraphDef whose variables are constants, with the values that they have in the session:
// tf.graph_util.convert_variables_to_constants. What writes a variable is left out, and a scalar bool placeholder with a default, as a training flag
// may be, has that value for good unless Constants has another. Otherwise it is as WriteMeta; a message may have at most 2 GiB.
func WriteFrozen(path string, sess *graph.Session, cfg ExportConfig) error {
	if sess == nil {
		return errors.New("tensorflow: the session is nil")
	}
	e, err := newExporter(sess.Graph(), inference(sess.Graph(), cfg))
	if err == nil {
		e.frozen = sess
		err = e.write()
	}
	if err == nil {
		err = writeMessage(path, e.graphDef().Encode())
	}
	return errors.Wrapf(err, "tensorflow: write %s", path)
}

// WriteSavedModel writes a graph for inference as a SavedModel into a folder, which is made if need be: saved_model.pb with the tag "serve" and the
// signature "serving_default", whose inputs are the placeholders and whose outputs are Outputs, by their names; and the values of the variables as
// variables/variables. tf.saved_model.load and TensorFlow Serving read it. Outputs must not be empty. Scalar bool placeholders are as in WriteFrozen.
func WriteSavedModel(dir string, sess *graph.Session, cfg ExportConfig) error {
	if sess == nil {
		return errors.New("tensorflow: the session is nil")
	}
	return errors.Wrapf(writeSavedModel(dir, sess, cfg), "tensorflow: write %s", dir)
}

func writeSavedModel(dir string, sess *graph.Session, cfg ExportConfig) error {
	if len(cfg.Outputs) == 0 {
		return errors.New("there are no Outputs; a SavedModel's signature names them")
	}
	g := sess.Graph()
	e, err := newExporter(g, inference(g, cfg))
	if err != nil {
		return err
	}
	if err := e.write(); err != nil {
		return err
	}
	var vars gorgonia.Nodes
	for _, v := range g.Variables() {
		if e.keep[v] {
			vars = append(vars, v)
		}
	}
	values, err := sess.Values(vars...)
	if err != nil {
		return err
	}
	tensors := make([]tffile.Tensor, len(vars))
	for i, v := range vars {
		if tensors[i], err = tensorProto(values[i]); err != nil {
			return err
		}
		tensors[i].Name = g.NameOf(v)
	}
	m := e.metaGraph(byName(vars, g))
	m.Info.Tags = []string{"serve"}
	m.Signatures = map[string]tffile.Signature{"serving_default": e.signature()}
	if err := os.MkdirAll(filepath.Join(dir, "variables"), 0o777); err != nil {
		return err
	}
	if len(tensors) > 0 {
		if err := tffile.Write(filepath.Join(dir, "variables", "variables"), tensors); err != nil {
			return err
		}
	}
	return writeMessage(filepath.Join(dir, "saved_model.pb"), tffile.EncodeSavedModel(m))
}

// byName maps the names of variables to them.
func byName(vars gorgonia.Nodes, g *graph.Graph) map[string]*gorgonia.Node {
	named := map[string]*gorgonia.Node{}
	for _, v := range vars {
		named[g.NameOf(v)] = v
	}
	return named
}

// inference adds the defaults of scalar bool placeholders to the constants.
func inference(g *graph.Graph, cfg ExportConfig) ExportConfig {
	constants := map[*gorgonia.Node]interface{}{}
	for _, n := range g.Operations() {
		if d := g.Describe(n); d.Kind == graph.PlaceholderNode && d.Spec.Dtype == tensor.Bool && d.Spec.Rank() == 0 {
			if v := g.ValueOf(n); v != nil {
				constants[n] = v
			}
		}
	}
	for n, v := range cfg.Constants {
		constants[n] = v
	}
	cfg.Constants = constants
	return cfg
}

// writeMessage writes a file whole or not at all.
func writeMessage(path string, message []byte) error {
	if int64(len(message)) >= 2<<30 {
		return errors.Errorf("the message has %d bytes; a protocol buffer has fewer than 2 GiB (WriteMeta and WriteSavedModel keep the variables elsewhere)", len(message))
	}
	return wholefile.Write(path, func(w io.Writer) error {
		_, err := w.Write(message)
		return err
	})
}
