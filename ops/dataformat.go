package ops

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// DataFormat says where the channels of images and sequences stand: data_format in
// TensorFlow. Resizing, group and instance norm compute in either; convolutions, pooling, LRN and
// batch norm compute with the channels last, and transpose on the way in and out. Where such
// layers stand directly behind each other, a plan leaves out the transpositions between.
type DataFormat int

// The data formats.
const (
	// ChannelsLast is [batch, height, width, channels], NHWC: TensorFlow's default.
	ChannelsLast DataFormat = iota
	// ChannelsFirst is [batch, channels, height, width], NCHW: PyTorch's.
	ChannelsFirst
)

// String returns TensorFlow's word for the format.
func (f DataFormat) String() string {
	switch f {
	case ChannelsLast:
		return "channels_last"
	case ChannelsFirst:
		return "channels_first"
	}
	return fmt.Sprintf("DataFormat(%d)", int(f))
}

// valid tells whether f is one of the formats.
func (f DataFormat) valid() bool { return f == ChannelsLast || f == ChannelsFirst }

// check returns an error unless f is one of the formats.
func (f DataFormat) check() error {
	if !f.valid() {
		return errors.Errorf("DataFormat is %v; want ops.ChannelsLast or ops.ChannelsFirst", f)
	}
	return nil
}

// layout names the axes of values of so many.
func (f DataFormat) layout(rank int) string {
	switch {
	case rank == 3 && f == ChannelsFirst:
		return "[batch, channels, length]"
	case rank == 3:
		return "[batch, length, channels]"
	case f == ChannelsFirst:
		return "[batch, channels, height, width]"
	}
	return "[batch, height, width, channels]"
}

// channelAxis is the axis of the channels of values of so many axes.
func (f DataFormat) channelAxis(rank int) int {
	if f == ChannelsFirst {
		return 1
	}
	return rank - 1
}

// toLast gives x, which is in format f, with the channels last.
func (f DataFormat) toLast(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	rank := graph.SpecOf(x).Rank()
	if f == ChannelsLast || rank < 3 {
		return x
	}
	perm := []int{0}
	for a := 2; a < rank; a++ {
		perm = append(perm, a)
	}
	return Transpose(s, x, append(perm, 1)...)
}

// fromLast gives x, whose channels are last, in format f.
func (f DataFormat) fromLast(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	rank := graph.SpecOf(x).Rank()
	if f == ChannelsLast || rank < 3 {
		return x
	}
	perm := []int{0, rank - 1}
	for a := 1; a < rank-1; a++ {
		perm = append(perm, a)
	}
	return Transpose(s, x, perm...)
}
