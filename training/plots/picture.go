package plots

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Picture is a picture that has been laid out. It keeps its own copy of the data and
// never changes; several goroutines may render it. In a notebook it shows
// itself when it is the value of a cell.
type Picture struct {
	kind          string // "learning curves", for messages
	text          string // what it shows, as text
	width, height int    // in points
	raster        bool   // made of pixels: a notebook gets the PNG
	draw          func(c draw.Canvas)
}

// pixelsPerPoint is the resolution of a PNG, which looks sharp on a screen with
// fine pixels too.
const pixelsPerPoint = 2

// Size is the size of the PNG in pixels, two for each point (1/72 inch) of
// the SVG. It is 0 x 0 for a nil Picture.
func (p *Picture) Size() (width, height int) {
	if p == nil {
		return 0, 0
	}
	return p.width * pixelsPerPoint, p.height * pixelsPerPoint
}

// SVG is the picture as a document in Scalable Vector Graphics. Text stays text, in the font
// Liberation Sans or what stands in for it, stretched to the same width. It fails for a nil Picture
// only.
func (p *Picture) SVG() (document []byte, err error) {
	if p == nil || p.draw == nil {
		return nil, errNoPicture
	}
	defer recovered(p.kind, &err)
	b, err := drawSVG(vg.Length(p.width), vg.Length(p.height), p.draw)
	return b, errors.Wrapf(err, "plots: writing %s as SVG", p.kind)
}

// PNG is the picture as a Portable Network Graphics file of the size that Size says.
// It fails for a nil Picture only.
func (p *Picture) PNG() (file []byte, err error) {
	if p == nil || p.draw == nil {
		return nil, errNoPicture
	}
	defer recovered(p.kind, &err)
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(p.width), vg.Length(p.height)), vgimg.UseDPI(72*pixelsPerPoint))
	p.draw(draw.New(c))
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&b); err != nil {
		return nil, errors.Wrapf(err, "plots: writing %s as PNG", p.kind)
	}
	return b.Bytes(), nil
}

// Save writes the picture to a file, whose extension, .svg or .png, says in which
// format. Folders that are missing are made.
func (p *Picture) Save(path string) error {
	render := p.SVG
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".svg":
	case ".png":
		render = p.PNG
	case "":
		return errors.Errorf("plots: %q has no extension; end the name in .svg or .png", path)
	default:
		return errors.Errorf("plots: cannot write %q as a %s file; end the name in .svg or .png", path, ext)
	}
	b, err := render()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return errors.Wrapf(err, "plots: making the folder of %q", path)
	}
	return errors.Wrapf(os.WriteFile(path, b, 0o666), "plots: saving %s", p.kind)
}

// SimpleRender is what a notebook shows, keyed by MIME type: an SVG as string, with HTML that has the SVG as an image, since notebooks that are not
// trusted and their converters drop SVG elements; or a PNG as []byte if the picture is made of pixels; and always text.
func (p *Picture) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": p.String()}
	if p == nil {
		return shown
	}
	if p.raster {
		if b, err := p.PNG(); err == nil {
			shown["image/png"] = b
		}
		return shown
	}
	if b, err := p.SVG(); err == nil {
		shown["image/svg+xml"] = string(b)
		shown["text/html"] = fmt.Sprintf(`<img alt="%s" style="max-width:100%%" src="data:image/svg+xml;base64,%s">`, html.EscapeString(p.kind), base64.StdEncoding.EncodeToString(b))
	}
	return shown
}

// String says in a line or a small table what the picture shows.
func (p *Picture) String() string {
	if p == nil {
		return "no picture"
	}
	return p.text
}

var errNoPicture = errors.New("plots: no picture: the *Picture is nil; look at the error that came with it")

// recovered turns a panic of the drawing library into an error.
func recovered(kind string, err *error) {
	if r := recover(); r != nil {
		*err = errors.Errorf("plots: drawing %s failed: %v", kind, r)
	}
}
