package validator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
)

const svgType = "image/svg+xml"

// imageTypes are the contents that a screenshot may have, by extension.
var imageTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": svgType,
}

func (f *findings) images(dist fs.FS, m metadata) {
	for _, logo := range []struct{ size, path string }{{"small", m.Info.Logos.Small}, {"large", m.Info.Logos.Large}} {
		if strings.TrimSpace(logo.path) == "" {
			f.errorf("logos", "plugin.json: info.logos.%s is missing", logo.size)
			continue
		}
		f.path(dist, logo.size+" logo", logo.path)
	}
	if len(m.Info.Screenshots) == 0 {
		f.warnf("screenshots", "plugin.json: info.screenshots is empty; expected at least one")
	}
	for _, s := range m.Info.Screenshots {
		if f.path(dist, "screenshot", s.Path) {
			f.screenshot(dist, s.Path)
		}
	}
}

func (f *findings) screenshot(dist fs.FS, name string) {
	content, _ := read(dist, name)
	found := http.DetectContentType([]byte(content))
	if strings.HasPrefix(found, "text/") && strings.Contains(content, "<svg") {
		found = svgType
	}
	if want := imageTypes[strings.ToLower(path.Ext(name))]; want == "" {
		f.errorf("screenshots-image-type", "%s: expected a file that ends in .png, .jpg, .gif or .svg", name)
	} else if found != want {
		f.errorf("screenshots-image-type", "%s is %s; expected %s, as its name says", name, found, want)
	}
}

func (f *findings) svgs(dist fs.FS) {
	walk(dist, ".", []string{".svg"}, func(name string) {
		content, _ := read(dist, name)
		if err := safeSVG(content); err != nil {
			f.errorf("unsafe-svg-file", "%s has %v; expected nothing but shapes", name, err)
		}
	})
}

// forbiddenElements are those of the validator, and foreignObject, which can hold
// any HTML.
var forbiddenElements = []string{
	"annotation-xml", "audio", "colgroup", "foreignObject", "iframe", "math", "mi", "mn", "mo", "ms", "mtext",
	"noembed", "noframes", "noscript", "plaintext", "script", "template", "thead", "xmp",
}

func safeSVG(content string) error {
	for decoder := xml.NewDecoder(strings.NewReader(content)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("broken XML (%w)", err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if slices.Contains(forbiddenElements, element.Name.Local) {
			return fmt.Errorf("the element %s", element.Name.Local)
		}
		for _, a := range element.Attr {
			if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") {
				return fmt.Errorf("the event handler %s", a.Name.Local)
			}
			// A reference within the file starts with #; an embedded image with data:image.
			if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") && !strings.HasPrefix(a.Value, "data:image/") {
				return fmt.Errorf("a link to %s", a.Value)
			}
		}
	}
}
