package show

import (
	"fmt"
	"math"

	"github.com/plexaura/plexaura/training/plots"
)

// images draws the images that a tensor holds, nil where it holds none.
func (e *elements) images(cfg TensorConfig, s *statistics) (p *plots.Picture, note string) {
	if cfg.NoImages || s == nil || e.size == 0 {
		return nil, ""
	}
	h, w, channels, ok := e.imageShape(cfg)
	if !ok {
		return nil, ""
	}
	limit := cfg.Limit
	if limit <= 0 {
		limit = 32
	}
	n := e.size / (h * w * channels)
	limit = min(n, limit, max(1, 1<<20/(h*w)))
	images := make([][]float32, limit)
	for i := range images {
		images[i] = make([]float32, h*w*channels)
		for k := range images[i] {
			images[i][k] = float32(e.float(e.place(i*h*w*channels + k)))
		}
	}
	grid := plots.ImageGridConfig{Title: clean(cfg.Title), Height: h, Width: w, Channels: channels, ChannelsFirst: cfg.ChannelsFirst}
	grid.Columns = min(limit, max(1, 650/(max(64, min(w, 650))+6))) // on a page of 700 pixels
	if len(cfg.captions) >= limit {
		grid.Captions, grid.Flagged = cfg.captions[:limit], cfg.flagged[:limit]
	}
	if e.dtype == "uint8" {
		grid.Low, grid.High = 0, 255
	} else if low, high := s.low, s.high; !math.IsNaN(low) && s.every == 1 && !(low >= 0 && high <= 1) && low < high && high-low < math.MaxFloat32 {
		grid.Low, grid.High = low, high // the same for all images, also those that are not shown
	}
	p, err := plots.ImageGrid(images, grid)
	if err != nil {
		return nil, ""
	}
	note = fmt.Sprintf("%s of %d × %d", counted(n, "image"), h, w)
	if limit < n {
		note += fmt.Sprintf(", the first %d of which are shown", limit)
	}
	return p, note
}

// imageShape is the size of the images that a tensor holds.
func (e *elements) imageShape(cfg TensorConfig) (h, w, channels int, ok bool) {
	n := len(e.shape)
	switch {
	case cfg.Height > 0 && cfg.Width > 0:
		h, w = cfg.Height, cfg.Width
		if h > 4096 || w > 4096 {
			return 0, 0, 0, false
		}
		if channels = cfg.Channels; channels == 0 {
			channels = 1
			if n > 0 && e.size/max(1, e.shape[0]) == 3*h*w {
				channels = 3
			}
		}
		return h, w, channels, (channels == 1 || channels == 3) && e.size%(h*w*channels) == 0
	case n == 4 && cfg.ChannelsFirst:
		h, w, channels = e.shape[2], e.shape[3], e.shape[1]
		ok = h >= 8 && w >= 8
	case n == 4:
		h, w, channels = e.shape[1], e.shape[2], e.shape[3]
		ok = h >= 8 && w >= 8
	case n == 2:
		h, w, channels = e.shape[0], e.shape[1], 1
		return h, w, 1, h >= 16 && w >= 16 && h <= 512 && w <= 512
	}
	return h, w, channels, ok && h <= 4096 && w <= 4096 && (channels == 1 || channels == 3)
}
