package validator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// version checks that the plugin has the version of package.json.
func (f *findings) version(source fs.FS, m metadata) {
	var packageJSON struct {
		Version string `json:"version"`
	}
	text, ok := read(source, "package.json")
	if err := json.Unmarshal([]byte(text), &packageJSON); !ok || err != nil {
		f.errorf("packagejson-not-found", "package.json is missing or not JSON")
	} else if packageJSON.Version != m.Info.Version {
		f.errorf("packagecode-version-mismatch", "plugin.json has the version %q; package.json has %q", m.Info.Version, packageJSON.Version)
	}
}

const manifestFile = "go_plugin_build_manifest"

// goManifest checks that the binaries were built from the Go files in the source
// tree. The SDK's build writes a line "<sha256 in hex>:<path>" for every one of
// them, tests and other modules included, except those in node_modules.
func (f *findings) goManifest(dist, source fs.FS, m metadata) {
	if !m.Backend {
		return
	}
	text, ok := readText(dist, manifestFile)
	if !ok {
		f.errorf("no-go-manifest", "%s is missing; the SDK's build target writes it", manifestFile)
		return
	}
	listed := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		sum, name, ok := strings.Cut(line, ":")
		if !ok {
			f.errorf("invalid-go-manifest", "%s has the line %q; expected <sha256>:<path>", manifestFile, line)
			continue
		}
		listed[strings.ReplaceAll(name, `\`, "/")] = sum
	}
	walk(source, ".", []string{".go"}, func(name string) {
		sum, ok := listed[name]
		delete(listed, name)
		content, _ := read(source, name)
		switch {
		case !ok:
			f.errorf("go-manifest-issue", "%s does not have %s; expected every Go file in the source", manifestFile, name)
		case sum != sha256Hex(content):
			f.errorf("go-manifest-issue", "%s has another %s; expected the plugin to be built from it", manifestFile, name)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if !isFile(source, name) {
			f.errorf("go-manifest-issue", "%s has %s, which is not in the source", manifestFile, name)
		}
	}
}

func sha256Hex(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}
