package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Histogram is HistogramProto of tensorflow/core/framework/summary.proto:
//
//	double min = 1; max = 2; num = 3; sum = 4; sum_squares = 5;
//	repeated double bucket_limit = 6 [packed]; repeated double bucket = 7 [packed]
//
// Counts[i] values are from Limits[i-1] to below Limits[i].
type Histogram struct {
	Min, Max, Num, Sum, SumSquares float64
	Limits, Counts                 []float64
}

func (h *Histogram) encode() []byte {
	var b []byte
	for i, v := range []float64{h.Min, h.Max, h.Num, h.Sum, h.SumSquares} {
		b = appendDoubleField(b, protowire.Number(i+1), v)
	}
	b = appendDoublesField(b, 6, h.Limits)
	return appendDoublesField(b, 7, h.Counts)
}

func decodeHistogram(b []byte) (*Histogram, error) {
	h := &Histogram{}
	err := protoFields(b, func(f protoField) (err error) {
		switch f.number {
		case 1, 2, 3, 4, 5:
			*[]*float64{&h.Min, &h.Max, &h.Num, &h.Sum, &h.SumSquares}[f.number-1] = math.Float64frombits(f.fixed64)
			err = f.want(protowire.Fixed64Type)
		case 6:
			h.Limits, err = f.doubles(h.Limits)
		case 7:
			h.Counts, err = f.doubles(h.Counts)
		}
		return err
	})
	if err == nil && len(h.Limits) != len(h.Counts) {
		err = errors.Errorf("a histogram with %d limits and %d counts", len(h.Limits), len(h.Counts))
	}
	return h, err
}
