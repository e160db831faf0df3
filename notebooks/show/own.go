package show

import "maps"

// contents are what a notebook chooses from, keyed by MIME type. formed is what gophernotes' package display makes of contents; its type has no
// name there either.
type (
	contents = map[string]interface{}
	formed   = struct{ Data, Metadata, Transient contents }
)

// ownContents are those by which a value shows itself, by the methods that gophernotes knows: SimpleRender alone where there is one, else all of
// the others. They are empty for a value that has none of these.
func ownContents(v interface{}) contents {
	own := contents{}
	if simple, ok := v.(interface{ SimpleRender() contents }); ok {
		maps.Copy(own, simple.SimpleRender())
	} else {
		formsOf(v, own)
	}
	maps.DeleteFunc(own, func(_ string, content interface{}) bool { // a form that there is not
		b, isBytes := content.([]byte)
		return content == nil || content == "" || isBytes && len(b) == 0
	})
	return own
}

// formsOf enters what the methods for a single form return.
func formsOf(v interface{}, own contents) {
	if v, ok := v.(formed); ok {
		maps.Copy(own, v.Data)
	}
	if v, ok := v.(interface{ Render() formed }); ok {
		maps.Copy(own, v.Render().Data)
	}
	if v, ok := v.(interface{ HTML() string }); ok {
		own["text/html"] = v.HTML()
	}
	if v, ok := v.(interface{ JavaScript() string }); ok {
		own["application/javascript"] = v.JavaScript()
	}
	if v, ok := v.(interface{ JPEG() []byte }); ok {
		own["image/jpeg"] = v.JPEG()
	}
	if v, ok := v.(interface{ JSON() contents }); ok {
		own["application/json"] = v.JSON()
	}
	if v, ok := v.(interface{ Latex() string }); ok {
		own["text/latex"] = v.Latex()
	}
	if v, ok := v.(interface{ Markdown() string }); ok {
		own["text/markdown"] = v.Markdown()
	}
	if v, ok := v.(interface{ PNG() []byte }); ok {
		own["image/png"] = v.PNG()
	}
	if v, ok := v.(interface{ PDF() []byte }); ok {
		own["application/pdf"] = v.PDF()
	}
	if v, ok := v.(interface{ SVG() string }); ok {
		own["image/svg+xml"] = v.SVG()
	}
}
