package validator

import (
	"io/fs"
	"strings"

	"golang.org/x/mod/modfile"
)

const sdkModule = "github.com/grafana/grafana-plugin-sdk-go"

// buildTools checks that the plugin is built the way Grafana knows.
func (f *findings) buildTools(source fs.FS) {
	const webpack = ".config/webpack/webpack.config.ts"
	if text, _ := read(source, webpack); !strings.Contains(text, "@grafana/create-plugin") {
		f.errorf("non-standard-frontend-build-tooling", "%s does not mention @grafana/create-plugin; expected the configuration that create-plugin writes", webpack)
	}
	if text, _ := read(source, "Magefile.go"); !strings.Contains(text, sdkModule+"/build") {
		f.errorf("non-standard-backend-build-tooling", "Magefile.go does not import %s/build", sdkModule)
	}
}

// sdk checks that the backend uses Grafana's own SDK.
func (f *findings) sdk(source fs.FS) {
	text, ok := read(source, "go.mod")
	if !ok {
		f.errorf("go-mod-not-found", "go.mod is missing")
		return
	}
	mod, err := modfile.Parse("go.mod", []byte(text), nil)
	if err != nil {
		f.errorf("go-mod-error", "%v", err)
		return
	}
	used := false
	for _, r := range mod.Require {
		used = used || r.Mod.Path == sdkModule && !r.Indirect
	}
	if !used {
		f.errorf("go-sdk-not-used", "go.mod does not require %s", sdkModule)
	}
	for _, r := range mod.Replace {
		if r.Old.Path == sdkModule {
			f.errorf("go-sdk-replaced", "go.mod replaces %s by %s; expected a release", sdkModule, r.New.Path)
		}
	}
}
