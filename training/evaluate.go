package training

import (
	"context"
	"maps"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// EvaluateConfig says what Evaluate measures, and on which data. Data and Metrics or Streaming are
// required.
type EvaluateConfig struct {
	Data  Data           // one epoch of it is read: until Next returns false, or as many batches as Steps tells
	X, Y  *gorgonia.Node // placeholders that are fed Data.X() and Data.Y(); nil: not fed
	Feeds graph.Feeds    // fed for every batch beside them
	// Feed returns further feeds for the current batch, for models with more inputs than X and Y.
	Feed func(d Data) graph.Feeds

	// Metrics are scalars that are computed for each batch, by name. The results are their means
	// weighted by the size of the batch: for a mean over examples, the mean over all of them.
	Metrics map[string]*gorgonia.Node
	// Streaming are metrics that are no mean over batches, such as precision or the area under a
	// curve, by name.
	Streaming map[string]Streaming
}

// Streaming has a metric gather labels and predictions over all batches.
type Streaming struct {
	Metric      Metric
	Labels      *gorgonia.Node // nil: Data.Y()
	Predictions *gorgonia.Node // required; what the metric wants, such as logits [batch, classes]
}

// Metric is a quantity that is gathered batch by batch; package training/metrics has some.
type Metric interface {
	Update(labels, predictions tensor.Tensor) error
	Value() float64
	Reset()
}

// Evaluate reads one epoch of cfg.Data, from its beginning, and returns the values of the metrics
// by name. It trains nothing: batch normalisation and dropout act as their training flag says,
// which is best a placeholder with default false. When ctx is cancelled it returns the context's
// error.
func Evaluate(ctx context.Context, sess *graph.Session, cfg EvaluateConfig) (map[string]float64, error) {
	out, err := evaluate(ctx, sess, &cfg)
	return out, errors.WithMessage(err, "training: Evaluate")
}

// Check says what Evaluate would find wrong with the config before its first batch.
func (cfg EvaluateConfig) Check(sess *graph.Session) error {
	switch {
	case sess == nil:
		return errors.New("the session is nil")
	case isNil(cfg.Data):
		return errors.New("Data is nil; want batches, such as dataset.Batches(...)")
	case len(cfg.Metrics)+len(cfg.Streaming) == 0:
		return errors.New("there are neither Metrics nor Streaming to compute")
	}
	if err := dataErr(cfg.Data); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Streaming)) {
		s := cfg.Streaming[name]
		if name == "" {
			return errors.New("a streaming metric has no name")
		}
		if _, twice := cfg.Metrics[name]; twice {
			return errors.Errorf("%q is among Metrics and Streaming", name)
		}
		if s.Metric == nil || s.Predictions == nil {
			return errors.Errorf("streaming metric %q: Metric or Predictions is nil", name)
		}
	}
	return checkMetrics(sess.Graph(), cfg.Metrics)
}

func evaluate(ctx context.Context, sess *graph.Session, cfg *EvaluateConfig) (values map[string]float64, err error) {
	defer recovered(&err)
	if ctx == nil {
		ctx = context.Background()
	}
	if err := cfg.Check(sess); err != nil {
		return nil, err
	}
	names := sortedNames(cfg.Metrics)
	var fetches gorgonia.Nodes
	for _, name := range names {
		fetches = append(fetches, cfg.Metrics[name])
	}
	streams := cfg.streams(&fetches)
	sums := make([]float64, len(names))
	total := 0.0
	feeds := graph.Feeds{}
	cfg.Data.Reset()
	counted, _ := cfg.Data.(countedData)
	for n := 0; nextBatch(ctx, cfg.Data); {
		if err := feedBatch(feeds, cfg.Data, cfg.X, cfg.Y, cfg.Feeds, cfg.Feed); err != nil {
			return nil, err
		}
		out, err := sess.RunContext(ctx, feeds, fetches...)
		if err != nil {
			return nil, err
		}
		size := float64(examples(cfg.Data))
		total += size
		for i := range sums {
			sums[i] += size * out.Float(i)
		}
		for _, s := range streams {
			labels := cfg.Data.Y()
			if s.labels >= 0 {
				labels = out.Tensor(s.labels)
			}
			if err := s.metric.Update(labels, out.Tensor(s.predictions)); err != nil {
				return nil, errors.WithMessagef(err, "streaming metric %q", s.name)
			}
		}
		if n++; counted != nil && n == counted.Steps() { // Data may go on from epoch to epoch
			cfg.Data.Reset()
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := cfg.Data.Err(); err != nil {
		return nil, errors.Wrap(err, "Data")
	}
	if total == 0 {
		return nil, errors.New("Data has no batch")
	}
	values = make(map[string]float64, len(names)+len(cfg.Streaming))
	for i, name := range names {
		values[name] = sums[i] / total
	}
	for _, s := range streams {
		values[s.name] = s.metric.Value()
	}
	return values, nil
}

// stream is a streaming metric and where its tensors stand among the fetches.
type stream struct {
	name                string
	metric              Metric
	predictions, labels int // labels < 0: Data.Y()
}

// streams sets the streaming metrics back and adds their nodes to the fetches.
func (cfg *EvaluateConfig) streams(fetches *gorgonia.Nodes) []stream {
	place := func(n *gorgonia.Node) int {
		if n == nil {
			return -1
		}
		*fetches = append(*fetches, n)
		return len(*fetches) - 1
	}
	var out []stream
	for _, name := range slices.Sorted(maps.Keys(cfg.Streaming)) {
		s := cfg.Streaming[name]
		s.Metric.Reset()
		out = append(out, stream{name: name, metric: s.Metric, predictions: place(s.Predictions), labels: place(s.Labels)})
	}
	return out
}
