package image

import (
	"math"

	"github.com/pkg/errors"
)

// Resampling is how a picture gets another size: a filter, and the convention for the places where it is evaluated. With n_in pixels in and n_out
// out along an axis, s = n_in/n_out and output pixel i, the centre lies at
//
//	half-pixel   (i+0.5)*s - 0.5
//	aligned      i*(n_in-1)/(n_out-1)    corner pixels stay where they are
//	legacy       i*s                     TensorFlow 1
//
// Filters that "widen" grow with s when shrinking, so that every pixel counts (antialiasing); the others look at the nearest pixels only. Taps
// beyond the edge are left out by those that widen, and fall on the edge pixel in the others.
type Resampling int

// The conventions of the field. Nets want the one that they were trained with: the difference costs a few per cent of their accuracy.
const (
	// Bilinear, Bicubic (a = -0.5) and Lanczos (a = 3) widen, half-pixel: PIL and so torchvision's transforms; tf.image.resize with
	// antialias=True for Bilinear and Lanczos; torch F.interpolate with antialias=True for Bilinear and Bicubic.
	Bilinear Resampling = iota
	Bicubic
	Lanczos
	// Area averages what an output pixel covers, counting pixels that it covers in part by that part: tf.image.resize "area", OpenCV's
	// INTER_AREA when shrinking. torch's "area" is the same where n_out divides n_in.
	Area
	// Nearest is the pixel that the centre of the output pixel lies in: PIL, tf.image.resize (TF2), torch "nearest-exact".
	Nearest

	// BilinearSharp and BicubicSharp (a = -0.75) do not widen, half-pixel: torch F.interpolate and OpenCV; BilinearSharp is also TF2's
	// tf.image.resize.
	BilinearSharp
	BicubicSharp
	// BilinearAligned and BicubicAligned (a = -0.75) do not widen, aligned: torch F.interpolate with align_corners=True; BilinearAligned is also
	// tf.compat.v1.image.resize_bilinear with align_corners=True.
	BilinearAligned
	BicubicAligned
	// BilinearTF1 does not widen, legacy: tf.compat.v1.image.resize_bilinear as it is called by default.
	BilinearTF1
	// NearestTF1 is pixel floor(i*s): tf.compat.v1.image.resize_nearest_neighbor, torch "nearest", Darknet's and ONNX's upsampling.
	NearestTF1

	resamplings
)

var resamplingNames = [resamplings]string{"Bilinear", "Bicubic", "Lanczos", "Area", "Nearest", "BilinearSharp", "BicubicSharp", "BilinearAligned",
	"BicubicAligned", "BilinearTF1", "NearestTF1"}

// String is the name of the constant.
func (r Resampling) String() string {
	if r.check() != nil {
		return "unknown"
	}
	return resamplingNames[r]
}

func (r Resampling) check() error {
	if r < 0 || r >= resamplings {
		return errors.Errorf("Resampling: wanted one of the constants, image.%s to image.%s, came %d", resamplingNames[0], resamplingNames[resamplings-1], int(r))
	}
	return nil
}

// triangle, cubic, lanczos3 are the filters and their radius.
func triangle(x float64) float64 { return max(0, 1-math.Abs(x)) }

// cubic is Keys' convolution kernel ("Cubic Convolution Interpolation for Digital Image Processing", 1981).
func cubic(a float64) func(x float64) float64 {
	return func(x float64) float64 {
		switch x = math.Abs(x); {
		case x < 1:
			return ((a+2)*x-(a+3))*x*x + 1
		case x < 2:
			return ((x-5)*x+8)*x*a - 4*a
		}
		return 0
	}
}

var cubicPIL, cubicTorch = cubic(-0.5), cubic(-0.75)

