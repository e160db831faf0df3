package plots

import (
	"fmt"
	"image"
	"math"

	"github.com/pkg/errors"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ImageGridConfig configures ImageGrid. Height and Width are needed; all else has a default.
type ImageGridConfig struct {
	Title         string
	Height, Width int // of an image in pixels
	// Channels is 1 for grey images (the default) or 3 for red, green and blue.
	Channels int
	// ChannelsFirst says that an image is [channels, height, width] rather than
	// [height, width, channels].
	ChannelsFirst bool
	// Columns is how many images stand side by side; default: as many as make the
	// grid about twice as wide as high.
	Columns int
	// Limit is how many images are drawn at most, the first ones; default: all.
	Limit int
	// Low and High are the values drawn black and white; others in between, and
	// beyond them as the nearer one. Both zero means 0 and 1 when all values
	// lie there, and otherwise the smallest and the largest of all images.
	Low, High float64
	Captions  []string // beneath the images, one for each, or nil
	Flagged   []bool   // captions drawn in the colour of alarm, as of wrong predictions; one for each, or nil
	Scale     int      // how large a pixel is drawn, in points; default: so that images are about 64 points
}

// maxImagePixels bounds the pixels of all images together.
const maxImagePixels = 1 << 24

// maxPagePixels bounds those of the picture.
const maxPagePixels = 1 << 26

// ImageGrid draws images in rows, from the left and the top, with sharp pixels. Each is a slice of
// Height*Width*Channels values. A pixel with a value that is NaN or infinite is drawn in the colour
// of alarm.
func ImageGrid(images [][]float32, cfg ImageGridConfig) (*Picture, error) {
	p, err := imageGrid(images, 1, cfg)
	return p, errors.WithMessage(err, "plots: image grid")
}

// imageGrid draws so many images that follow each other one beneath the other, and the next ones beside them.
func imageGrid(images [][]float32, stacked int, cfg ImageGridConfig) (*Picture, error) {
	if cfg.Channels == 0 {
		cfg.Channels = 1
	}
	if err := cfg.check(images); err != nil {
		return nil, err
	}
	images = cfg.limit(images, stacked)
	g := &grid{title: label(cfg.Title), stacked: stacked, flagged: append([]bool(nil), cfg.Flagged...)}
	low, high := cfg.Low, cfg.High
	if low == 0 && high == 0 {
		if low, high = limits(images); low >= 0 && high <= 1 {
			low, high = 0, 1
		} else if low == high {
			high = low + 1
		}
	}
	for _, im := range images {
		g.images = append(g.images, cfg.image(im, low, high))
	}
	for _, c := range cfg.Captions[:min(len(images), len(cfg.Captions))] {
		g.captions = append(g.captions, label(c))
	}
	g.layOut(cfg)
	if pixels := float64(g.width * g.height * pixelsPerPoint * pixelsPerPoint); pixels > maxPagePixels {
		return nil, errors.Errorf("the picture would have %.0f pixels, more than %d; give fewer images or a smaller Scale", pixels, maxPagePixels)
	}
	return &Picture{
		kind: "an image grid", raster: true, draw: g.draw, width: int(math.Ceil(float64(g.width))), height: int(math.Ceil(float64(g.height))),
		text: fmt.Sprintf("%s%d images of %d x %d, %s, values from %s (black) to %s (white)", prefix(g.title), len(images), cfg.Height, cfg.Width,
			map[int]string{1: "grey", 3: "RGB"}[cfg.Channels], number(low), number(high)),
	}, nil
}

func prefix(title string) string {
	if title == "" {
		return ""
	}
	return title + ": "
}

func (cfg ImageGridConfig) check(images [][]float32) error {
	n := len(images)
	switch {
	case n == 0:
		return errors.New("no images; give at least one")
	case cfg.Height < 1 || cfg.Width < 1 || cfg.Height > 1<<14 || cfg.Width > 1<<14:
		return errors.Errorf("Height %d and Width %d of an image; each must be from 1 to %d", cfg.Height, cfg.Width, 1<<14)
	case cfg.Channels != 1 && cfg.Channels != 3:
		return errors.Errorf("Channels is %d; it must be 1 for grey or 3 for red, green and blue", cfg.Channels)
	case cfg.Columns < 0 || cfg.Scale < 0 || cfg.Limit < 0:
		return errors.Errorf("Columns is %d, Scale is %d and Limit is %d; none may be negative", cfg.Columns, cfg.Scale, cfg.Limit)
	case !(cfg.Low < cfg.High) && (cfg.Low != 0 || cfg.High != 0) || !shown(cfg.Low, false) || !shown(cfg.High, false):
		return errors.Errorf("Low is %v and High is %v; Low must be below High", cfg.Low, cfg.High)
	case cfg.Captions != nil && len(cfg.Captions) != n:
		return errors.Errorf("%d captions for %d images; give one for each image, or nil", len(cfg.Captions), n)
	case cfg.Flagged != nil && len(cfg.Flagged) != n:
		return errors.Errorf("Flagged has %d entries for %d images; give one for each image, or nil", len(cfg.Flagged), n)
	case n > maxImagePixels/(cfg.Height*cfg.Width):
		return errors.Errorf("%d images of %d x %d are more than %d pixels; give fewer", n, cfg.Height, cfg.Width, maxImagePixels)
	}
	for i, im := range images {
		if size := cfg.Height * cfg.Width * cfg.Channels; len(im) != size {
			return errors.Errorf("image %d has %d values; %d x %d with %d channels makes %d", i, len(im), cfg.Height, cfg.Width, cfg.Channels, size)
		}
	}
	return nil
}

// limit leaves the images that are drawn, stacks of them.
func (cfg ImageGridConfig) limit(images [][]float32, stacked int) [][]float32 {
	if cfg.Limit > 0 && cfg.Limit < len(images)/stacked {
		return images[:cfg.Limit*stacked]
	}
	return images
}

// limits are the smallest and the largest finite value, 0 and 0 if there is none.
func limits(images [][]float32) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, im := range images {
		for _, v := range im {
			if x := float64(v); shown(x, false) {
				low, high = math.Min(low, x), math.Max(high, x)
			}
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// image makes a picture of values.
func (cfg ImageGridConfig) image(values []float32, low, high float64) *image.NRGBA {
	im := image.NewNRGBA(image.Rect(0, 0, cfg.Width, cfg.Height))
	plane := cfg.Width * cfg.Height
	for i := 0; i < plane; i++ {
		var levels [3]uint8
		finite := true
		for ch := range levels {
			at := i*cfg.Channels + ch%cfg.Channels
			if cfg.ChannelsFirst {
				at = ch%cfg.Channels*plane + i
			}
			v := float64(values[at])
			finite = finite && !math.IsNaN(v) && !math.IsInf(v, 0)
			levels[ch] = uint8(255*math.Max(0, math.Min(1, (v-low)/(high-low))) + 0.5)
		}
		c := colour{R: levels[0], G: levels[1], B: levels[2], A: 0xFF}
		if !finite {
			c = alarm
		}
		im.SetNRGBA(i%cfg.Width, i/cfg.Width, c)
	}
	return im
}

// grid is an image grid and where it lies on the page.
type grid struct {
	title         string
	images        []*image.NRGBA
	captions      []string
	flagged       []bool
	columns       int
	stacked       int       // images that follow each other stand one beneath the other
	scale         int       // of a pixel, in pixels of the PNG
	across, down  vg.Length // of an image, in points
	width, height vg.Length
}

const (
	gridGap       vg.Length = 6
	captionHeight vg.Length = 13
)

func (g *grid) layOut(cfg ImageGridConfig) {
	g.scale = cfg.Scale * pixelsPerPoint
	if g.scale == 0 {
		g.scale = max(1, int(64*pixelsPerPoint/max(cfg.Width, cfg.Height)))
	}
	g.across = vg.Length(cfg.Width*g.scale) / pixelsPerPoint
	g.down = vg.Length(cfg.Height*g.scale) / pixelsPerPoint
	g.columns = cfg.Columns
	stacks := len(g.images) / g.stacked
	if g.columns == 0 {
		g.columns = int(math.Ceil(math.Sqrt(2 * float64(len(g.images)) * float64(g.down/g.across))))
	}
	g.columns = max(1, min(g.columns, stacks))
	rows := (stacks + g.columns - 1) / g.columns * g.stacked
	g.width = max(2*margin+vg.Length(g.columns)*(g.across+gridGap)-gridGap, minWidth)
	g.height = page{title: g.title}.height(g.width) + margin + vg.Length(rows)*(g.pitch()) - gridGap
}

func (g *grid) pitch() vg.Length {
	if g.captions != nil {
		return g.down + captionHeight + gridGap
	}
	return g.down + gridGap
}

func (g *grid) draw(c draw.Canvas) {
	area := page{title: g.title}.draw(c)
	for i, im := range g.images {
		column, row := i/g.stacked%g.columns, i/g.stacked/g.columns*g.stacked+i%g.stacked
		x := area.Min.X + vg.Length(column)*(g.across+gridGap)
		y := vg.Length(math.Floor(float64(area.Max.Y))) - vg.Length(row)*g.pitch() - g.down
		c.DrawImage(vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + g.across, Y: y + g.down}}, enlarged(im, g.scale))
		c.StrokeLines(draw.LineStyle{Color: rgb(0xC8C8C8), Width: 0.5}, rectangle(x, y, g.across, g.down))
		if g.captions == nil {
			continue
		}
		s := sans(tickSize, ink)
		if g.flagged != nil && g.flagged[i] {
			s = bold(s)
			s.Color = alarm
		}
		s.XAlign = text.XCenter
		write(c, s, x+g.across/2, y-captionHeight/2-1, fit(s, g.captions[i], g.across+gridGap-2))
	}
}

// enlarged repeats every pixel, so that it stays a square wherever the image is drawn.
func enlarged(im *image.NRGBA, scale int) *image.NRGBA {
	w, h := im.Rect.Dx()*scale, im.Rect.Dy()*scale
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := 0; y < h; y++ {
		for x := 0; x < w; x++ {
			out.SetNRGBA(x, y, im.NRGBAAt(x/scale, y/scale))
		}
	}
	return out
}
