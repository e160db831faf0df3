package ops

import (
	"math"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// groupSizes are those of a tensor whose channels are normalised in groups.
type groupSizes struct {
	n, pixels, channels int
	groups, each        int // each channels in a group
	images              int // worth handing to a goroutine
	epsilon             float64
	sums, coefs         int // scratch: float64 and elements, [n, 4, channels] each
}

func (p groupNorm) sizes(b *graph.Binding, x graph.Spec) *groupSizes {
	at := p.format.channelAxis(x.Rank())
	z := &groupSizes{n: x.Shape[0], channels: x.Shape[at], groups: p.groups, epsilon: p.epsilon}
	z.pixels = sizeOf(x.Shape[1:at]) * sizeOf(x.Shape[at+1:])
	z.each = z.channels / p.groups
	z.images = max(1, grain/max(1, z.pixels*z.channels))
	z.sums = b.Scratch(tensor.Float64, 4*z.n*z.channels)
	z.coefs = b.Scratch(x.Dtype, 4*z.n*z.channels)
	return z
}

// moments returns mean and inverse standard deviation of a group from the means
// and sums of squared deviations of its channels.
func (z *groupSizes) moments(mean, m2 []float64) (mu, inv float64) {
	for _, m := range mean {
		mu += m
	}
	mu /= float64(len(mean))
	total := 0.0
	for i, m := range mean {
		total += m2[i] + float64(z.pixels)*(m-mu)*(m-mu)
	}
	return mu, 1 / math.Sqrt(total/float64(len(mean)*z.pixels)+z.epsilon)
}

// channelMoments sets mean and m2 to the means and sums of squared deviations of
// the channels of an image.
func channelMoments[T float](mean, m2 []float64, x []T, z *groupSizes, format DataFormat) {
	if format == ChannelsLast {
		kernel.ColumnDeviations(mean, m2, x, z.pixels, z.channels)
		return
	}
	for c := range mean {
		plane := x[c*z.pixels:][:z.pixels]
		mean[c] = kernel.WideSum(plane) / float64(z.pixels)
		m2[c] = kernel.SquaresFrom(plane, mean[c])
	}
}

func groupNormKernel[T float](b *graph.Binding, p groupNorm) graph.Kernel {
	z := p.sizes(b, b.In[0])
	size := z.pixels * z.channels
	body := func(c *graph.Call, lo, hi int) {
		gamma, beta := elements[T](c.In[1]), elements[T](c.In[2])
		for n := lo; n < hi; n++ {
			sums := c.Scratch[z.sums].Float64s()[4*n*z.channels:][:2*z.channels]
			coefs := elements[T](c.Scratch[z.coefs])[4*n*z.channels:][:3*z.channels]
			mean, m2 := sums[:z.channels], sums[z.channels:]
			x, y := elements[T](c.In[0])[n*size:][:size], elements[T](c.Out)[n*size:][:size]
			channelMoments(mean, m2, x, z, p.format)
			center, scale, shift := coefs[:z.channels], coefs[z.channels:2*z.channels], coefs[2*z.channels:]
			for from := 0; from < z.channels; from += z.each {
				mu, inv := z.moments(mean[from:][:z.each], m2[from:][:z.each])
				for i := from; i < from+z.each; i++ {
					center[i] = T(mu)
					scale[i] = T(inv * float64(gamma[i]))
					// What rounding takes from the mean comes back here.
					shift[i] = T(float64(beta[i]) - (mu-float64(T(mu)))*inv*float64(gamma[i]))
				}
			}
			if p.format == ChannelsLast {
				kernel.BatchNorm(y, x, center, coefs[z.channels:], z.pixels)
				continue
			}
			for i, m := range center {
				plane, a, b := y[i*z.pixels:][:z.pixels], scale[i], shift[i]
				for k, v := range x[i*z.pixels:][:z.pixels] {
					plane[k] = (v-m)*a + b
				}
			}
		}
	}
	return func(c *graph.Call) error {
		if size > 0 {
			c.Split(z.n, z.images, body)
		}
		return nil
	}
}

func groupNormGradKernel[T float](b *graph.Binding, p groupNorm) graph.Kernel {
	z := p.sizes(b, b.In[1])
	size := z.pixels * z.channels
	body := func(c *graph.Call, lo, hi int) {
		gamma := elements[T](c.In[2])
		for n := lo; n < hi; n++ {
			own := c.Scratch[z.sums].Float64s()[4*n*z.channels:][:4*z.channels]
			coefs := elements[T](c.Scratch[z.coefs])[4*n*z.channels:][:4*z.channels]
			s1, s2, mean, m2 := own[:z.channels], own[z.channels:2*z.channels], own[2*z.channels:3*z.channels], own[3*z.channels:]
			dy, x, dx := elements[T](c.In[0])[n*size:][:size], elements[T](c.In[1])[n*size:][:size], elements[T](c.Out)[n*size:][:size]
			channelMoments(mean, m2, x, z, p.format)
			center := coefs[:z.channels]
			for from := 0; from < z.channels; from += z.each {
				mu, inv := z.moments(mean[from:][:z.each], m2[from:][:z.each])
				for i := from; i < from+z.each; i++ {
					center[i], mean[i], m2[i] = T(mu), mu, inv
				}
			}
			channelProducts(s1, s2, dy, x, center, z, p.format)
			a, b, k := coefs[z.channels:2*z.channels], coefs[2*z.channels:3*z.channels], coefs[3*z.channels:]
			count := float64(z.each * z.pixels)
			for from := 0; from < z.channels; from += z.each {
				g, gx := 0.0, 0.0 // the means of g and g*xhat
				inv, rest := m2[from], mean[from]-float64(center[from])
				for i := from; i < from+z.each; i++ {
					s2[i] = (s2[i] - rest*s1[i]) * inv // now the sum of dy*xhat
					g += float64(gamma[i]) * s1[i] / count
					gx += float64(gamma[i]) * s2[i] / count
				}
				for i := from; i < from+z.each; i++ {
					a[i] = T(inv * float64(gamma[i]))
					b[i] = T(-inv * inv * gx)
					k[i] = T(-inv*g + inv*inv*gx*rest)
				}
			}
			if p.format == ChannelsLast {
				kernel.BatchNormGrad(dx, dy, x, center, coefs[z.channels:], z.pixels)
				continue
			}
			for i, m := range center {
				plane, dy, a, b, k := dx[i*z.pixels:][:z.pixels], dy[i*z.pixels:][:z.pixels], a[i], b[i], k[i]
				for j, v := range x[i*z.pixels:][:z.pixels] {
					plane[j] = a*dy[j] + (b*(v-m) + k)
				}
			}
		}
	}
	return func(c *graph.Call) error {
		dgamma, dbeta := elements[T](c.Aux[0]), elements[T](c.Aux[1])
		if size == 0 {
			clear(dgamma)
			clear(dbeta)
			return nil
		}
		c.Split(z.n, z.images, body)
		sums := c.Scratch[z.sums].Float64s()
		for i := range dgamma {
			g, b := 0.0, 0.0
			for n := range z.n {
				b += sums[4*n*z.channels+i]
				g += sums[(4*n+1)*z.channels+i]
			}
			dgamma[i], dbeta[i] = T(g), T(b)
		}
		return nil
	}
}

// channelProducts sets s1 and s2, for the channels of an image, to the sums of dy
// and of dy*(x - center).
func channelProducts[T float](s1, s2 []float64, dy, x, center []T, z *groupSizes, format DataFormat) {
	if format == ChannelsLast {
		kernel.ColumnProducts(s1, s2, dy, x, center, z.pixels, z.channels)
		return
	}
	for i, m := range center {
		s1[i] = kernel.WideSum(dy[i*z.pixels:][:z.pixels])
		g, a, b := dy[i*z.pixels:][:z.pixels], 0.0, 0.0
		plane := x[i*z.pixels:][:z.pixels]
		for len(plane) >= 2 && len(g) >= 2 { // each sum waits for the one before it
			a += float64(g[0]) * float64(plane[0]-m)
			b += float64(g[1]) * float64(plane[1]-m)
			plane, g = plane[2:], g[2:]
		}
		for k, v := range plane {
			a += float64(g[k]) * float64(v-m)
		}
		s2[i] = a + b
	}
}
