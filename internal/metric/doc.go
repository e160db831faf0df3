// Package metric computes what the metric nodes of package ops and the
// accumulators of package training/metrics have in common: scores of counts, and the area
// under the ROC curve.
package metric
