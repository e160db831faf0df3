package image

import (
	"image/color"

	"github.com/pkg/errors"
)

// Config says how the file of a picture becomes an Image. The zero value gives three channels of 0..1 in HWC, in the size of the file.
//
// The steps are, in this order: decode, turn upright, convert the channels, resize or crop, normalise.
type Config struct {
	Height, Width int        // of the result; both 0 keep the size of the file
	Fit           Fit        // how Height x Width is filled; the zero value stretches
	Shorter       int        // Crop: size of the shorter side before the middle is cut out, such as 256 before 224; 0 means just large enough
	Resampling    Resampling // the zero value is PIL's bilinear

	Channels          int           // 1 (grey), 3 (red, green, blue) or 4 (and alpha, 1 where opaque); 0 means 3
	Layout            Layout        // the zero value is HWC
	Normalize         Normalization // the zero value gives 0..1
	Background        color.Color   // what shows through where a file is transparent; nil drops the alpha channel, as PIL and TensorFlow do
	IgnoreOrientation bool          // leave a photo as the sensor saw it; by default the EXIF orientation of a JPEG turns it upright
	MaxPixels         int           // largest height*width of a file; 0 means 64 Mi (67,108,864)
	MaxFileLength     int64         // largest file in bytes; 0 means 1 GiB
}

// Fit is the way in which a picture fills a Height and Width of another aspect ratio.
type Fit int

// Ways to fill a size.
const (
	Stretch   Fit = iota // resize each side by itself: tf.image.resize
	Crop                 // resize the shorter side, cut out the middle: how ImageNet nets are evaluated
	Letterbox            // resize the longer side, centre on grey (Normalize of 0.5): YOLO
)

const (
	defaultMaxPixels     = 64 << 20
	defaultMaxFileLength = 1 << 30
)

// filled checks the config and puts the defaults in.
func (c Config) filled() (Config, error) {
	if c.Channels == 0 {
		c.Channels = 3
	}
	if c.MaxPixels == 0 {
		c.MaxPixels = defaultMaxPixels
	}
	if c.MaxFileLength == 0 {
		c.MaxFileLength = defaultMaxFileLength
	}
	switch {
	case c.MaxPixels < 0:
		return c, errors.Errorf("MaxPixels: wanted 1 or more (0 means %d), came %d", defaultMaxPixels, c.MaxPixels)
	case c.Height < 0 || c.Width < 0 || (c.Height == 0) != (c.Width == 0):
		return c, errors.Errorf("Height and Width: wanted both 1 or more, or both 0 to keep the size, came %d and %d", c.Height, c.Width)
	case c.Fit < Stretch || c.Fit > Letterbox:
		return c, errors.Errorf("Fit: wanted Stretch, Crop or Letterbox, came %d", int(c.Fit))
	case c.Height > 0 && c.Height > c.MaxPixels/c.Width:
		return c, errors.Errorf("Height and Width: wanted at most MaxPixels, %d, came %d and %d", c.MaxPixels, c.Height, c.Width)
	case c.Height == 0 && c.Fit != Stretch:
		return c, errors.New("Fit: Crop and Letterbox want Height and Width")
	case c.Shorter != 0 && c.Fit != Crop:
		return c, errors.Errorf("Shorter: it belongs to Fit Crop; leave it 0 or set Fit, came %d", c.Shorter)
	case c.Shorter != 0 && c.Shorter < min(c.Height, c.Width):
		return c, errors.Errorf("Shorter: wanted at least the shorter of Height %d and Width %d, came %d", c.Height, c.Width, c.Shorter)
	case c.Channels != 1 && c.Channels != 3 && c.Channels != 4:
		return c, errors.Errorf("Channels: wanted 1, 3 or 4 (0 means 3), came %d", c.Channels)
	case c.Layout != HWC && c.Layout != CHW:
		return c, errors.Errorf("Layout: wanted HWC or CHW, came %d", int(c.Layout))
	case c.MaxFileLength < 0:
		return c, errors.Errorf("MaxFileLength: wanted 1 or more (0 means %d), came %d", defaultMaxFileLength, c.MaxFileLength)
	}
	if err := c.Resampling.check(); err != nil {
		return c, err
	}
	return c, c.Normalize.check(c.Channels)
}
