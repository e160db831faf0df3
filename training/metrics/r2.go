package metrics

import (
	"gorgonia.org/tensor"
)

// R2 is the coefficient of determination over all elements: 1 - sum((label - prediction)^2) /
// sum((label - mean of the labels)^2). Update takes what MSE takes. Where all labels are equal it
// is -Inf, or NaN of perfect predictions. The sums are kept about the running mean (Welford 1962;
// Chan, Golub & LeVeque 1983), so labels far from 0 lose nothing. scikit-learn's r2_score of one
// output.
type R2 struct {
	n, mean  float64 // of the labels
	spread   float64 // the sum of their squared distances from the mean
	residual float64 // the sum of the squared errors
}

// Update implements Metric.
func (r *R2) Update(labels, predictions tensor.Tensor) error {
	y, p, err := pairs(labels, predictions)
	if err != nil {
		return err
	}
	for i, v := range y {
		r.n++
		d := v - r.mean
		r.mean += d / r.n
		r.spread += d * (v - r.mean)
		r.residual += (v - p[i]) * (v - p[i])
	}
	return nil
}

// Value returns the coefficient, NaN of no element.
func (r *R2) Value() float64 { return 1 - r.residual/r.spread }

// Reset implements Metric.
func (r *R2) Reset() { *r = R2{} }

// Merge adds the elements of another one.
func (r *R2) Merge(other *R2) {
	if other.n == 0 {
		return
	}
	n, d := r.n+other.n, other.mean-r.mean
	r.spread += other.spread + d*d*r.n*other.n/n
	r.mean += d * other.n / n
	r.n, r.residual = n, r.residual+other.residual
}

// MarshalBinary implements Metric.
func (r *R2) MarshalBinary() ([]byte, error) { return save("r2", r.n, r.mean, r.spread, r.residual) }

// UnmarshalBinary implements Metric.
func (r *R2) UnmarshalBinary(data []byte) error {
	var next R2
	if err := load(data, "r2", &next.n, &next.mean, &next.spread, &next.residual); err != nil {
		return err
	}
	*r = next
	return nil
}