func lanczos3(x float64) float64 {
	if math.Abs(x) >= 3 {
		return 0
	}
	return sinc(x) * sinc(x/3)
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// taps are the weights of a resampling along one axis: output i is the sum over k of weights[i*most+k] times input first[i]+k, k < count[i].
type taps struct {
	most         int
	first, count []int
	weights      []float32
	work         []float64
}

// set computes the taps from n pixels to out pixels.
func (t *taps) set(r Resampling, n, out int) {
	scale := float64(n) / float64(out)
	most := 1
	switch r {
	case Bilinear, Bicubic, Lanczos: // radius 1, 2, 3
		most = 2*int(math.Ceil(float64(r-Bilinear+1)*max(scale, 1))) + 1
	case Area:
		most = int(math.Ceil(scale)) + 1
	case BilinearSharp, BilinearAligned, BilinearTF1:
		most = 2
	case BicubicSharp, BicubicAligned:
		most = 4
	}
	most = min(most, n)
	t.most = most
	t.first, t.count = resized(t.first, out), resized(t.count, out)
	t.weights, t.work = resized(t.weights, out*most), resized(t.work, most)
	for i := range out {
		w := t.work
		switch r {
		case Bilinear:
			t.first[i], t.count[i] = widened(w, triangle, 1, scale, (float64(i)+0.5)*scale, n)
		case Bicubic:
			t.first[i], t.count[i] = widened(w, cubicPIL, 2, scale, (float64(i)+0.5)*scale, n)
		case Lanczos:
			t.first[i], t.count[i] = widened(w, lanczos3, 3, scale, (float64(i)+0.5)*scale, n)
		case Area:
			t.first[i], t.count[i] = covered(w, float64(i)*scale, float64(i+1)*scale, n)
		case Nearest:
			t.first[i], t.count[i] = clamp(int(math.Floor((float64(i)+0.5)*scale)), n), 1
			w[0] = 1
		case NearestTF1:
			t.first[i], t.count[i] = clamp(int(math.Floor(float64(i)*scale)), n), 1
			w[0] = 1
		default:
			var at float64
			switch r {
			case BilinearSharp, BicubicSharp:
				at = (float64(i)+0.5)*scale - 0.5
			case BilinearAligned, BicubicAligned:
				if out > 1 {
					at = float64(i) * float64(n-1) / float64(out-1)
				}
			case BilinearTF1:
				at = float64(i) * scale
			}
			if r == BicubicSharp || r == BicubicAligned {
				t.first[i], t.count[i] = folded(w, cubicTorch, 2, at, n)
			} else {
				t.first[i], t.count[i] = folded(w, triangle, 1, at, n)
			}
		}
		for k, v := range w[:t.count[i]] {
			t.weights[i*most+k] = float32(v)
		}
	}
}

// widened gives the weights of PIL's ImagingResample: the filter stretched by scale when that shrinks, around centre in pixel corners.
func widened(w []float64, filter func(float64) float64, radius, scale, centre float64, n int) (first, count int) {
	stretch := max(scale, 1)
	first = max(int(centre-radius*stretch+0.5), 0)
	end := min(int(centre+radius*stretch+0.5), n)
	count = end - first
	sum := 0.0
	for k := range count {
		w[k] = filter((float64(first+k) - centre + 0.5) / stretch)
		sum += w[k]
	}
	for k := range count {
		w[k] /= sum
	}
	return first, count
}

// covered gives each pixel the share that it has in lo to hi.
func covered(w []float64, lo, hi float64, n int) (first, count int) {
	first = clamp(int(math.Floor(lo)), n)
	end := min(max(int(math.Ceil(hi-1e-9)), first+1), n)
	count = min(end-first, len(w))
	sum := 0.0
	for k := range count {
		w[k] = max(min(hi, float64(first+k+1))-max(lo, float64(first+k)), 0)
		sum += w[k]
	}
	for k := range count {
		w[k] /= sum
	}
	return first, count
}

// folded gives the weights of the 2*radius pixels around at, in pixel centres; what falls beyond the edge is added to the edge pixel.
func folded(w []float64, filter func(float64) float64, radius int, at float64, n int) (first, count int) {
	low := int(math.Floor(at)) - radius + 1
	first = clamp(low, n)
	count = clamp(low+2*radius-1, n) - first + 1
	clear(w[:count])
	for k := range 2 * radius {
		w[clamp(low+k, n)-first] += filter(float64(low+k) - at)
	}
	return first, count
}

// clamp is the index of 0..n-1 that is nearest to i.
func clamp(i, n int) int { return min(max(i, 0), n-1) }

// resized returns a slice of n elements, in the same memory where there is room. They hold anything.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
