package image

import (
	"bytes"
	stdimage "image"
	_ "image/gif"  // these six register themselves with
	_ "image/jpeg" // the standard library's image.Decode
	_ "image/png"
	"io"
	"os"

	"github.com/pkg/errors"
	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
)

// Open reads the picture at path; see Decode.
func Open(path string, cfg Config) (*Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.WithMessage(err, "image: Open")
	}
	defer f.Close()
	m, err := decode(f, cfg, nil)
	return m, errors.WithMessagef(err, "image: Open %s", path)
}

// Decode reads a picture: PNG, JPEG (grey, colour, CMYK, progressive), GIF (its first frame), BMP, WebP (not animated) or TIFF, by content, and
// any format that the program registered with the standard library's image.RegisterFormat. Bits beyond 8 are kept as fractions.
//
// Grey is ITU-R 601 luma, rounded as PIL's convert("L") rounds it. A file that is larger than MaxPixels or MaxFileLength, truncated, damaged
// or no picture at all is an error; the size is read from the header, before memory is taken for the pixels.
func Decode(r io.Reader, cfg Config) (*Image, error) {
	m, err := decode(r, cfg, nil)
	return m, errors.WithMessage(err, "image: Decode")
}

// From converts a picture of the standard library as Decode does.
func From(src stdimage.Image, cfg Config) (*Image, error) {
	cfg, err := cfg.filled()
	if err == nil && src == nil {
		err = errors.New("wanted a picture, came nil")
	}
	if err == nil {
		b := src.Bounds()
		err = checkSize(b.Dx(), b.Dy(), cfg.MaxPixels)
	}
	if err != nil {
		return nil, errors.WithMessage(err, "image: From")
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	m, err := cfg.convert(src, "", upright, s, nil)
	return m, errors.WithMessage(err, "image: From")
}

// decode may put the pixels on the memory of pix.
func decode(r io.Reader, cfg Config, pix []float32) (*Image, error) {
	cfg, err := cfg.filled()
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, errors.New("wanted a reader, came nil")
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.file.Reset()
	if _, err := s.file.ReadFrom(io.LimitReader(r, cfg.MaxFileLength+1)); err != nil {
		return nil, err
	}
	file := s.file.Bytes() // decoders copy what they keep of it
	if int64(len(file)) > cfg.MaxFileLength {
		return nil, errors.Errorf("the file is larger than MaxFileLength, %d bytes", cfg.MaxFileLength)
	}
	src, format, err := decodeFile(file, cfg.MaxPixels)
	if err != nil {
		return nil, err
	}
	o := upright
	if format == "jpeg" && !cfg.IgnoreOrientation {
		o = exifOrientation(file)
	}
	return cfg.convert(src, format, o, s, pix)
}

// decodeFile has the standard library decode a file whose header promises few enough pixels. A decoder that panics on a hostile file must not
// take the program along.
func decodeFile(file []byte, maxPixels int) (src stdimage.Image, format string, err error) {
	defer func() {
		if p := recover(); p != nil {
			src, err = nil, errors.Errorf("damaged: the %s decoder failed with %v", format, p)
		}
	}()
	if len(file) == 0 {
		return nil, "", errors.New("wanted a picture, the file is empty")
	}
	header, format, err := stdimage.DecodeConfig(bytes.NewReader(file))
	if err == stdimage.ErrFormat {
		return nil, "", errors.Errorf("wanted PNG, JPEG, GIF, BMP, WebP or TIFF, came %d bytes that begin %q", len(file), file[:min(len(file), 12)])
	}
	if err != nil {
		return nil, format, errors.WithMessagef(err, "damaged %s header", format)
	}
	if err := checkSize(header.Width, header.Height, maxPixels); err != nil {
		return nil, format, err
	}
	src, format, err = stdimage.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, format, errors.WithMessagef(err, "damaged or truncated %s", format)
	}
	if b := src.Bounds(); b.Dx() != header.Width || b.Dy() != header.Height {
		if format != "gif" {
			return nil, format, errors.Errorf("the %s header says %dx%d pixels, the data has %dx%d", format, header.Width, header.Height, b.Dx(), b.Dy())
		}
		src = onCanvas(src, header.Width, header.Height)
	}
	return src, format, nil
}

func checkSize(width, height, maxPixels int) error {
	if width < 1 || height < 1 {
		return errors.Errorf("wanted a picture of one pixel or more, its size is %dx%d", width, height)
	}
	if width > maxPixels/height { // not width*height, which may overflow
		return errors.Errorf("the picture of %dx%d pixels is larger than MaxPixels, %d", width, height, maxPixels)
	}
	return nil
}

// onCanvas puts a GIF's frame at its place on the whole, transparent, picture.
func onCanvas(frame stdimage.Image, width, height int) stdimage.Image {
	canvas := stdimage.NewNRGBA(stdimage.Rect(0, 0, width, height))
	b := frame.Bounds().Intersect(canvas.Rect)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			canvas.Set(x, y, frame.At(x, y))
		}
	}
	return canvas
}

// convert takes a decoded picture through the rest of Config's steps. Where it is resized, values are 0..255 until then.
func (c Config) convert(src stdimage.Image, format string, o orientation, s *scratch, pix []float32) (*Image, error) {
	limited := format == "webp"
	if c.Height == 0 {
		return o.apply(c.pixels(src, limited, c.Normalize, s, pix)), nil
	}
	// fit makes a new picture, so the first one's memory can be used again.
	first := c.pixels(src, limited, Bytes, s, s.pix)
	s.pix = first.Pix
	m, err := c.fit(o.apply(first))
	if err != nil {
		return nil, err
	}
	c.Normalize.apply(m.grid(), m.Pix, 255)
	return m, nil
}
