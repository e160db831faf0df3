package image

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// Convert brings a picture of values 0..1 to what cfg says, as if it had been decoded with it: channels (grey becomes equal red, green and blue),
// size, layout, normalisation. One channel is grey, two are grey and alpha, four are red, green, blue and alpha. What concerns files
// (IgnoreOrientation, MaxFileLength) means nothing here, and grey of colours is not rounded to whole numbers of 255.
func (m *Image) Convert(cfg Config) (*Image, error) {
	cfg, err := cfg.filled()
	if err == nil {
		err = m.check()
	}
	if err == nil {
		err = checkSize(m.Width, m.Height, cfg.MaxPixels)
	}
	var out *Image
	if err == nil {
		out, err = cfg.converted(m)
	}
	return out, errors.WithMessage(err, "image: Convert")
}

// converted needs a config with its defaults and a whole picture.
func (c Config) converted(m *Image) (*Image, error) {
	out := &Image{Pix: make([]float32, m.Height*m.Width*c.Channels), Height: m.Height, Width: m.Width, Channels: c.Channels, Layout: c.Layout}
	c.fromFloats(out, 0, m.colourRow, false)
	if c.Height > 0 {
		var err error
		if out, err = c.fit(out); err != nil {
			return nil, err
		}
	}
	c.Normalize.apply(out.grid(), out.Pix, 255)
	return out, nil
}

// colourRow reads row y as red, green, blue and alpha of 0..255.
func (m *Image) colourRow(y int, row [][4]float32) {
	g := m.grid()
	colours := m.Channels - 1 + m.Channels%2 // without alpha
	for x := range row {
		p := &row[x]
		at := y*g.row + x*g.col
		for ch := range 3 {
			p[ch] = 255 * m.Pix[at+min(ch, colours-1)*g.plane]
		}
		p[3] = 255
		if colours < m.Channels {
			p[3] = 255 * m.Pix[at+colours*g.plane]
		}
	}
}

// Prepare makes pictures of arrays into what a network takes, as Folder makes those of files. Values are 0..1, such as those of
// dataset.FashionMNIST:
//
//	src := dataset.Map(train, image.Prepare(image.Config{Height: 224, Width: 224, Normalize: image.ImageNet}))
//
// Image.Convert says how. The result is [height, width, channels], or [channels, height, width] in CHW, whatever the shape before; a
// picture takes new memory while it is made.
func Prepare(cfg Config) dataset.Transform {
	cfg, err := cfg.filled()
	return build("Prepare", err, func(p *picture, s *scratch) error {
		m := &Image{Pix: p.X, Height: p.h, Width: p.w, Channels: p.c, Layout: p.layout()}
		if err := checkSize(m.Width, m.Height, cfg.MaxPixels); err != nil {
			return errors.WithMessagef(err, "example %d", p.Index)
		}
		out, err := cfg.converted(m)
		if err != nil {
			return errors.WithMessagef(err, "example %d", p.Index)
		}
		copy(p.Resize(out.Shape()...), out.Pix)
		return nil
	})
}
